import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { oneChunk, readAll } from '../base/index.ts';
import {
  algorithmOf,
  type Descriptor,
  type Digest,
  Digester,
  hexOf,
  parseManifest,
} from '../oci/index.ts';
import { layerPath, type PackageTexts } from './configs-layer.ts';
import type { CatalogImage } from './image.ts';
import { type NewBlob, type RebuiltCatalog, rebuildCatalog } from './rebuild.ts';
import type { StoredCatalog } from './store.ts';

/** The layout of kept rebuilds; another number makes them be made again. */
const format = 1;

interface KeptRebuild {
  readonly format: number;
  /** Base64, as are `manifests` and `configs`. */
  readonly index: string;
  readonly manifests: readonly string[];
  readonly configs: readonly { readonly descriptor: Descriptor; readonly bytes: string }[];
  readonly layers: readonly Descriptor[];
  readonly kept: readonly Descriptor[];
}

/** A rebuild that may have been made before. */
export interface RebuildRequest {
  /** Names what is chosen of the catalog: the digest of a filter. */
  readonly key: string;
  /** Gives what is chosen; called only when it has to be made. */
  readonly packages: () => AsyncIterable<PackageTexts> | Iterable<PackageTexts>;
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

async function isWhole(path: string, digest: Digest): Promise<boolean> {
  const digester = new Digester(algorithmOf(digest));
  try {
    for await (const chunk of createReadStream(path)) digester.update(chunk as Uint8Array);
  } catch {
    return false;
  }
  return digester.end() === digest;
}

async function toKept(rebuilt: RebuiltCatalog): Promise<KeptRebuild> {
  const configDigests = new Set<string>(rebuilt.manifests.map(({ config }) => config.digest));
  const configs: { readonly descriptor: Descriptor; readonly bytes: string }[] = [];
  for (const { descriptor, open } of rebuilt.blobs) {
    if (!configDigests.has(descriptor.digest)) continue;
    configs.push({ descriptor, bytes: encode(await readAll(await open())) });
  }
  const layers = rebuilt.blobs
    .map(({ descriptor }) => descriptor)
    .filter(({ digest }) => !configDigests.has(digest));
  return {
    format,
    index: encode(rebuilt.index.raw),
    manifests: rebuilt.manifests.map(({ raw }) => encode(raw)),
    configs,
    layers,
    kept: rebuilt.kept,
  };
}

async function fromKept(kept: KeptRebuild, directory: string): Promise<RebuiltCatalog | undefined> {
  if (kept.format !== format) return undefined;
  const layers: NewBlob[] = [];
  for (const descriptor of kept.layers) {
    const path = layerPath(directory, descriptor.digest);
    if (!(await isWhole(path, descriptor.digest))) return undefined;
    layers.push({ descriptor, open: async () => createReadStream(path) });
  }
  const configs = kept.configs.map(({ descriptor, bytes }) => ({
    descriptor,
    open: async () => oneChunk(decode(bytes)),
  }));
  const manifests = kept.manifests
    .map((raw) => parseManifest(decode(raw)))
    .filter((manifest) => manifest.kind === 'image');
  const index = parseManifest(decode(kept.index));
  return { index, manifests, blobs: [...configs, ...layers], kept: kept.kept };
}

function directoryOf(catalog: StoredCatalog): string {
  return join(catalog.directory, 'layers');
}

async function recallBy(key: string, catalog: StoredCatalog): Promise<RebuiltCatalog | undefined> {
  const kept = (await catalog.recall(`rebuilt-${key}`)) as KeptRebuild | undefined;
  return kept && (await fromKept(kept, directoryOf(catalog)));
}

/** By its digest a later run finds what it was chosen by. */
function digestKey(digest: Digest): string {
  return `rebuilt-as-${hexOf(digest)}`;
}

/** Gives the rebuild of a catalog that has a digest; `undefined` when this workspace has not made it, or not kept it whole. */
export async function recallRebuilt(
  catalog: StoredCatalog,
  digest: Digest,
): Promise<RebuiltCatalog | undefined> {
  const key = await catalog.recall(digestKey(digest));
  const rebuilt = typeof key === 'string' ? await recallBy(key, catalog) : undefined;
  return rebuilt?.index.descriptor.digest === digest ? rebuilt : undefined;
}

/**
 * Rebuilds a catalog, or gives what was made of the same choice before.
 *
 * Effects: layers and manifests are kept beside the stored catalog, which is that of `image`; layers are verified
 * before they are used again.
 * @throws ContentError `CATALOG_INVALID`; whatever `packages` throws.
 */
export async function rebuildCached(
  image: CatalogImage,
  catalog: StoredCatalog,
  { key, packages }: RebuildRequest,
): Promise<RebuiltCatalog> {
  const before = await recallBy(key, catalog);
  const rebuilt = before ?? (await rebuildCatalog(image, packages(), directoryOf(catalog)));
  if (!before) await catalog.remember(`rebuilt-${key}`, await toKept(rebuilt));
  const name = digestKey(rebuilt.index.descriptor.digest);
  if ((await catalog.recall(name)) !== key) await catalog.remember(name, key);
  return rebuilt;
}
