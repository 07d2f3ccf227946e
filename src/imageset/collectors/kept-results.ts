import {
  type CatalogStoreOptions,
  type FilteredCatalog,
  filterDigest,
  recallResult,
} from '../../catalog/index.ts';
import { ConfigError } from '../../errors.ts';
import type { Digest } from '../../oci/index.ts';
import type { OperatorCatalog } from '../config.ts';
import { parseCatalogReference } from './catalog-reference.ts';

/** The layout of kept filter results; another number makes them be made again. */
const resultFormat = 1;

/** Gives the key under which a catalog's store keeps what a filter gave. */
export function resultKey(filterTag: string): string {
  return `result-${resultFormat}-${filterTag}`;
}

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
  { directory }: Pick<CatalogStoreOptions, 'directory'>,
): Promise<FilteredCatalog | undefined> {
  const name = catalogName(entry);
  if (name === undefined) return undefined;
  const key = resultKey(filterDigest(entry, name, digest));
  return (await recallResult(digest, key, { directory })) as FilteredCatalog | undefined;
}
