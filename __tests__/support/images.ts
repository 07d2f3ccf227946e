import { createHash } from 'node:crypto';
import { ensureRepository, type Store } from '../../src/fake-registry/index.ts';
import {
  type Descriptor,
  type DigestAlgorithm,
  digestOf,
  type Manifest,
  mediaTypes,
  parseManifest,
} from '../../src/oci/index.ts';

/** A manifest with everything below it. */
export interface TestImage {
  readonly manifest: Manifest;
  readonly blobs: readonly TestBlob[];
  readonly children: readonly TestImage[];
}

/** Bytes and what names them. */
export interface TestBlob {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** Gives bytes that depend on the seed alone. */
export function seededBytes(seed: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0, block = 0; at < length; block += 1) {
    const hash = createHash('sha256').update(`${seed} ${block}`).digest();
    bytes.set(hash.subarray(0, length - at), at);
    at += hash.byteLength;
  }
  return bytes;
}

/** Makes a blob of bytes. */
export function makeBlob(
  bytes: Uint8Array,
  mediaType: string = mediaTypes.ociLayerGzip,
  algorithm: DigestAlgorithm = 'sha256',
): TestBlob {
  return {
    bytes,
    descriptor: { mediaType, digest: digestOf(bytes, algorithm), size: bytes.byteLength },
  };
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** The parts of an image. */
export interface ImageRecipe {
  readonly seed: string;
  /** Sizes of the layers in bytes; absent: two small ones. */
  readonly layers?: readonly number[];
  readonly architecture?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly subject?: Descriptor;
  readonly artifactType?: string;
}

/** Makes an image; the same recipe gives the same digests. */
export function makeImage({ seed, layers = [40, 50], ...rest }: ImageRecipe): TestImage {
  const { architecture = 'amd64', annotations, subject, artifactType } = rest;
  const content = layers.map((size, index) => makeBlob(seededBytes(`${seed} ${index}`, size)));
  const config = makeBlob(encode({ os: 'linux', architecture, seed }), mediaTypes.ociConfig);
  const raw = encode({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    ...(artifactType && { artifactType }),
    config: config.descriptor,
    layers: content.map(({ descriptor }) => descriptor),
    ...(subject && { subject }),
    ...(annotations && { annotations }),
  });
  return { manifest: parseManifest(raw), blobs: [config, ...content], children: [] };
}

/** Makes an index of images, one platform after the other. */
export function makeIndex(children: readonly TestImage[]): TestImage {
  const architectures = ['amd64', 'arm64', 'ppc64le', 's390x'];
  const raw = encode({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: children.map(({ manifest }, index) => ({
      ...manifest.descriptor,
      platform: { os: 'linux', architecture: architectures[index] ?? `arch${index}` },
    })),
  });
  return { manifest: parseManifest(raw), blobs: [], children };
}

/** Puts an image into a store behind the registry's back, under a tag when there is one. */
export function pushTo(
  store: Store,
  repository: string,
  tag: string | undefined,
  image: TestImage,
) {
  const stored = ensureRepository(store, repository);
  for (const child of image.children) pushTo(store, repository, undefined, child);
  for (const blob of image.blobs) stored.blobs.set(blob.descriptor.digest, blob.bytes);
  const { digest, mediaType } = image.manifest.descriptor;
  stored.manifests.set(digest, { mediaType, bytes: image.manifest.raw });
  if (tag !== undefined) stored.tags.set(tag, digest);
}
