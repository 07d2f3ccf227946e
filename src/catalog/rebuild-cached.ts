import { join } from 'node:path';
import {
  type KeptImage,
  keepImage,
  type MadeImage,
  recallImage,
  type WholeImage,
} from '../image/index.ts';
import { type Digest, hexOf } from '../oci/index.ts';
import type { PackageTexts } from './model.ts';
import { rebuildCatalog } from './rebuild.ts';
import type { StoredCatalog } from './store.ts';

/** A rebuild that may exist already. */
export interface RebuildRequest {
  /** The digest of the filter. */
  readonly key: string;
  /** Gives the chosen packages; called only if the rebuild does not exist. */
  readonly packages: () => AsyncIterable<PackageTexts> | Iterable<PackageTexts>;
}

function directoryOf(catalog: StoredCatalog): string {
  return join(catalog.directory, 'layers');
}

async function recallBy(key: string, catalog: StoredCatalog): Promise<MadeImage | undefined> {
  const kept = (await catalog.recall(`rebuilt-${key}`)) as KeptImage | undefined;
  return kept && (await recallImage(kept, directoryOf(catalog)));
}

/** By the digest of a rebuild a later run finds its key. */
function digestKey(digest: Digest): string {
  return `rebuilt-as-${hexOf(digest)}`;
}

/** Gives the rebuild with a digest; `undefined` if this workspace does not have it as a whole. */
export async function recallRebuilt(
  catalog: StoredCatalog,
  digest: Digest,
): Promise<MadeImage | undefined> {
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
  image: WholeImage,
  catalog: StoredCatalog,
  { key, packages }: RebuildRequest,
): Promise<MadeImage> {
  const before = await recallBy(key, catalog);
  const rebuilt = before ?? (await rebuildCatalog(image, packages(), directoryOf(catalog)));
  if (!before) await catalog.remember(`rebuilt-${key}`, await keepImage(rebuilt));
  const name = digestKey(rebuilt.index.descriptor.digest);
  if ((await catalog.recall(name)) !== key) await catalog.remember(name, key);
  return rebuilt;
}
