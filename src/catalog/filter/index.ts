/**
 * What of a catalog is mirrored: oc-mirror's choice, to the bundle.
 *
 * A filter is a question to one package at a time: `content` reads what its blobs say, `wish` what is asked of it, `select-channel`
 * chooses in each channel (heads, a range, one version, everything), `kept-channels` and `kept-bundles` describe what stays,
 * `render` writes it. The result is small and plain: names, versions, images; texts are written in a second pass, only where a
 * catalog is rebuilt.
 *
 * Laws: the images are those that oc-mirror would mirror. A failure is data in its words, never an exception, and all failures
 * are told. What it passes over in silence is a finding. Where it would write a catalog that nobody can serve, the catalog is
 * mended and the finding says so. The same catalog and wish give the same result, whatever order files were read in.
 *
 * Versions are Masterminds' semver and not npm's: see `version` and `range`.
 */
export {
  type CatalogChange,
  type ChannelComparison,
  compareChannels,
  type RemovedBundle,
} from './compare-channels.ts';
export * from './digest.ts';
export * from './filter-catalog.ts';
export { filterPackage, type PackageFilter, takePackage } from './filter-package.ts';
export { nearestNames } from './nearest.ts';
export { type CatalogOffers, collectOffers } from './offers.ts';
export type { ImageParser } from './related-images.ts';
export * from './render.ts';
export * from './result.ts';
export { compareVersions, parseVersion } from './version.ts';
export {
  type CatalogWish,
  isWholeCatalog,
  type LocatedPackage,
  locatePackages,
  type PackageWish,
  type WishPath,
} from './wish.ts';
