import { editDistance } from '../base/index.ts';
import type { CatalogWish } from '../catalog/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { SourcePosition } from '../errors.ts';
import type { Platform } from '../oci/index.ts';
import type { ReleaseChannel } from '../release/index.ts';

/** The two kinds of file, with one schema below `mirror` and `delete`. */
export type ImageSetKind = 'ImageSetConfiguration' | 'DeleteImageSetConfiguration';

/** Gives the top-level key of the content of a kind of file. */
export function rootKey(kind: ImageSetKind): 'mirror' | 'delete' {
  return kind === 'ImageSetConfiguration' ? 'mirror' : 'delete';
}

/** Letters of a kind that may be wrong. */
const maxDistance = 2;

/** Gives the kind that a misspelt one can only mean: letters, their case, and `Config` for `Configuration`. */
export function meantKind(written: string): ImageSetKind | undefined {
  const whole = written.toLowerCase().replace(/config$/, 'configuration');
  const kinds: readonly ImageSetKind[] = ['ImageSetConfiguration', 'DeleteImageSetConfiguration'];
  return kinds.find((kind) => editDistance(kind.toLowerCase(), whole) <= maxDistance);
}

/** `mirror.platform` */
export interface PlatformSpec {
  readonly graph?: boolean;
  readonly channels?: readonly ReleaseChannel[];
  readonly architectures?: readonly string[];
  readonly platforms?: readonly Platform[];
  readonly release?: string;
  readonly kubeVirtContainer?: boolean;
}

/** `mirror.operators[]` */
export interface OperatorCatalog extends CatalogWish {
  readonly targetCatalog?: string;
  readonly targetTag?: string;
  readonly skipDependencies?: boolean;
  readonly targetCatalogSourceTemplate?: string;
  readonly platforms?: readonly Platform[];
}

/** `mirror.additionalImages[]` */
export interface AdditionalImage {
  readonly name: string;
  readonly targetRepo?: string;
  readonly targetTag?: string;
  readonly platforms?: readonly Platform[];
}

/** A chart of a repository, or a local one. */
export interface Chart {
  readonly name?: string;
  readonly version?: string;
  readonly path?: string;
  readonly imagePaths?: readonly string[];
  readonly platforms?: readonly Platform[];
}

/** `mirror.helm` */
export interface HelmSpec {
  readonly repositories?: readonly {
    readonly name: string;
    readonly url: string;
    readonly charts?: readonly Chart[];
  }[];
  readonly local?: readonly Chart[];
}

/** Everything below `mirror` (or `delete`). */
export interface MirrorSpec {
  readonly platform?: PlatformSpec;
  readonly operators?: readonly OperatorCatalog[];
  readonly additionalImages?: readonly AdditionalImage[];
  readonly helm?: HelmSpec;
  readonly blockedImages?: readonly { readonly name: string }[];
  readonly samples?: readonly { readonly name: string }[];
}

/** Steps from the document's root to a node: keys and list indexes. */
export type YamlPath = readonly (string | number)[];

/** One parsed configuration, with the place of every node. */
export interface ImageSet {
  readonly kind: ImageSetKind;
  /** The path by which the user knows the file. */
  readonly name: string;
  /** The name by which plans and the state know the image set: repository and path, or the name that it was given. */
  readonly identity: string;
  readonly text: string;
  readonly mirror: MirrorSpec;
  /** GiB of one archive segment. */
  readonly archiveSize?: number;
  /** Gives the place of a node, or of its nearest ancestor that is written in the file. */
  locate(path: YamlPath): SourcePosition;
}

/** The result of reading a file: an image set when oc-mirror accepts it, and the findings in any case. */
export interface LoadedImageSet {
  readonly imageSet?: ImageSet;
  readonly diagnostics: readonly Diagnostic[];
  /** The message with which oc-mirror refuses the file, where it does; warnings and advice never set it. */
  readonly refusal?: string;
}

/** Writes a path as people do: `mirror.platform.channels[0].minVersion`. */
export function formatYamlPath(path: YamlPath): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${step}` : step,
    '',
  );
}

/** Says what is wrong with a list of platforms, in oc-mirror's words; `undefined` when nothing is. */
export function platformFault(platforms: readonly Platform[] = []): string | undefined {
  for (const { os, architecture } of platforms) {
    if (!os) return `platform OS must not be empty (architecture: "${architecture}")`;
    if (!architecture) return `platform architecture must not be empty (OS: "${os}")`;
  }
  return undefined;
}

/** The finding of an entry whose platforms have a fault. */
export const invalidPlatform = {
  code: 'invalid-platform',
  summary: 'A platform needs an os and an architecture.',
} as const;
