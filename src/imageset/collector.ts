import type { FilteredCatalog, StoredCatalog } from '../catalog/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { MirrorError } from '../errors.ts';
import type { Digest } from '../oci/index.ts';
import type { ChannelGraph } from '../release/index.ts';
import type { ImageSet } from './config.ts';
import type { Cause, ImageKind, Placement, ReleaseId } from './placement.ts';

/** The kinds of content in the order in which they are collected, which is the order of their lines. */
export const contentKinds = ['release', 'operator', 'additional', 'helm'] as const;

/** A kind of content; the command line's exit code has a bit for each that could not be collected. */
export type ContentKind = (typeof contentKinds)[number];

const kindOfImages: Readonly<Record<ImageKind, ContentKind>> = {
  ocpRelease: 'release',
  ocpReleaseContent: 'release',
  cincinnatiGraph: 'release',
  operatorCatalog: 'operator',
  operatorBundle: 'operator',
  operatorRelatedImage: 'operator',
  generic: 'additional',
  helmImage: 'helm',
  signature: 'additional',
};

/** Gives the kind of content that an image belongs to. */
export function contentKindOf(kind: ImageKind): ContentKind {
  return kindOfImages[kind];
}

/** A failure that keeps a collection from being complete; the entry that it belongs to is one of the collection's gaps. */
export interface CollectionFailure {
  readonly kind: ContentKind;
  readonly message: string;
  /** The step of collecting releases that failed. */
  readonly stage?: 'select' | 'read' | 'verify';
  readonly diagnostic: Diagnostic;
  readonly cause?: unknown;
}

/** A release signature that was verified, kept for the ConfigMap. */
export interface ReleaseSignature {
  readonly digest: Digest;
  /** Tag of the signed docker-reference, `4.16.5-x86_64`. */
  readonly tag: string;
  readonly bytes: Uint8Array;
  /** Fingerprint of the key, upper-case hex; absent when verification is off. */
  readonly fingerprint?: string;
}

/** The choice of one operator entry out of its catalog; also of an entry that cannot be mirrored. */
export interface CollectedCatalog {
  /** Index in `operators`. */
  readonly entry: number;
  /** The digest that the entry's catalog had; of an index the index's. */
  readonly digest: Digest;
  readonly filtered: FilteredCatalog;
  /** The whole catalog, to look things up in. */
  readonly reader: StoredCatalog;
}

/** A ClusterImagePolicy that a release brings to its cluster. */
export interface BroughtPolicy {
  /** YAML. */
  readonly text: string;
  /** Digest of the release. */
  readonly release: Digest;
}

/** Everything one image set asks for. */
export interface Collection {
  readonly imageSet: ImageSet;
  readonly placements: readonly Placement[];
  readonly releases: readonly ReleaseId[];
  readonly signatures: readonly ReleaseSignature[];
  readonly graphs: readonly ChannelGraph[];
  readonly clusterPolicies?: readonly BroughtPolicy[];
  /** Names under which its charts are known: in the image set, and in the charts themselves. */
  readonly charts?: readonly string[];
  /** In the order of `operators`; entries whose catalog could not be read are missing. */
  readonly catalogs?: readonly CollectedCatalog[];
  /** Findings beside the failures; a failure's own diagnostic is not repeated here. */
  readonly diagnostics: readonly Diagnostic[];
  readonly failures: readonly CollectionFailure[];
  /**
   * Entries that are incomplete: they failed, or gave nothing although they name something. Images that such an entry wanted
   * before must not be removed.
   */
  readonly gaps?: readonly Cause[];
}

/** The content of one kind that an image set asks for. */
export type CollectedPart = Omit<Collection, 'imageSet'>;

/** A part without content. */
export const emptyPart: CollectedPart = {
  placements: [],
  releases: [],
  signatures: [],
  graphs: [],
  diagnostics: [],
  failures: [],
};

/** Makes a failure whose finding is an error. */
export function collectionFailure(
  failure: Omit<CollectionFailure, 'diagnostic'>,
  finding: Omit<Diagnostic, 'severity'>,
): CollectionFailure {
  return { ...failure, diagnostic: { severity: 'error', ...finding } };
}

/** Writes a message as a sentence, with the hint of the error that caused it behind it. */
export function withHint(message: string, cause: unknown): string {
  const hint = cause instanceof MirrorError && cause.hint ? ` ${cause.hint}` : '';
  return `${message.replace(/\.$/, '')}.${hint}`;
}

/** Turns one kind of content of an image set into placements. */
export interface Collector {
  readonly kind: ContentKind;
  /** `prefix`: the path prefix of the target, without slashes at its ends, or empty. */
  collect(imageSet: ImageSet, prefix: string): Promise<CollectedPart>;
}
