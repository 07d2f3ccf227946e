import { codeOf, type ErrorCode } from '../errors.ts';
import {
  type Descriptor,
  type Digest,
  digestOf,
  type Manifest,
  mediaTypes,
  parseManifest,
} from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import { unreadableState } from './fields.ts';

/** What an artifact of ours is: the type of its manifest and that of its one layer. */
export interface ArtifactKind {
  readonly artifactType: string;
  readonly layerType: string;
}

/** The state of a target. */
export const stateArtifact: ArtifactKind = {
  artifactType: 'application/vnd.imageset-mirror.state.v1',
  layerType: 'application/vnd.imageset-mirror.state.v1.jsonl+gzip',
};

/** What one run deleted. */
export const undoArtifact: ArtifactKind = {
  artifactType: 'application/vnd.imageset-mirror.undo.v1',
  layerType: 'application/vnd.imageset-mirror.undo.v1.jsonl+gzip',
};

/** 256 MiB: the largest layer that is held in memory. */
const maxLayerBytes = 256 * 1024 * 1024;

const emptyConfig = new TextEncoder().encode('{}');

/**
 * Makes the manifest of an artifact with one layer; the same layer and annotations give the same bytes.
 * @see image-spec v1.1, manifest.md, "Guidance for an Empty Descriptor"
 */
export function createArtifact(
  kind: ArtifactKind,
  layer: Uint8Array,
  annotations: Readonly<Record<string, string>>,
): Manifest {
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: kind.artifactType,
    config: { ...describe(mediaTypes.ociEmpty, emptyConfig), data: 'e30=' },
    layers: [describe(kind.layerType, layer)],
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
  return parseManifest(new TextEncoder().encode(JSON.stringify(manifest)));
}

function describe(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
}

/** Pushes an artifact: its blobs, then its manifest under the tag, so that a reader of the tag finds all of it. */
export async function pushArtifact(
  repository: Repository,
  manifest: Manifest,
  { layer, tag }: { readonly layer: Uint8Array; readonly tag: string },
): Promise<void> {
  const { config, descriptor } = layerOf(manifest);
  if (!(await repository.blobs.exists(config.digest))) {
    await repository.blobs.push(config, async () => chunks(emptyConfig));
  }
  await repository.blobs.push(descriptor, async () => chunks(layer));
  await repository.manifests.push(manifest, tag);
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** What an artifact holds, and the digest of its manifest. */
export interface FetchedArtifact {
  readonly digest: Digest;
  readonly layer: Uint8Array;
}

/** How a registry says that stored bytes are not, or no longer, what was stored. */
const lostCodes: ReadonlySet<ErrorCode> = new Set([
  'NOT_FOUND',
  'DIGEST_MISMATCH',
  'SIZE_MISMATCH',
  'MANIFEST_INVALID',
  'MEDIA_TYPE_UNSUPPORTED',
  'TOO_LARGE',
] as const);

/**
 * Fetches an artifact by tag; `undefined` when the tag does not exist.
 * @throws PlanError `STATE_FORMAT` when the tag names something of another kind, or the layer is missing, wrong or too large.
 */
export async function fetchArtifact(
  repository: Repository,
  tag: string,
  kind: ArtifactKind,
): Promise<FetchedArtifact | undefined> {
  const where = `${repository.name}:${tag}`;
  try {
    const manifest = await repository.manifests.fetch(tag);
    if (!manifest) return undefined;
    const layer = layerOf(manifest).descriptor;
    if (layer.mediaType !== kind.layerType) throw unreadableState(`${where} is of another kind`);
    return { digest: manifest.descriptor.digest, layer: await fetchLayer(repository, layer) };
  } catch (error) {
    if (lostCodes.has(codeOf(error))) {
      throw unreadableState(`${where} is missing a part or damaged`, error);
    }
    throw error;
  }
}

async function fetchLayer(repository: Repository, layer: Descriptor): Promise<Uint8Array> {
  if (layer.size > maxLayerBytes) throw unreadableState(`it has ${layer.size} bytes`);
  const parts: Uint8Array[] = [];
  for await (const part of await repository.blobs.fetch(layer)) parts.push(part);
  return Buffer.concat(parts);
}

function layerOf(manifest: Manifest): { config: Descriptor; descriptor: Descriptor } {
  const [descriptor, ...more] = manifest.kind === 'image' ? manifest.layers : [];
  if (manifest.kind !== 'image' || !descriptor || more.length > 0) {
    throw unreadableState('the tag names something that is not an artifact of one layer');
  }
  return { config: manifest.config, descriptor };
}
