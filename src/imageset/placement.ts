import type { SourcePosition } from '../errors.ts';
import type { Descriptor, Digest, Platform } from '../oci/index.ts';

/** Every kind of image, in the words of oc-mirror's DeleteImageList. @see oc-mirror v2, `items[].type` */
export const imageKinds = [
  'ocpRelease',
  'ocpReleaseContent',
  'cincinnatiGraph',
  'operatorCatalog',
  'operatorBundle',
  'operatorRelatedImage',
  'generic',
  'helmImage',
] as const;

/** The kind of an image. */
export type ImageKind = (typeof imageKinds)[number];

/** Tells whether a text is a kind of image. */
export function isImageKind(text: string): text is ImageKind {
  return (imageKinds as readonly string[]).includes(text);
}

/** Why an image is wanted: the entry of a configuration that asks for it. */
export interface Cause {
  /** Identity of the image set. */
  readonly imageSet: string;
  /** Path inside the file, `mirror.platform.channels[0]`. */
  readonly path: string;
  /** The entry by what it names, `release stable-4.16`: found again when an edit has moved it. */
  readonly entry?: string;
  readonly at: SourcePosition;
}

/** Where an image is pulled from. A digest, when known, is what is pulled; the tag is for people and mappings. */
export interface Source {
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** Where an image goes: a repository path below the target's host (its prefix included), and a tag. */
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

/** Where oc-mirror would put a catalog on its way, in its local cache; only its mappings speak of that. */
export interface Staging {
  /** Of the catalog as it is upstream. */
  readonly place: TargetPlace;
  /** Of the filtered catalog: the path without the target's prefix, never shortened. */
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
  /** Of an image of operators: the bundles that need it. */
  readonly neededBy?: readonly OperatorNeed[];
  /** Of a catalog. */
  readonly staging?: Staging;
}

/** A placement whose content is fixed. */
export interface PinnedPlacement extends Placement {
  readonly content: Descriptor;
}

/** A placement that lies, as far as the state knows, in the target. */
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
  /** `os/architecture` pairs that an index was limited to; absent: all of it is there. */
  readonly platforms?: readonly string[];
  /** Digests that the place had before, that are ours, and that may still lie there without a tag: they have yet to go. */
  readonly replaced?: readonly Digest[];
  /** Entries that want it, `release stable-4.16 @ imageset-config.yaml`; an image set of which none is listed does not say. */
  readonly entries?: readonly string[];
}

/** Writes `repository:tag`: the key of a place within one target. */
export function placeKey(place: TargetPlace): string {
  return `${place.repository}:${place.tag}`;
}

/** Bundles that a sentence names. */
const mostNamed = 3;

/** Says which bundles need an image: `Needed by bundle "foo.v1.0.0" of package "foo" in catalog "…"`; empty where none does. */
export function sayNeeds({ neededBy = [] }: Pick<Placement, 'neededBy'>): string {
  if (neededBy.length === 0) return '';
  const named = neededBy
    .slice(0, mostNamed)
    .map(
      (need) => `bundle "${need.bundle}" of package "${need.package}" in catalog "${need.catalog}"`,
    );
  const more = neededBy.length - mostNamed;
  return `Needed by ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
