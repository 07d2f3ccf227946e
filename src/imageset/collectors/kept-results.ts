import {
  type CatalogStoreOptions,
  type FilteredCatalog,
  filterDigest,
  openStoredCatalog,
} from '../../catalog/index.ts';
import { ConfigError } from '../../errors.ts';
import type { Digest } from '../../oci/index.ts';
import type { OperatorCatalog } from '../config.ts';
import { filterStored } from './catalog-filter.ts';
import { parseCatalogReference } from './catalog-reference.ts';

function catalogName(entry: OperatorCatalog): string | undefined {
  try {
    return parseCatalogReference(entry).name;
  } catch (thrown) {
    if (thrown instanceof ConfigError) return undefined;
    throw thrown;
  }
}

/**
 * Gives what an operator entry kept of its catalog when that had another digest, if the workspace still has it.
 *
 * No registry is asked.
 */
export async function recallFiltered(
  entry: OperatorCatalog,
  digest: Digest,
  options: CatalogStoreOptions,
): Promise<FilteredCatalog | undefined> {
  const name = catalogName(entry);
  if (name === undefined) return undefined;
  const catalog = await openStoredCatalog(digest, options);
  if (!catalog) return undefined;
  const filtered = await filterStored(catalog, entry, filterDigest(entry, name, digest));
  return filtered.errors.length > 0 ? undefined : filtered;
}
