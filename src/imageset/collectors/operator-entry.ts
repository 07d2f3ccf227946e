import { ConfigError } from '../../errors.ts';
import type { CollectionFailure } from '../collector.ts';
import type { ImageSet } from '../config.ts';
import { platformFault } from '../config.ts';
import { type CatalogReference, parseCatalogReference } from './catalog-reference.ts';
import { catalogFailure, type OperatorEntry } from './operator-failures.ts';

/** Gives the operator entries of an image set, in their order. */
export function operatorEntries(imageSet: ImageSet): readonly OperatorEntry[] {
  const { operators = [] } = imageSet.mirror;
  return operators.map((catalog, index) => ({ imageSet, index, catalog }));
}

/** Reads which catalog an entry names, or why that cannot be one. */
export function readEntry(entry: OperatorEntry): CatalogReference | CollectionFailure {
  try {
    const fault = platformFault(entry.catalog.platforms);
    if (fault !== undefined) throw new ConfigError('CONFIG_INVALID', fault);
    return parseCatalogReference(entry.catalog);
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return catalogFailure(thrown, 'parse', entry);
  }
}
