import { type FilteredCatalog, filterCatalog, type StoredCatalog } from '../../catalog/index.ts';
import type { OperatorCatalog } from '../config.ts';
import { parseImageSpec } from '../image-spec.ts';

/** The layout of kept filter results; another number makes them be made again. */
const resultFormat = 3;

/**
 * Filters a stored catalog as an operator entry says, or recalls what that gave before.
 *
 * Shape: `filterTag` is the digest of the filter and the catalog.
 */
export async function filterStored(
  catalog: StoredCatalog,
  wish: OperatorCatalog,
  filterTag: string,
): Promise<FilteredCatalog> {
  const key = `result-${resultFormat}-${filterTag}`;
  const kept = (await catalog.recall(key)) as FilteredCatalog | undefined;
  if (kept) return kept;
  const filtered = await filterCatalog(catalog, wish, parseImageSpec);
  if (filtered.errors.length === 0) await catalog.remember(key, filtered);
  return filtered;
}
