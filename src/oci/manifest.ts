import { decodeObject, type JsonObject, lastOfEach } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { type Descriptor, readDescriptor, stringRecord } from './descriptor.ts';
import { type DigestAlgorithm, digestOf } from './digest.ts';
import {
  isBlobType,
  isImageType,
  isIndexType,
  isNonDistributableType,
  mediaTypes,
} from './media-type.ts';

/** The common part of both kinds of manifest: the bytes as received, never re-serialised, and their descriptor. */
interface ManifestBase {
  readonly raw: Uint8Array;
  readonly descriptor: Descriptor;
  readonly artifactType?: string;
  /** The manifest that this one is about: a signature's image, for example. */
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An image, or an artifact in the shape of one. */
export interface ImageManifest extends ManifestBase {
  readonly kind: 'image';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** A list of manifests, usually one for each platform. */
export interface ImageIndex extends ManifestBase {
  readonly kind: 'index';
  readonly manifests: readonly Descriptor[];
}

/** Any manifest. */
export type Manifest = ImageManifest | ImageIndex;

/** The largest manifest accepted, in bytes: the limit that registries apply. */
export const maxManifestBytes = 4 * 1024 * 1024;

function list(value: unknown, where: string): Descriptor[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    throw new ContentError(
      'MANIFEST_INVALID',
      `The field "${where}" of the manifest is not a list.`,
    );
  }
  return value.map((item, index) => readDescriptor(item, `${where}[${index}]`));
}

function guessType(json: JsonObject, header: string | undefined): string {
  if (typeof json['mediaType'] === 'string') return json['mediaType'];
  if (header && (isIndexType(header) || isImageType(header))) return header;
  if (Array.isArray(json['manifests'])) return mediaTypes.ociIndex;
  if (json['config'] !== undefined) return mediaTypes.ociManifest;
  return header ?? 'unknown';
}

function optional(
  json: JsonObject,
): Pick<ManifestBase, 'artifactType' | 'subject' | 'annotations'> {
  const annotations = stringRecord(json['annotations']);
  return {
    ...(typeof json['artifactType'] === 'string' && { artifactType: json['artifactType'] }),
    ...(json['subject'] ? { subject: readDescriptor(json['subject'], 'subject') } : {}),
    ...(annotations && { annotations }),
  };
}

/**
 * Reads a manifest and keeps its bytes.
 *
 * Shape: OCI image manifest or index, Docker schema 2 manifest or list; `mediaType` of the body wins over `header`, the
 * `Content-Type` it came with.
 * @throws ContentError `MANIFEST_INVALID` for malformed JSON or descriptors, `MEDIA_TYPE_UNSUPPORTED` for Docker
 *   schema 1 and anything else, `TOO_LARGE` past {@link maxManifestBytes}.
 * @see image-spec v1.1, manifest.md and image-index.md
 */
export function parseManifest(
  raw: Uint8Array,
  header?: string,
  algorithm: DigestAlgorithm = 'sha256',
): Manifest {
  if (raw.byteLength > maxManifestBytes) {
    throw new ContentError('TOO_LARGE', `The manifest has ${raw.byteLength} bytes.`, {
      expected: `at most ${maxManifestBytes} bytes`,
    });
  }
  const what = 'The manifest';
  const json = decodeObject(raw, {
    what,
    invalid: (why, cause) => new ContentError('MANIFEST_INVALID', `${what} ${why}.`, { cause }),
  });
  const mediaType = guessType(json, header?.split(';', 1)[0]?.trim());
  const descriptor: Descriptor = {
    mediaType,
    digest: digestOf(raw, algorithm),
    size: raw.byteLength,
  };
  if (isIndexType(mediaType)) {
    return {
      kind: 'index',
      raw,
      descriptor,
      manifests: list(json['manifests'], 'manifests'),
      ...optional(json),
    };
  }
  if (isImageType(mediaType)) {
    return {
      kind: 'image',
      raw,
      descriptor,
      config: readDescriptor(json['config'], 'config'),
      layers: list(json['layers'], 'layers'),
      ...optional(json),
    };
  }
  throw new ContentError(
    'MEDIA_TYPE_UNSUPPORTED',
    `Manifests of type "${mediaType}" cannot be mirrored.`,
    {
      actual: mediaType,
      hint: 'Docker schema 1 images have to be rebuilt or re-pushed in a current format by their publisher.',
    },
  );
}

/** Makes a manifest out of its fields; their order is that of its bytes. @throws as {@link parseManifest} */
export function encodeManifest(fields: object): Manifest {
  return parseManifest(new TextEncoder().encode(JSON.stringify(fields)));
}

/**
 * Tells whether a layer is foreign: clients download it from its URLs, and registries neither store nor require it.
 *
 * A layer of a non-distributable type without URLs is available from its registry alone.
 * @see image-spec v1.1, layer.md, "Non-Distributable Layers"
 */
export function isForeignLayer({ mediaType, urls = [] }: Descriptor): boolean {
  return isNonDistributableType(mediaType) && urls.length > 0;
}

/** All that a manifest points at. */
export interface Successors {
  /**
   * The blobs that a registry stores, each digest once, foreign layers left out: config and layers of an image, and those
   * of the cache that BuildKit writes as an index.
   */
  readonly blobs: readonly Descriptor[];
  /** The manifests that an index lists. */
  readonly children: readonly Descriptor[];
  readonly subject?: Descriptor;
}

/** Gives all that a manifest points at. */
export function successors(manifest: Manifest): Successors {
  const { subject } = manifest;
  const below =
    manifest.kind === 'index' ? manifest.manifests : [manifest.config, ...manifest.layers];
  const isChild = ({ mediaType }: Descriptor) =>
    manifest.kind === 'index' && !isBlobType(mediaType);
  const blobs = below.filter((one) => !isChild(one) && !isForeignLayer(one));
  return {
    blobs: lastOfEach(blobs, ({ digest }) => digest),
    children: below.filter(isChild),
    ...(subject && { subject }),
  };
}

/**
 * Tells whether an index lists a manifest as the attestation (provenance, SBOM) of one of its images: no platform runs it,
 * and the image is complete without it.
 * @see BuildKit, "Image attestation storage"
 */
export function isAttestation({ annotations, platform }: Descriptor): boolean {
  return (
    annotations?.['vnd.docker.reference.type'] === 'attestation-manifest' ||
    (platform?.os === 'unknown' && platform.architecture === 'unknown')
  );
}
