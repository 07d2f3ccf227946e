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

/** The layout of kept rebuilds; with another number they are made again. */
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

/** A rebuild that may exist already. */
export interface RebuildRequest {
  /** The digest of the filter. */
  readonly key: string;
  /** Gives the chosen packages; called only if the rebuild does not exist. */
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

/** By the digest of a rebuild a later run finds its key. */
function digestKey(digest: Digest): string {
  return `rebuilt-as-${hexOf(digest)}`;
}

/** Gives the rebuild with a digest; `undefined` if this workspace does not have it as a whole. */
export async function recallRebuilt(
  catalog: StoredCatalog,
  digest: Digest,
): Promise<RebuiltCatalog | undefined> {
  const key = await catalog.recall(digestKey(digest));
  const rebuilt = typeof key === 'string' ? await recallBy(key, catalog) : undefined;
  return rebuilt?.index.descriptor.digest === digest ? rebuilt : undefined;
}

/**
 * Rebuilds a catalog, or gives an earlier rebuild of the same choice.
 *
 * Effects: keeps layers and manifests beside the stored catalog of `image`; verifies layers before it uses them again.
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
