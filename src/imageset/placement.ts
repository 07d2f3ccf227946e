import { listNames } from '../base/index.ts';
import type { SourcePosition } from '../errors.ts';
import type { Descriptor, Digest, Platform, Reference } from '../oci/index.ts';

/**
 * Every kind of image, in the words of oc-mirror's DeleteImageList. `signature` is this tool's own: a signature or another
 * attachment, which travels with its image. oc-mirror lists it under the kind of that image.
 * @see oc-mirror v2, `items[].type`
 */
export const imageKinds = [
  'ocpRelease',
  'ocpReleaseContent',
  'cincinnatiGraph',
  'operatorCatalog',
  'operatorBundle',
  'operatorRelatedImage',
  'generic',
  'helmImage',
  'signature',
] as const;

/** The kind of an image. */
export type ImageKind = (typeof imageKinds)[number];

/** Tells whether a text is a kind of image. */
export function isImageKind(text: string): text is ImageKind {
  return (imageKinds as readonly string[]).includes(text);
}

/** The entry of a configuration that asks for an image. */
export interface Cause {
  /** Identity of the image set. */
  readonly imageSet: string;
  /** Path inside the file, `mirror.platform.channels[0]`. */
  readonly path: string;
  /** The entry by what it names, `release stable-4.16`: found again when an edit has moved it. */
  readonly entry?: string;
  readonly at: SourcePosition;
}

/** The place from which an image is pulled: by digest when it is known; the tag is for people and mappings. */
export type Source = Reference;

/** The place of an image in the target: a repository path below the target's host (its prefix included), and a tag. */
export interface TargetPlace {
  readonly repository: string;
  readonly tag: string;
}

/** A release that placements belong to. */
export interface ReleaseId {
  readonly version: string;
  /** oc-mirror's architecture word: `amd64`, `arm64`, `ppc64le`, `s390x`, `multi`. */
  readonly architecture: string;
  readonly channel?: string;
  readonly digest: Digest;
}

/** The place of a catalog in oc-mirror's local cache, on its way to the target; only mappings show it. */
export interface Staging {
  /** The place of the catalog as it is upstream. */
  readonly place: TargetPlace;
  /** The catalog as it is upstream. */
  readonly source: Source;
  /** Path of the filtered catalog, without the target's prefix and never shortened. */
  readonly repository: string;
  /** Tag of the filtered catalog there; absent when it goes as it is. */
  readonly rebuiltTag?: string;
}

/** A kept bundle that needs an image. */
export interface OperatorNeed {
  /** The catalog as the configuration names it. */
  readonly catalog: string;
  readonly package: string;
  readonly bundle: string;
}

/** One image that an image set wants at one place of the target. */
export interface Placement {
  readonly source: Source;
  readonly target: TargetPlace;
  readonly kind: ImageKind;
  /** The reference as oc-mirror shows it (`imageName`, mapping, IDMS), without transport. */
  readonly origin: string;
  readonly causes: readonly Cause[];
  /** When set, only these children of an index are copied; the index itself stays unchanged. */
  readonly platforms?: readonly Platform[];
  readonly release?: ReleaseId;
  /** Name of a release component: `cli`, `etcd`. */
  readonly component?: string;
  /** The bundles that need an image of operators. */
  readonly neededBy?: readonly OperatorNeed[];
  /** Catalogs have it. */
  readonly staging?: Staging;
  /** Signatures have it: the image that they belong to, as its own placement names it. */
  readonly subject?: Digest;
}

/** A placement whose content is fixed. */
export interface PinnedPlacement extends Placement {
  readonly content: Descriptor;
}

/** A placement that is in the target according to the state. */
export interface MirroredPlacement {
  readonly repository: string;
  readonly tag: string;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly kind: ImageKind;
  readonly origin: string;
  /** Bytes of the manifest and everything below it, each blob once. */
  readonly size: number;
  /** Names of the image sets that wanted it when it was last applied. */
  readonly imageSets: readonly string[];
  readonly release?: ReleaseId;
  readonly component?: string;
  /** Of a signature: the image that it belongs to, in the same repository. */
  readonly subject?: Digest;
  /** `os/architecture` pairs that an index was limited to; absent: all of it is there. */
  readonly platforms?: readonly string[];
  /** Digests that this tool put at the place before and that may still be there without a tag: a later run removes them. */
  readonly replaced?: readonly Digest[];
  /** Entries that want it, `release stable-4.16 @ imageset-config.yaml`. An image set without an entry here has unknown ones. */
  readonly entries?: readonly string[];
}

/** Tells whether something is attached to an image and is no image itself: plans count it apart. */
export function isAttached({ kind }: { readonly kind: ImageKind }): boolean {
  return kind === 'signature';
}

/** Writes `repository:tag`: the key of a place within one target. */
export function placeKey(place: TargetPlace): string {
  return `${place.repository}:${place.tag}`;
}

/** Says which bundles need an image: `Needed by bundle "foo.v1.0.0" of package "foo" in catalog "…"`; empty where none does. */
export function sayNeeds({ neededBy = [] }: Pick<Placement, 'neededBy'>): string {
  if (neededBy.length === 0) return '';
  const named = neededBy.map(
    (need) => `bundle "${need.bundle}" of package "${need.package}" in catalog "${need.catalog}"`,
  );
  return `Needed by ${listNames(named, 3)}.`;
}
