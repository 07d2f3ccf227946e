import {
  type Descriptor,
  type Digest,
  describeBytes,
  digestOf,
  encodeManifest,
  type Manifest,
  mediaTypes,
} from '../oci/index.ts';

/** Bytes and the descriptor that names them. */
export interface PlaceholderBlob {
  readonly bytes: Uint8Array;
  readonly descriptor: Descriptor;
}

function blobOf(bytes: Uint8Array, mediaType: string): PlaceholderBlob {
  return { bytes, descriptor: describeBytes(mediaType, bytes) };
}

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** An empty tar, gzipped: fixed bytes, since no two versions of zlib need to write the same. */
const layer = blobOf(
  Uint8Array.from(Buffer.from('H4sIAAAAAAACA2NgGAWjYBSMVAAALq+17wAEAAA=', 'base64')),
  mediaTypes.ociLayerGzip,
);

const config = blobOf(
  encode({
    created: '1970-01-01T00:00:00Z',
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [digestOf(new Uint8Array(1024))] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'imageset-mirror placeholder' }],
  }),
  mediaTypes.ociConfig,
);

/** The parts of every placeholder: the configuration and the only layer of an image without a file. */
export const placeholderBlobs: readonly [PlaceholderBlob, PlaceholderBlob] = [config, layer];

/**
 * Makes the manifest that takes over tags of a repository, so that deleting it takes those tags along and nothing else.
 *
 * It is an ordinary image, since some registries take nothing else, and one for each repository: whatever names it has been
 * given up by a run of this tool. It is the same each time, so that a run that was killed between the two steps recognises
 * its own work.
 */
export function createPlaceholder(repository: string): Manifest {
  return encodeManifest({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: config.descriptor,
    layers: [layer.descriptor],
    annotations: { 'io.imageset-mirror.placeholder': repository },
  });
}

/** Makes the placeholder of earlier versions, an artifact: a run of such a version may have left it. */
function createFormerPlaceholder(repository: string): Manifest {
  const empty = blobOf(encode({}), mediaTypes.ociEmpty).descriptor;
  return encodeManifest({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: 'application/vnd.imageset-mirror.placeholder',
    config: empty,
    layers: [empty],
    annotations: { 'io.imageset-mirror.placeholder': repository },
  });
}

/** Tells whether a digest is that of a placeholder of a repository, of this version or of an earlier one. */
export function isPlaceholder(repository: string, digest: Digest): boolean {
  return [createPlaceholder(repository), createFormerPlaceholder(repository)].some(
    ({ descriptor }) => descriptor.digest === digest,
  );
}
