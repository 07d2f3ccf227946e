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
import { parseImageSpec } from '../image-spec.ts';
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

type Known = { readonly found?: CollectedCatalog; readonly diagnostics: readonly Diagnostic[] };

function unknownCatalog({ imageSet, index, catalog }: OperatorEntry, why: string): Diagnostic {
  return {
    severity: 'notice',
    code: 'catalog-not-in-workspace',
    summary: 'The operators of a catalog are not checked.',
    detail: `${why} No registry is asked for it here. List it once, or plan, with the same workspace.`,
    fix: `imageset-mirror list operators --catalog ${catalog.catalog}`,
    text: catalog.catalog,
    at: causeAt(imageSet, 'operators', index, 'catalog').at,
  };
}

async function examine(entry: OperatorEntry, options: CatalogStoreOptions): Promise<Known> {
  const reference = readEntry(entry);
  if ('diagnostic' in reference) return { diagnostics: [reference.diagnostic] };
  const known = await openKnownCatalog(reference, options);
  if (!known) {
    const why = `The workspace does not have ${entry.catalog.catalog}.`;
    return { diagnostics: [unknownCatalog(entry, why)] };
  }
  const { digest, catalog } = known;
  const filterTag = filterDigest(entry.catalog, reference.name, digest);
  const filtered = await filterStored(catalog, entry.catalog, filterTag);
  const damage = filtered.errors.find(({ cause }) => cause instanceof StorageError);
  if (damage) return { diagnostics: [unknownCatalog(entry, messageOf(damage.cause))] };
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
  const diagnostics = known.flatMap((one) => one.diagnostics);
  const unknown = diagnostics.filter(({ code }) => code === 'catalog-not-in-workspace');
  const first = new Set(new Map(unknown.toReversed().map((one) => [one.text, one])).values());
  return {
    catalogs: known.flatMap(({ found }) => found ?? []),
    // A catalog that several entries name is reported as unknown once.
    diagnostics: diagnostics.filter((one) => !unknown.includes(one) || first.has(one)),
  };
}
