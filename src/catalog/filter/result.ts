import type { VersionBounds } from './range.ts';
import type { WishPath } from './wish.ts';

/** Reasons why a catalog cannot be filtered. */
export type FilterErrorCode =
  | 'filter-invalid'
  | 'package-unreadable'
  | 'bundle-version'
  | 'default-channel-unknown'
  | 'default-channel-dropped'
  | 'full-with-range'
  | 'channel-graph'
  | 'empty-range'
  | 'version-not-found';

/** One reason why a catalog cannot be filtered; any of them fails the catalog as a whole. */
export interface FilterError {
  readonly code: FilterErrorCode;
  /** In oc-mirror's words, from `failed to filter catalog: ` on. */
  readonly message: string;
  /** The path of its cause in the operator entry. */
  readonly path: WishPath;
  readonly package?: string;
  readonly channel?: string;
  readonly bundle?: string;
  /** The range in question. */
  readonly bounds?: VersionBounds;
  /** Possible corrections: channels, or versions in ascending order; for a graph the versions of its heads. */
  readonly candidates?: readonly string[];
  /** Never kept: an error is not cached. */
  readonly cause?: unknown;
}

/** Faults that oc-mirror ignores without a message. */
export type FilterFindingCode =
  | 'unknown-package'
  | 'unknown-channel'
  | 'emptied-channel'
  | 'default-channel-emptied'
  | 'ambiguous-version'
  | 'bundle-outside-channels'
  | 'bundle-missing';

/** A fault of a choice that the author should know. */
export interface FilterFinding {
  readonly code: FilterFindingCode;
  readonly path: WishPath;
  readonly package: string;
  readonly channel?: string;
  readonly bundle?: string;
  /** Possible corrections, the likeliest first; or the names among which one was chosen. */
  readonly candidates?: readonly string[];
}

/** A bundle by name and version. */
export interface NamedVersion {
  readonly name: string;
  /** Empty when the catalog has no bundle of that name. */
  readonly version: string;
}

/** An image that a kept bundle needs. */
export interface RelatedImage {
  /** The name within the bundle, often empty. */
  readonly name: string;
  readonly image: string;
  readonly type: 'operatorBundle' | 'operatorRelatedImage';
}

/** The requirements of a kept bundle. */
export interface BundleNeeds {
  readonly packages: readonly { readonly name: string; readonly range: string }[];
  /** `<group>/<version>/<kind>` */
  readonly gvks: readonly string[];
}

/** A bundle that is kept. */
export interface FilteredBundle extends NamedVersion {
  readonly images: readonly RelatedImage[];
  /** The bundle's own image if `images` lacks it; oc-mirror does not mirror it then. */
  readonly unlistedImage?: string;
  /** The error of an image that cannot be parsed, in oc-mirror's words; it fails the catalog. */
  readonly imageError?: string;
  /** Kept channels with the bundle as an entry; without one the rebuilt catalog lacks the bundle. */
  readonly channels: readonly string[];
  readonly requires: BundleNeeds;
  /** `<group>/<version>/<kind>` */
  readonly provides: readonly string[];
  /** The catalog's message of deprecation. */
  readonly deprecated?: string;
}

/** A channel that is kept. */
export interface FilteredChannel {
  readonly name: string;
  /** Names of the kept entries, in the catalog's order. */
  readonly entries: readonly string[];
  /** Absent if the channel is kept in full; then the graph is not read. */
  readonly head?: NamedVersion;
  /** Removed entries that could update to the head in the catalog and no longer can. */
  readonly stranded: readonly NamedVersion[];
  readonly deprecated?: string;
}

/** The channels that a catalog offers of one package. */
export interface PackageOffers {
  readonly defaultChannel: string;
  readonly channels: readonly OfferedChannel[];
}

/** A channel of the catalog, kept or not. */
export interface OfferedChannel {
  readonly name: string;
  /** Absent unless the graph has exactly one. */
  readonly head?: NamedVersion;
}

/** The kept part of one package; plain JSON data. */
export interface FilteredPackage {
  readonly name: string;
  /** Empty if the image set names no package. */
  readonly path: WishPath;
  /** Whether the entry names channels, and a range for the whole package. */
  readonly asks: { readonly channels: boolean; readonly range: boolean };
  /** In the catalog's order. */
  readonly channels: readonly FilteredChannel[];
  /** By name. */
  readonly bundles: readonly FilteredBundle[];
  /** False if no channel chose bundles: then all bundles are kept, unless another package of the catalog is settled. */
  readonly isSettled: boolean;
  /** Empty if there is none. */
  readonly defaultChannel: string;
  readonly deprecated?: string;
  readonly offers: PackageOffers;
  readonly errors: readonly FilterError[];
  readonly findings: readonly FilterFinding[];
}
