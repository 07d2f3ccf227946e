import { asObject, type JsonObject, oneChunk, texts } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import {
  type Descriptor,
  type Digest,
  describeBytes,
  encodeManifest,
  type ImageManifest,
  isForeignLayer,
  type Manifest,
  mediaTypes,
} from '../oci/index.ts';
import type { BlobOpener, Repository } from '../registry/index.ts';
import type { MadeLayer } from './made-layer.ts';
import type { ImageInstance, ImageRole, WholeImage } from './read-image.ts';
import { readOnlyRepository } from './read-only.ts';

/** A blob of a made image that the original lacks. */
export interface NewBlob {
  readonly descriptor: Descriptor;
  readonly open: BlobOpener;
}

/** An image that was made of another one. */
export interface MadeImage {
  /** The index; push it last. */
  readonly index: Manifest;
  /** The images below it. */
  readonly manifests: readonly ImageManifest[];
  readonly blobs: readonly NewBlob[];
  /** Layers of the original that the images keep; copy them from there. */
  readonly kept: readonly Descriptor[];
}

/** The additions to every image of an index. */
export interface Additions {
  /** From the lowest up, each with the end of its line in the image's history. */
  readonly layers: readonly { readonly layer: MadeLayer; readonly history: string }[];
  /** Gives the fields of the inner configuration that change (`Cmd`, `Labels`); `undefined` removes one. */
  readonly change: (instance: ImageInstance) => JsonObject;
  readonly role: ImageRole;
}

function extendConfig(instance: ImageInstance, { layers, change, role }: Additions): Uint8Array {
  const { config, manifest } = instance;
  const rootfs = asObject(config['rootfs']);
  const diffIds = texts(rootfs['diff_ids']);
  if (diffIds.length !== manifest.layers.length) {
    throw new ContentError(
      role.code,
      `The image ${manifest.descriptor.digest} has ${manifest.layers.length} layers and describes ${diffIds.length}.`,
    );
  }
  const { history } = config;
  const made = layers.map((one) => ({ created_by: `imageset-mirror ${one.history}` }));
  const extended = {
    ...config,
    config: { ...asObject(config['config']), ...change(instance) },
    rootfs: { ...rootfs, diff_ids: [...diffIds, ...layers.map(({ layer }) => layer.diffId)] },
    ...(Array.isArray(history) && { history: [...history, ...made] }),
  };
  return new TextEncoder().encode(JSON.stringify(extended));
}

function decode({ raw }: Manifest): JsonObject {
  return JSON.parse(new TextDecoder().decode(raw)) as JsonObject;
}

function isDocker({ descriptor }: Manifest): boolean {
  return descriptor.mediaType === mediaTypes.dockerManifest;
}

interface ExtendedImage {
  readonly manifest: ImageManifest;
  readonly config: NewBlob;
}

function extendInstance(instance: ImageInstance, additions: Additions): ExtendedImage {
  const original = instance.manifest;
  const mediaType = isDocker(original) ? mediaTypes.dockerLayerGzip : mediaTypes.ociLayerGzip;
  const bytes = extendConfig(instance, additions);
  const config = describeBytes(original.config.mediaType, bytes);
  // The subject of the original is not the subject of this image.
  const { subject: _, layers: before, ...rest } = decode(original);
  const added = additions.layers.map(({ layer: { digest, size } }) => ({
    mediaType,
    size,
    digest,
  }));
  const manifest = encodeManifest({
    ...rest,
    mediaType: original.descriptor.mediaType,
    config,
    layers: [...(before as readonly unknown[]), ...added],
  });
  if (manifest.kind !== 'image') throw new ContentError('MANIFEST_INVALID', 'No image was made.');
  return { manifest, config: { descriptor: config, open: async () => oneChunk(bytes) } };
}

function indexOf(image: WholeImage, extended: readonly ExtendedImage[]): Manifest {
  const allDocker = extended.every(({ manifest }) => isDocker(manifest));
  const annotations = image.root.kind === 'index' ? image.root.annotations : undefined;
  return encodeManifest({
    schemaVersion: 2,
    mediaType: allDocker ? mediaTypes.dockerIndex : mediaTypes.ociIndex,
    manifests: extended.map(({ manifest: { descriptor } }, place) => {
      const platform = image.instances[place]?.platform;
      return { ...descriptor, ...(platform && { platform }) };
    }),
    ...(annotations && !allDocker && { annotations }),
  });
}

function keptLayers(instances: readonly ImageInstance[]): readonly Descriptor[] {
  const kept = new Map<Digest, Descriptor>();
  for (const { manifest } of instances) {
    for (const layer of manifest.layers) {
      if (!isForeignLayer(layer)) kept.set(layer.digest, layer);
    }
  }
  return [...kept.values()];
}

/**
 * Makes an image of another one: for every platform the layers of the original, and the same additional layers above them.
 *
 * Shape: always an index, a Docker list if all images are Docker's. Attestations of the original are left out, because they
 * are about another image.
 * @throws ContentError with the code of the role when the original describes other layers than it has.
 */
export function extendImage(image: WholeImage, additions: Additions): MadeImage {
  const extended = image.instances.map((instance) => extendInstance(instance, additions));
  const layers = additions.layers.map(({ layer }) => layer);
  const blobs = new Map<Digest, NewBlob>();
  for (const { manifest, config } of extended) {
    blobs.set(config.descriptor.digest, config);
    for (const descriptor of manifest.layers) {
      const layer = layers.find(({ digest }) => digest === descriptor.digest);
      if (layer) blobs.set(layer.digest, { descriptor, open: layer.open });
    }
  }
  return {
    index: indexOf(image, extended),
    manifests: extended.map(({ manifest }) => manifest),
    blobs: [...blobs.values()],
    kept: keptLayers(image.instances),
  };
}

/** Opens a made image as a read-only repository; kept content comes from the original. */
export function openMade(made: MadeImage, original: Repository): Repository {
  const manifests = new Map<string, Manifest>(
    [made.index, ...made.manifests].map((one) => [one.descriptor.digest, one]),
  );
  const blobs = new Map(made.blobs.map((blob) => [blob.descriptor.digest, blob]));
  return readOnlyRepository(original.name, {
    place: `${original.registry} (rebuilt)`,
    manifest: async (digest) => manifests.get(digest),
    exists: async (digest) => blobs.has(digest) || (await original.blobs.exists(digest)),
    blob: async (descriptor) =>
      (await blobs.get(descriptor.digest)?.open()) ?? (await original.blobs.fetch(descriptor)),
  });
}
