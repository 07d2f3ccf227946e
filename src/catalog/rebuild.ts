import { asObject, type JsonObject, oneChunk, texts } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import {
  type Descriptor,
  type Digest,
  digestOf,
  type ImageManifest,
  isForeignLayer,
  type Manifest,
  mediaTypes,
  parseManifest,
} from '../oci/index.ts';
import type { BlobOpener, Repository } from '../registry/index.ts';
import {
  type MadeLayer,
  makeConfigsLayer,
  makeWhiteoutLayer,
  type PackageTexts,
  rebuiltDirectory,
} from './configs-layer.ts';
import { type CatalogImage, type CatalogInstance, configsLabel, labelsOf } from './image.ts';
import { readOnlyRepository } from './read-only.ts';

/** A blob of a rebuilt catalog that the original lacks. */
export interface NewBlob {
  readonly descriptor: Descriptor;
  readonly open: BlobOpener;
}

/** A filtered catalog as an image. */
export interface RebuiltCatalog {
  /** The index; push it last. */
  readonly index: Manifest;
  /** The images below it. */
  readonly manifests: readonly ImageManifest[];
  readonly blobs: readonly NewBlob[];
  /** Layers of the original that the images keep; copy them from there. */
  readonly kept: readonly Descriptor[];
}

/**
 * The command of the catalog, without `--cache-dir`: the cache in the lower layers is that of the whole catalog, and opm refuses
 * to serve with a different cache. Without the option opm makes its own.
 */
function startOf(inner: JsonObject): JsonObject {
  const entrypoint = texts(inner['Entrypoint']);
  const serve = entrypoint.indexOf('serve');
  return {
    ...(serve > 0 && { Entrypoint: entrypoint.slice(0, serve) }),
    Cmd: ['serve', `/${rebuiltDirectory}`],
  };
}

function rebuildConfig(instance: CatalogInstance, layers: readonly MadeLayer[]): Uint8Array {
  const { config, manifest } = instance;
  const inner = asObject(config['config']);
  const rootfs = asObject(config['rootfs']);
  const diffIds = texts(rootfs['diff_ids']);
  if (diffIds.length !== manifest.layers.length) {
    throw new ContentError(
      'CATALOG_INVALID',
      `The image ${manifest.descriptor.digest} has ${manifest.layers.length} layers and describes ${diffIds.length}.`,
    );
  }
  const { history } = config;
  const made = [`/${rebuiltDirectory} hidden`, `/${rebuiltDirectory} filtered`].map((what) => ({
    created_by: `imageset-mirror ${what}`,
  }));
  const rebuilt = {
    ...config,
    config: {
      ...inner,
      ...startOf(inner),
      Labels: { ...labelsOf(config), [configsLabel]: `/${rebuiltDirectory}` },
    },
    rootfs: { ...rootfs, diff_ids: [...diffIds, ...layers.map(({ diffId }) => diffId)] },
    ...(Array.isArray(history) && { history: [...history, ...made] }),
  };
  return new TextEncoder().encode(JSON.stringify(rebuilt));
}

function encodeManifest(value: JsonObject): Manifest {
  return parseManifest(new TextEncoder().encode(JSON.stringify(value)));
}

function decode({ raw }: Manifest): JsonObject {
  return JSON.parse(new TextDecoder().decode(raw)) as JsonObject;
}

function isDocker({ descriptor }: Manifest): boolean {
  return descriptor.mediaType === mediaTypes.dockerManifest;
}

interface RebuiltImage {
  readonly manifest: ImageManifest;
  readonly config: NewBlob;
}

function rebuildImage(instance: CatalogInstance, layers: readonly MadeLayer[]): RebuiltImage {
  const original = instance.manifest;
  const mediaType = isDocker(original) ? mediaTypes.dockerLayerGzip : mediaTypes.ociLayerGzip;
  const bytes = rebuildConfig(instance, layers);
  const config: Descriptor = {
    mediaType: original.config.mediaType,
    digest: digestOf(bytes),
    size: bytes.byteLength,
  };
  // The subject of the original is not the subject of this image.
  const { subject: _, layers: before, ...rest } = decode(original);
  const added = layers.map(({ digest, size }) => ({ mediaType, size, digest }));
  const manifest = encodeManifest({
    ...rest,
    mediaType: original.descriptor.mediaType,
    config,
    layers: [...(before as readonly unknown[]), ...added],
  });
  if (manifest.kind !== 'image') throw new ContentError('MANIFEST_INVALID', 'No image was made.');
  return { manifest, config: { descriptor: config, open: async () => oneChunk(bytes) } };
}

function rebuildIndex(image: CatalogImage, rebuilt: readonly RebuiltImage[]): Manifest {
  const allDocker = rebuilt.every(({ manifest }) => isDocker(manifest));
  const annotations = image.root.kind === 'index' ? image.root.annotations : undefined;
  return encodeManifest({
    schemaVersion: 2,
    mediaType: allDocker ? mediaTypes.dockerIndex : mediaTypes.ociIndex,
    manifests: rebuilt.map(({ manifest: { descriptor } }, place) => {
      const platform = image.instances[place]?.platform;
      return { ...descriptor, ...(platform && { platform }) };
    }),
    ...(annotations && !allDocker && { annotations }),
  });
}

function keptLayers(instances: readonly CatalogInstance[]): readonly Descriptor[] {
  const kept = new Map<Digest, Descriptor>();
  for (const { manifest } of instances) {
    for (const layer of manifest.layers) {
      if (!isForeignLayer(layer)) kept.set(layer.digest, layer);
    }
  }
  return [...kept.values()];
}

/**
 * Makes the image of a filtered catalog: for every platform the layers of the original, a layer that hides its `/configs`, and a
 * layer with the given packages.
 *
 * Shape: always an index, a Docker list if all images are Docker's. Attestations of the original are left out, because they are
 * about another image. Commands and labels are those that opm and OLM need.
 * Order: `packages` sorted by name, as a {@link CatalogReader} lists them; another order gives another image.
 * Memory: one package. Effects: writes two layers into `directory`, named by their digests.
 * @throws ContentError `CATALOG_INVALID`.
 * @see spec of oc-mirror's behaviour 5.7
 */
export async function rebuildCatalog(
  image: CatalogImage,
  packages: AsyncIterable<PackageTexts> | Iterable<PackageTexts>,
  directory: string,
): Promise<RebuiltCatalog> {
  const layers = [await makeWhiteoutLayer(directory), await makeConfigsLayer(packages, directory)];
  const rebuilt = image.instances.map((instance) => rebuildImage(instance, layers));
  const [first] = rebuilt;
  if (!first) throw new ContentError('CATALOG_INVALID', 'The catalog has no image.');
  const isNew = new Set<string>(layers.map(({ digest }) => digest));
  const blobs = new Map<Digest, NewBlob>();
  for (const { manifest, config } of rebuilt) {
    blobs.set(config.descriptor.digest, config);
    for (const descriptor of manifest.layers.filter(({ digest }) => isNew.has(digest))) {
      const layer = layers.find(({ digest }) => digest === descriptor.digest);
      if (layer) blobs.set(layer.digest, { descriptor, open: layer.open });
    }
  }
  return {
    index: rebuildIndex(image, rebuilt),
    manifests: rebuilt.map(({ manifest }) => manifest),
    blobs: [...blobs.values()],
    kept: keptLayers(image.instances),
  };
}

/**
 * Opens a rebuilt catalog as a read-only repository; kept content comes from the original.
 */
export function openRebuilt(rebuilt: RebuiltCatalog, original: Repository): Repository {
  const manifests = new Map(
    [rebuilt.index, ...rebuilt.manifests].map((one) => [one.descriptor.digest, one]),
  );
  const blobs = new Map(rebuilt.blobs.map((blob) => [blob.descriptor.digest, blob]));
  return readOnlyRepository(original.name, {
    place: `${original.registry} (rebuilt)`,
    manifest: async (digest) => manifests.get(digest),
    exists: async (digest) => blobs.has(digest) || (await original.blobs.exists(digest)),
    blob: async (descriptor) =>
      (await blobs.get(descriptor.digest)?.open()) ?? (await original.blobs.fetch(descriptor)),
  });
}
