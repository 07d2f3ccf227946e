import { ContentError, RegistryError } from '../errors.ts';
import {
  type Descriptor,
  type Digest,
  digestOf,
  type Manifest,
  parseManifest,
} from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import { type ComponentList, parseComponents } from './component.ts';
import { readLayerFiles } from './layer.ts';
import { releaseLimits } from './limits.ts';
import type { ByteCache } from './workspace.ts';

const componentsFile = 'release-manifests/image-references';
const metadataFile = 'release-manifests/release-metadata';
const bootImagesFile = 'release-manifests/0000_50_installer_coreos-bootimages.yaml';
const keyAnnotation = 'release.openshift.io/verification-config-map';

/** Layers up to this many bytes are kept in the cache; the one that lists components has a few million. */
const maxCachedLayerBytes = 64 * 1024 * 1024;

/** Key ConfigMaps are small; larger YAML files are not looked at. Bytes. */
const maxKeyFileBytes = 1024 * 1024;

/** What one release consists of. */
export interface Payload extends ComponentList {
  readonly digest: Digest;
  /** Whether the payload is an index, with one image for each architecture. */
  readonly isIndex: boolean;
  /** ConfigMap of boot images, where the payload has one. */
  readonly bootImages: string | undefined;
  /** ConfigMaps that carry release keys. */
  readonly keyFiles: readonly string[];
  /** The files that oc-mirror's own delete looks for, by their path inside the payload. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What a payload is read from. */
export interface PayloadSource {
  readonly repository: Repository;
  readonly cache: ByteCache<Digest>;
}

async function readManifest(digest: Digest, source: PayloadSource): Promise<Manifest> {
  const cached = await source.cache.get(digest);
  if (cached && digestOf(cached) === digest) return parseManifest(cached);
  const manifest = await source.repository.manifests.fetch(digest);
  if (!manifest) {
    const { registry, name } = source.repository;
    throw new RegistryError('NOT_FOUND', `${registry}/${name}@${digest} is not there.`, {
      hint: 'The release may be withdrawn, or the registry is a mirror that lacks it.',
    });
  }
  await source.cache.put(digest, manifest.raw);
  return manifest;
}

function firstImage(index: Manifest & { kind: 'index' }): Descriptor {
  // Component lists are the same for all architectures of an index; oc-mirror reads the host's.
  const [first] = index.manifests;
  const amd64 = index.manifests.find(({ platform }) => platform?.architecture === 'amd64');
  const child = amd64 ?? first;
  if (child) return child;
  throw new ContentError('PAYLOAD_INVALID', 'The release payload is an index without images.');
}

async function layerBytes(
  layer: Descriptor,
  source: PayloadSource,
): Promise<AsyncIterable<Uint8Array>> {
  if (layer.size > maxCachedLayerBytes) return await source.repository.blobs.fetch(layer);
  const cached = await source.cache.get(layer.digest);
  if (cached && digestOf(cached) === layer.digest) return only(cached);
  const chunks: Uint8Array[] = [];
  for await (const chunk of await source.repository.blobs.fetch(layer)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  await source.cache.put(layer.digest, bytes);
  return only(bytes);
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function isWanted(name: string, size: number): boolean {
  if (name === componentsFile || name === metadataFile || name === bootImagesFile) return true;
  return /^release-manifests\/[^/]+\.ya?ml$/.test(name) && size <= maxKeyFileBytes;
}

function toPayload(
  digest: Digest,
  isIndex: boolean,
  found: ReadonlyMap<string, Uint8Array>,
): Payload {
  const text = (name: string): string | undefined => {
    const bytes = found.get(name);
    return bytes && new TextDecoder().decode(bytes);
  };
  const kept = [componentsFile, metadataFile, bootImagesFile];
  return {
    ...parseComponents(text(componentsFile) ?? ''),
    digest,
    isIndex,
    bootImages: text(bootImagesFile),
    keyFiles: [...found.keys()]
      .filter((name) => !kept.includes(name))
      .map((name) => text(name) ?? '')
      .filter((file) => file.includes(keyAnnotation)),
    files: new Map([...found].filter(([name]) => kept.includes(name))),
  };
}

/**
 * Reads what a release consists of, moving as little as can be: the manifest, and of its layers the last one that has
 * `release-manifests/`, which is the last one of all in what is published.
 *
 * Effects: manifests and the layer are kept in the cache by digest; a second call needs no network.
 * Limits: files of at most 32 MiB, an index at most five deep. Every byte is verified against `digest`.
 * @throws ContentError `PAYLOAD_INVALID`, `DIGEST_MISMATCH`; RegistryError.
 */
export async function readPayload(digest: Digest, source: PayloadSource): Promise<Payload> {
  let manifest = await readManifest(digest, source);
  const isIndex = manifest.kind === 'index';
  for (let depth = 0; manifest.kind === 'index' && depth < 5; depth += 1) {
    manifest = await readManifest(firstImage(manifest).digest, source);
  }
  if (manifest.kind === 'index') {
    throw new ContentError('PAYLOAD_INVALID', 'The release payload is an index of indexes.');
  }
  for (const layer of manifest.layers.toReversed()) {
    const files = await readLayerFiles(layer, await layerBytes(layer, source), isWanted);
    if (files.has(componentsFile)) return toPayload(digest, isIndex, files);
  }
  throw new ContentError(
    'PAYLOAD_INVALID',
    `${source.repository.name}@${digest} has no ${componentsFile}: it is no release image.`,
    {
      hint: `A release image lists its components there (at most ${releaseLimits.payloadFile.most} bytes).`,
    },
  );
}
