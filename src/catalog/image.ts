import { asObject, checkLimit, decodeObject, type JsonObject } from '../base/index.ts';
import { confine } from '../content/index.ts';
import { ContentError, RegistryError } from '../errors.ts';
import {
  type Descriptor,
  type Digest,
  digestOf,
  type ImageManifest,
  type Manifest,
  mediaTypes,
  type Platform,
  parseManifest,
} from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import { catalogLimits, imageConfigJson } from './limits.ts';

/** The label that names the directory of a file-based catalog. */
export const configsLabel = 'operators.operatorframework.io.index.configs.v1';
/** The label of the older kind of catalog, a database. */
const databaseLabel = 'operators.operatorframework.io.index.database.v1';

/** Nothing that a catalog has is nested deeper. */
const maxDepth = 5;

/** A store of small contents by digest; every read is verified by whoever reads. The state's content cache is one. */
export interface ByteCache {
  get(digest: Digest): Promise<Uint8Array | undefined>;
  put(digest: Digest, bytes: Uint8Array): Promise<void>;
}

/** What a catalog is read from. */
export interface CatalogSource {
  readonly repository: Repository;
  /** Keeps manifests and configs, so that a catalog that was read once needs no network. */
  readonly cache: ByteCache;
}

/** The image of one platform. */
export interface CatalogInstance {
  readonly manifest: ImageManifest;
  /** The decoded image configuration. */
  readonly config: JsonObject;
  readonly platform: Platform | undefined;
}

/** A catalog image: what its digest names, and the images in it. */
export interface CatalogImage {
  readonly root: Manifest;
  /** In the order of the index; at least one. */
  readonly instances: readonly CatalogInstance[];
}

function absent(what: string, { repository }: CatalogSource): RegistryError {
  const message = `${repository.registry}/${repository.name} has no ${what}.`;
  return new RegistryError('NOT_FOUND', message, {
    hint: 'The catalog may be withdrawn, or the registry is a mirror that lacks it.',
  });
}

async function readManifest(digest: Digest, source: CatalogSource): Promise<Manifest> {
  const cached = await source.cache.get(digest);
  if (cached && digestOf(cached) === digest) return parseManifest(cached);
  const manifest = await source.repository.manifests.fetch(digest);
  if (!manifest) throw absent(`manifest ${digest}`, source);
  await source.cache.put(digest, manifest.raw);
  return manifest;
}

async function readConfig(descriptor: Descriptor, source: CatalogSource): Promise<Uint8Array> {
  const cached = await source.cache.get(descriptor.digest);
  if (cached && digestOf(cached) === descriptor.digest) return cached;
  const what = `The image configuration ${descriptor.digest}`;
  checkLimit(what, descriptor.size, catalogLimits.imageConfig);
  const chunks: Uint8Array[] = [];
  for await (const chunk of await source.repository.blobs.fetch(descriptor)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  await source.cache.put(descriptor.digest, bytes);
  return bytes;
}

function decodeConfig(bytes: Uint8Array, digest: Digest): JsonObject {
  const what = `The image configuration ${digest}`;
  return decodeObject(new TextDecoder().decode(bytes), {
    what,
    limits: imageConfigJson,
    invalid: (why, cause) => new ContentError('CATALOG_INVALID', `${what} ${why}.`, { cause }),
  });
}

function isListed({ platform, artifactType }: Descriptor): boolean {
  // Builders list attestations beside the images, as being for no platform.
  return platform?.os !== 'unknown' && artifactType === undefined;
}

function isArtifact({ artifactType, config }: ImageManifest): boolean {
  return artifactType !== undefined || config.mediaType === mediaTypes.ociEmpty;
}

async function readInstances(
  manifest: Manifest,
  source: CatalogSource,
  place: { readonly platform: Platform | undefined; readonly depth: number },
): Promise<readonly CatalogInstance[]> {
  if (manifest.kind === 'image') {
    if (isArtifact(manifest)) return [];
    const { config } = manifest;
    const decoded = decodeConfig(await readConfig(config, source), config.digest);
    return [{ manifest, config: decoded, platform: place.platform ?? platformOf(decoded) }];
  }
  if (place.depth >= maxDepth) return [];
  const found: CatalogInstance[] = [];
  const children = manifest.manifests.filter(isListed);
  checkLimit(
    `The catalog's index ${manifest.descriptor.digest}`,
    children.length,
    catalogLimits.images,
  );
  for (const child of children) {
    const { platform = place.platform } = child;
    const below = await readManifest(child.digest, source);
    found.push(...(await readInstances(below, source, { platform, depth: place.depth + 1 })));
  }
  return found;
}

function platformOf(config: JsonObject): Platform | undefined {
  const { os, architecture, variant } = config;
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return { os, architecture, ...(typeof variant === 'string' && { variant }) };
}

/**
 * Reads what a catalog image consists of: manifests and configurations of all its platforms, no layer.
 *
 * Effects: everything read is kept in the cache by digest; a second call needs no network.
 * @throws ContentError `CATALOG_INVALID` when there is no image in it; RegistryError.
 */
export async function readCatalogImage(
  digest: Digest,
  source: CatalogSource,
): Promise<CatalogImage> {
  const root = await readManifest(digest, source);
  const instances = await readInstances(root, source, { platform: undefined, depth: 0 });
  if (instances.length > 0) return { root, instances };
  throw new ContentError('CATALOG_INVALID', `${source.repository.name}@${digest} has no image.`);
}

/** Gives the labels of an image. */
export function labelsOf(config: JsonObject): Record<string, unknown> {
  return asObject(asObject(config['config'])['Labels']);
}

/**
 * Gives the directory of a catalog's files in its image, without a slash at either end.
 * @throws ContentError `CATALOG_INVALID` when the image does not name one: it is no file-based catalog.
 * @see spec of oc-mirror's behaviour 5.1
 */
export function configsDirectory({ config, manifest }: CatalogInstance): string {
  const labels = labelsOf(config);
  const label = labels[configsLabel];
  const directory = typeof label === 'string' ? confine(label) : '';
  if (directory !== '') return directory;
  throw new ContentError(
    'CATALOG_INVALID',
    `The image ${manifest.descriptor.digest} is no file-based catalog: it has no label ${configsLabel}.`,
    {
      hint:
        databaseLabel in labels
          ? 'It is a catalog of the older kind, a database; its publisher has to migrate it (opm migrate).'
          : 'Check that the reference names an operator catalog.',
    },
  );
}
