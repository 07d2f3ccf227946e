import { oneChunk, readAll } from '../base/index.ts';
import { codeOf, type ErrorCode } from '../errors.ts';
import {
  type Descriptor,
  type Digest,
  describeBytes,
  digestOf,
  encodeManifest,
  type Manifest,
  mediaTypes,
} from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import { type LinesKind, lineLimits, unpackLines } from './lines.ts';
import { unreadableState } from './unreadable.ts';

/** The annotation that names the content of an image of this tool. */
const kindAnnotation = 'io.imageset-mirror.kind';

/** Media types of layers that hold lines: an ordinary layer, and the types that earlier versions wrote. */
const layerTypes: Readonly<Record<LinesKind, readonly string[]>> = {
  'imageset-mirror.state': [
    mediaTypes.ociLayerGzip,
    'application/vnd.imageset-mirror.state.v1.jsonl+gzip',
  ],
  'imageset-mirror.undo': [
    mediaTypes.ociLayerGzip,
    'application/vnd.imageset-mirror.undo.v1.jsonl+gzip',
  ],
};

/** Lines as an image, and the blobs that it names. */
export interface LinesImage {
  readonly manifest: Manifest;
  readonly blobs: readonly { readonly descriptor: Descriptor; readonly bytes: Uint8Array }[];
}

/**
 * Wraps lines into an ordinary OCI image: a registry that takes images takes it. The same lines give the same bytes.
 *
 * Its one layer says `tar+gzip` and holds no archive: registries check types, not archives.
 */
export function createLinesImage(kind: LinesKind, layer: Uint8Array): LinesImage {
  const config = new TextEncoder().encode(
    JSON.stringify({
      created: '1970-01-01T00:00:00Z',
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf(unpackLines(kind, layer))] },
    }),
  );
  const blobs = [
    { descriptor: describeBytes(mediaTypes.ociConfig, config), bytes: config },
    { descriptor: describeBytes(mediaTypes.ociLayerGzip, layer), bytes: layer },
  ];
  const manifest = encodeManifest({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: blobs[0]?.descriptor,
    layers: [blobs[1]?.descriptor],
    annotations: { [kindAnnotation]: kind },
  });
  return { manifest, blobs };
}

/** Pushes an image: its blobs, then its manifest under the tag, so that a reader of the tag finds all of it. */
export async function pushLinesImage(
  repository: Repository,
  { manifest, blobs }: LinesImage,
  tag: string,
): Promise<void> {
  for (const { descriptor, bytes } of blobs) {
    await repository.blobs.push(descriptor, async () => oneChunk(bytes));
  }
  await repository.manifests.push(manifest, tag);
}

/** The lines of an image, and the digest of its manifest. */
export interface FetchedLines {
  readonly digest: Digest;
  readonly layer: Uint8Array;
}

/** Codes of errors that mean: the stored bytes are gone or have changed. */
const lostCodes: ReadonlySet<ErrorCode> = new Set([
  'NOT_FOUND',
  'DIGEST_MISMATCH',
  'SIZE_MISMATCH',
  'MANIFEST_INVALID',
  'MEDIA_TYPE_UNSUPPORTED',
  'TOO_LARGE',
] as const);

/**
 * Fetches lines by tag; `undefined` when the tag does not exist.
 * @throws PlanError `STATE_FORMAT` when the tag names something of another kind, or the layer is missing, wrong or too large.
 */
export async function fetchLines(
  repository: Repository,
  tag: string,
  kind: LinesKind,
): Promise<FetchedLines | undefined> {
  try {
    const manifest = await repository.manifests.fetch(tag);
    if (!manifest) return undefined;
    const layer = layerOf(manifest);
    if (!layerTypes[kind].includes(layer.mediaType)) throw unreadableState('it is of another kind');
    const bytes = await fetchLayer(repository, layer, lineLimits[kind].bytes);
    return { digest: manifest.descriptor.digest, layer: bytes };
  } catch (error) {
    if (!lostCodes.has(codeOf(error))) throw error;
    throw unreadableState('it is missing a part or damaged', error);
  }
}

async function fetchLayer(
  repository: Repository,
  layer: Descriptor,
  limit: number,
): Promise<Uint8Array> {
  if (layer.size > limit) throw unreadableState(`it has more than ${limit} bytes`);
  return await readAll(await repository.blobs.fetch(layer));
}

function layerOf(manifest: Manifest): Descriptor {
  const [layer, ...more] = manifest.kind === 'image' ? manifest.layers : [];
  if (!layer || more.length > 0) throw unreadableState('it is not an image of one layer');
  return layer;
}
