/**
 * The filter of a catalog: it chooses the same bundles and images as oc-mirror.
 *
 * It reads one package at a time. `content` and `bundle` read its blobs, `wish` the entry of the image set. `select-channel`
 * chooses in each channel: the head, a range, one version, or everything; `graph` knows the order of updates. `kept`
 * describes the result, which is small and plain: names, versions, images. `render` writes texts in a second pass, only if a
 * catalog is rebuilt. `compare-channels` compares two results.
 *
 * Laws: the images are those that oc-mirror would mirror. A failure is data in its words, never an exception, and all failures
 * are reported. If oc-mirror ignores a fault without a message, it is a finding. If oc-mirror would write a catalog that opm
 * refuses to serve, the catalog is repaired and a finding says so. The order in which files were read does not matter.
 *
 * Versions are Masterminds' semver and not npm's: see `version` and `range`.
 */

export { type CatalogChange, type ChannelComparison, compareChannels } from './compare-channels.ts';
export { type BundleContent, type ChannelContent, readPackageContent } from './content.ts';
export * from './digest.ts';
export * from './filter-catalog.ts';
export { type CatalogOffers, collectOffers } from './offers.ts';
export type { VersionBounds } from './range.ts';
export * from './render.ts';
export * from './result.ts';
export {
  byNewestHead,
  byVersion,
  compareAsVersions,
  compareVersions,
  parseVersion,
  type Version,
} from './version.ts';
export type { CatalogWish, ChannelWish, PackageWish, WishPath } from './wish.ts';
