import { asObject, checkLimit, decodeObject, type JsonObject } from '../base/index.ts';
import { type ContentSource, lookUpManifest, readBlob, requireManifest } from '../content/index.ts';
import { ContentError } from '../errors.ts';
import {
  type Descriptor,
  type Digest,
  type ImageManifest,
  isImageConfigType,
  type Manifest,
  mediaTypes,
  type Platform,
} from '../oci/index.ts';
import { imageConfigJson, imageLimits } from './limits.ts';

/** Nothing that is read here is nested deeper. */
const maxDepth = 5;

/** The part that an image plays, for errors. */
export interface ImageRole {
  /** `catalog`, `base image`. */
  readonly what: string;
  /** The error code for a broken image: it names the kind of content. */
  readonly code: 'CATALOG_INVALID' | 'GRAPH_INVALID';
  /** `skipped`: the source may lack images of an index, because it was filled for some platforms alone. */
  readonly absent?: 'skipped' | undefined;
}

/** The image of one platform. */
export interface ImageInstance {
  readonly manifest: ImageManifest;
  /** The decoded image configuration. */
  readonly config: JsonObject;
  readonly platform: Platform | undefined;
}

/** A manifest or index, and the images inside. */
export interface WholeImage {
  readonly root: Manifest;
  /** In the order of the index; at least one. */
  readonly instances: readonly ImageInstance[];
}

/** Where an image is read, and its part. */
interface Reading {
  readonly source: ContentSource;
  readonly role: ImageRole;
}

async function readConfig(descriptor: Descriptor, { source, role }: Reading): Promise<JsonObject> {
  const what = `The image configuration ${descriptor.digest}`;
  const bytes = await readBlob(descriptor, source, { what, limit: imageLimits.config });
  return decodeObject(new TextDecoder().decode(bytes), {
    what,
    limits: imageConfigJson,
    invalid: (why, cause) => new ContentError(role.code, `${what} ${why}.`, { cause }),
  });
}

function isListed({ platform, artifactType }: Descriptor): boolean {
  // Builders list attestations beside the images, as being for no platform.
  return platform?.os !== 'unknown' && isOfImages(artifactType);
}

function isOfImages(artifactType: string | undefined): boolean {
  return artifactType === undefined || isImageConfigType(artifactType);
}

async function readInstances(
  manifest: Manifest,
  reading: Reading,
  place: { readonly platform: Platform | undefined; readonly depth: number },
): Promise<readonly ImageInstance[]> {
  const { source, role } = reading;
  if (manifest.kind === 'image') {
    const isArtifact = manifest.config.mediaType === mediaTypes.ociEmpty;
    if (isArtifact || !isOfImages(manifest.artifactType)) return [];
    const config = await readConfig(manifest.config, reading);
    return [{ manifest, config, platform: place.platform ?? platformOf(config) }];
  }
  if (place.depth >= maxDepth) return [];
  const found: ImageInstance[] = [];
  const children = manifest.manifests.filter(isListed);
  const name = `The index ${manifest.descriptor.digest} of the ${role.what}`;
  checkLimit(name, children.length, imageLimits.images);
  for (const child of children) {
    const { platform = place.platform } = child;
    if (role.absent === 'skipped' && !(await lookUpManifest(child.digest, source))) continue;
    const below = await requireManifest(child.digest, source, role.what);
    found.push(...(await readInstances(below, reading, { platform, depth: place.depth + 1 })));
  }
  return found;
}

function platformOf(config: JsonObject): Platform | undefined {
  const { os, architecture, variant } = config;
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return { os, architecture, ...(typeof variant === 'string' && { variant }) };
}

/**
 * Reads the manifests and configurations of all platforms of an image, but no layers.
 *
 * Effects: everything read is kept in the cache by digest; a second call needs no network.
 * @throws ContentError with the code of the role when there is no image in it; RegistryError.
 */
export async function readImage(
  digest: Digest,
  source: ContentSource,
  role: ImageRole,
): Promise<WholeImage> {
  const root = await requireManifest(digest, source, role.what);
  const place = { platform: undefined, depth: 0 };
  const instances = await readInstances(root, { source, role }, place);
  if (instances.length > 0) return { root, instances };
  throw new ContentError(role.code, `${source.repository.name}@${digest} has no image.`);
}

/** Gives the labels of an image. */
export function labelsOf(config: JsonObject): Record<string, unknown> {
  return asObject(asObject(config['config'])['Labels']);
}
