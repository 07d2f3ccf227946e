import type { Bounds } from './range.ts';
import type { WishPath } from './wish.ts';

/** Why a catalog cannot be filtered. */
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
  /** Where in the operator entry its cause is. */
  readonly path: WishPath;
  readonly package?: string;
  readonly channel?: string;
  readonly bundle?: string;
  /** The range that it is about. */
  readonly bounds?: Bounds;
  /** What could be meant instead: channels, or versions in ascending order; of a graph the versions of its heads. */
  readonly candidates?: readonly string[];
  /** Never kept: an error is not cached. */
  readonly cause?: unknown;
}

/** What oc-mirror passes over in silence. */
export type FilterFindingCode =
  | 'unknown-package'
  | 'unknown-channel'
  | 'emptied-channel'
  | 'default-channel-emptied'
  | 'ambiguous-version'
  | 'bundle-outside-channels'
  | 'bundle-missing';

/** Something of a filter that its author would want to know. */
export interface FilterFinding {
  readonly code: FilterFindingCode;
  readonly path: WishPath;
  readonly package: string;
  readonly channel?: string;
  readonly bundle?: string;
  /** Names or versions that could have been meant, the likeliest first; or those that were chosen among. */
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
  /** As the bundle calls it, often empty. */
  readonly name: string;
  readonly image: string;
  readonly type: 'operatorBundle' | 'operatorRelatedImage';
}

/** What a kept bundle needs of others, or gives to them. */
export interface BundleNeeds {
  readonly packages: readonly { readonly name: string; readonly range: string }[];
  /** `<group>/<version>/<kind>` */
  readonly gvks: readonly string[];
}

/** A bundle that is kept. */
export interface FilteredBundle extends NamedVersion {
  readonly images: readonly RelatedImage[];
  /** The bundle's own image, where it is not among them: oc-mirror does not mirror it then. */
  readonly unlistedImage?: string;
  /** Why its images cannot be told, in oc-mirror's words; it fails the catalog. */
  readonly imageError?: string;
  /** Kept channels that have it as an entry; the rebuilt catalog has the bundle only if there are any. */
  readonly channels: readonly string[];
  readonly requires: BundleNeeds;
  /** `<group>/<version>/<kind>` */
  readonly provides: readonly string[];
  /** What the catalog says of its deprecation. */
  readonly deprecated?: string;
}

/** A channel that is kept. */
export interface FilteredChannel {
  readonly name: string;
  /** Names of the entries that stay, in the catalog's order. */
  readonly entries: readonly string[];
  /** Absent where everything is kept without a look at the graph. */
  readonly head?: NamedVersion;
  /** Entries that go, from which the catalog led to the head and what is kept does not. */
  readonly stranded: readonly NamedVersion[];
  readonly deprecated?: string;
}

/** What a catalog has of one package. */
export interface PackageOffers {
  readonly defaultChannel: string;
  readonly channels: readonly OfferedChannel[];
}

/** A channel of the catalog, kept or not. */
export interface OfferedChannel {
  readonly name: string;
  /** Absent where the graph has not just one. */
  readonly head?: NamedVersion;
}

/** What a filter keeps of one package. Plain data: it can be kept as JSON. */
export interface FilteredPackage {
  readonly name: string;
  /** Empty when no package is asked for by name. */
  readonly path: WishPath;
  /** What of it is named: channels, and a range for all that are kept. */
  readonly asks: { readonly channels: boolean; readonly range: boolean };
  /** In the catalog's order. */
  readonly channels: readonly FilteredChannel[];
  /** By name. */
  readonly bundles: readonly FilteredBundle[];
  /** False where no channel had a say; its bundles are all of the package's, and stay only if no other package has a say either. */
  readonly isSettled: boolean;
  /** The channel of those who choose none; empty where there is none. */
  readonly defaultChannel: string;
  readonly deprecated?: string;
  /** What the catalog has of it. */
  readonly offers: PackageOffers;
  readonly errors: readonly FilterError[];
  readonly findings: readonly FilterFinding[];
}
