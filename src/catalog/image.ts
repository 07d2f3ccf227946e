import { asObject, checkLimit, decodeObject, type JsonObject } from '../base/index.ts';
import { type ContentSource, confine, readBlob, requireManifest } from '../content/index.ts';
import { ContentError } from '../errors.ts';
import {
  type Descriptor,
  type Digest,
  type ImageManifest,
  type Manifest,
  mediaTypes,
  type Platform,
} from '../oci/index.ts';
import { catalogLimits, imageConfigJson } from './limits.ts';

/** The label that names the directory of a file-based catalog. */
export const configsLabel = 'operators.operatorframework.io.index.configs.v1';
/** The label of the older kind of catalog, a database. */
const databaseLabel = 'operators.operatorframework.io.index.database.v1';

/** Nothing that a catalog has is nested deeper. */
const maxDepth = 5;

/** The image of one platform. */
export interface CatalogInstance {
  readonly manifest: ImageManifest;
  /** The decoded image configuration. */
  readonly config: JsonObject;
  readonly platform: Platform | undefined;
}

/** A catalog image: its manifest or index, and the images inside. */
export interface CatalogImage {
  readonly root: Manifest;
  /** In the order of the index; at least one. */
  readonly instances: readonly CatalogInstance[];
}

async function readConfig(descriptor: Descriptor, source: ContentSource): Promise<JsonObject> {
  const what = `The image configuration ${descriptor.digest}`;
  const bytes = await readBlob(descriptor, source, { what, limit: catalogLimits.imageConfig });
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
  source: ContentSource,
  place: { readonly platform: Platform | undefined; readonly depth: number },
): Promise<readonly CatalogInstance[]> {
  if (manifest.kind === 'image') {
    if (isArtifact(manifest)) return [];
    const config = await readConfig(manifest.config, source);
    return [{ manifest, config, platform: place.platform ?? platformOf(config) }];
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
    const below = await requireManifest(child.digest, source, 'catalog');
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
 * Reads the manifests and configurations of all platforms of a catalog image, but no layers.
 *
 * Effects: everything read is kept in the cache by digest; a second call needs no network.
 * @throws ContentError `CATALOG_INVALID` when there is no image in it; RegistryError.
 */
export async function readCatalogImage(
  digest: Digest,
  source: ContentSource,
): Promise<CatalogImage> {
  const root = await requireManifest(digest, source, 'catalog');
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
