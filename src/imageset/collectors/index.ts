/**
 * The collectors: each turns one kind of content of an image set into placements, pinned by digest.
 *
 * A collector gives what it found and what it could not get, side by side: one release that cannot be read costs itself
 * and not the others, and whoever decides about deleting is told that something is missing. It asks upstream alone; what
 * the target holds is no concern of it. Beside them stand those that read out of the workspace again, without a network, what a
 * collector left there: catalogs for `lint`, filtered ones for a plan that is applied later, and what was kept before a tag moved.
 */
export * from './additional.ts';
export { createCatalogOpener } from './catalog-opener.ts';
export {
  asksForCatalog,
  type CatalogReference,
  parseCatalogReference,
} from './catalog-reference.ts';
export { recallFiltered } from './kept-results.ts';
export * from './operator.ts';
export { type OperatorEntry, placeAdvice } from './operator-failures.ts';
export * from './release.ts';
export * from './reopen-catalog.ts';
export * from './signature-finder.ts';
export * from './stored-operators.ts';
export * from './workspace-images.ts';
