import { stat } from 'node:fs/promises';
import {
  type CatalogStoreOptions,
  type FilteredCatalog,
  filterCatalog,
  filterDigest,
  openReferenceNotes,
  openStoredCatalog,
  type StoredCatalog,
} from '../../catalog/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { ConfigError, MirrorError, messageOf, StorageError } from '../../errors.ts';
import { openLayout } from '../../image/index.ts';
import type { Digest } from '../../oci/index.ts';
import type { CollectedCatalog } from '../collector.ts';
import type { ImageSet, OperatorCatalog } from '../config.ts';
import { causeAt } from '../entries.ts';
import { grammarError, parseImageSpec } from '../image-spec.ts';
import { type CatalogReference, pulledName, readCatalogReference } from './catalog-reference.ts';
import {
  catalogFailure,
  examineFiltered,
  type OperatorEntry,
  operatorEntries,
  readEntry,
} from './operator-entry.ts';

/** A catalog as the workspace has it. */
export interface KnownCatalog {
  readonly digest: Digest;
  readonly catalog: StoredCatalog;
}

/**
 * Opens a catalog out of the workspace, asking no registry: a tag means what it meant when a run last asked for it.
 * Gives `undefined` when the workspace does not have it.
 * @throws ContentError `CATALOG_INVALID` when an `oci://` directory is no image layout
 */
export async function openKnownCatalog(
  reference: CatalogReference,
  options: CatalogStoreOptions,
): Promise<KnownCatalog | undefined> {
  const { spec, isLayout } = reference;
  const digest = isLayout
    ? (await openLayout(spec.path)).root.descriptor.digest
    : (spec.digest ?? (await openReferenceNotes(options).recall(pulledName(reference))));
  const catalog = digest && (await openStoredCatalog(digest, options));
  return catalog && { digest, catalog };
}

/** The layout of kept filter results; another number makes them be made again. */
const resultFormat = 4;

/**
 * Filters a stored catalog by an operator entry, or recalls an earlier result of this filter.
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

/**
 * Gives the result of an operator entry for another digest of its catalog, if the workspace still has it; no registry is asked.
 */
export async function recallFiltered(
  entry: OperatorCatalog,
  digest: Digest,
  options: CatalogStoreOptions,
): Promise<FilteredCatalog | undefined> {
  const reference = readCatalogReference(entry);
  if (reference instanceof ConfigError) return undefined;
  const catalog = await openStoredCatalog(digest, options);
  if (!catalog) return undefined;
  const filtered = await filterStored(catalog, entry, filterDigest(entry, reference.name, digest));
  return filtered.errors.length > 0 ? undefined : filtered;
}

/** The knowledge of the workspace about the operators of an image set. */
export interface KnownOperators {
  /** Entries whose catalog the workspace does not have are missing. */
  readonly catalogs: readonly CollectedCatalog[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Known {
  readonly found?: CollectedCatalog;
  readonly diagnostics: readonly Diagnostic[];
  /** Its catalog is not in the workspace. */
  readonly missing?: OperatorEntry;
}

function unchecked(
  entry: OperatorEntry,
  detail: string,
  catalogs: readonly string[] = [],
): Diagnostic {
  const fix = catalogs.map((name) => `imageset-mirror list operators --catalog ${name}`).join('\n');
  return {
    severity: 'notice',
    code: 'catalog-not-in-workspace',
    summary: 'Operators are not checked.',
    detail,
    ...(fix && { fix }),
    text: entry.catalog.catalog,
    at: causeAt(entry.imageSet, 'operators', entry.index, 'catalog').at,
  };
}

const remedy =
  'No registry is asked here. List the packages once, or plan, with the same workspace.';

/** Tells of all catalogs that the workspace does not have in one notice, at the first of them. */
function tellMissing(missing: readonly OperatorEntry[]): Diagnostic[] {
  const [first] = missing;
  const names = [...new Set(missing.map(({ catalog }) => catalog.catalog))];
  const detail = `The workspace does not have ${names.join(', ')}. ${remedy}`;
  return first ? [unchecked(first, detail, names)] : [];
}

async function isThere(directory: string): Promise<boolean> {
  return await stat(directory).then(
    () => true,
    () => false,
  );
}

async function examine(entry: OperatorEntry, options: CatalogStoreOptions): Promise<Known> {
  const reference = readEntry(entry);
  if ('diagnostic' in reference) return { diagnostics: [reference.diagnostic] };
  const name = entry.catalog.catalog;
  // The rules tell of a name that no registry can have.
  if (grammarError(name) !== undefined) return { diagnostics: [] };
  // The file may be for another machine, which has the directory.
  if (reference.isLayout && !(await isThere(reference.spec.path))) {
    return { diagnostics: [unchecked(entry, `This machine does not have ${name}.`)] };
  }
  const known = await openKnownCatalog(reference, options);
  if (!known) return { diagnostics: [], missing: entry };
  const { digest, catalog } = known;
  const filterTag = filterDigest(entry.catalog, reference.name, digest);
  const filtered = await filterStored(catalog, entry.catalog, filterTag);
  const damage = filtered.errors.find(({ cause }) => cause instanceof StorageError);
  if (damage) {
    return { diagnostics: [unchecked(entry, `${messageOf(damage.cause)} ${remedy}`, [name])] };
  }
  const { failures, remarks } = examineFiltered(filtered, entry);
  return {
    found: { entry: entry.index, digest, filtered, reader: catalog },
    diagnostics: [...failures.map(({ diagnostic }) => diagnostic), ...remarks],
  };
}

async function examineSafely(entry: OperatorEntry, options: CatalogStoreOptions): Promise<Known> {
  try {
    return await examine(entry, options);
  } catch (thrown) {
    if (!(thrown instanceof MirrorError)) throw thrown;
    return { diagnostics: [catalogFailure(thrown, 'collect', entry).diagnostic] };
  }
}

/**
 * Gives the findings about the operators of an image set that collecting would give, as far as the workspace knows the catalogs.
 *
 * No registry is asked and no image is made; filter results are kept as collecting keeps them.
 */
export async function examineOperators(
  imageSet: ImageSet,
  options: CatalogStoreOptions,
): Promise<KnownOperators> {
  const known = await Promise.all(
    operatorEntries(imageSet).map((entry) => examineSafely(entry, options)),
  );
  return {
    catalogs: known.flatMap(({ found }) => found ?? []),
    diagnostics: [
      ...known.flatMap((one) => one.diagnostics),
      ...tellMissing(known.flatMap(({ missing }) => missing ?? [])),
    ],
  };
}
