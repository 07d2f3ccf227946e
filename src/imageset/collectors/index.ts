/**
 * The collectors: each turns one kind of content of an image set into placements, pinned by digest.
 *
 * A collector gives its placements and its failures side by side: a release that cannot be read does not stop the others, and
 * the plan learns that something is missing. A collector asks sources alone: registries, the update service, repositories of
 * charts, directories of this machine, an archive. It knows nothing of the target.
 * Other files read again from the workspace, without a network, what a collector left there: catalogs for `lint`, filtered
 * catalogs and graph images for a plan that is applied later, and filter results from before a tag moved.
 */
export * from './additional.ts';
export { type CatalogOpenerOptions, createCatalogOpener } from './catalog-opener.ts';
export {
  asksForCatalog,
  type CatalogReference,
  parseCatalogReference,
} from './catalog-reference.ts';
export * from './graph-image.ts';
export type { ChartValues, HelmCollectorOptions } from './helm.ts';
export { asksForCharts } from './helm-entry.ts';
export { createHelmCollector } from './lazy-helm.ts';
export * from './operator.ts';
export { placeAdvice } from './operator-entry.ts';
export * from './release.ts';
export * from './reopen-catalog.ts';
export * from './signature-finder.ts';
export { examineOperators, openKnownCatalog, recallFiltered } from './stored-operators.ts';
export { versionFilter } from './version-filter.ts';
export * from './workspace-images.ts';
