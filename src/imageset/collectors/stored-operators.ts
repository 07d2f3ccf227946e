import {
  type CatalogStoreOptions,
  filterDigest,
  openLayout,
  openReferenceNotes,
  openStoredCatalog,
  type StoredCatalog,
} from '../../catalog/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { MirrorError, messageOf, StorageError } from '../../errors.ts';
import type { Digest } from '../../oci/index.ts';
import type { CollectedCatalog } from '../collector.ts';
import type { ImageSet } from '../config.ts';
import { causeAt } from '../entries.ts';
import { filterStored } from './catalog-filter.ts';
import { type CatalogReference, pulledName } from './catalog-reference.ts';
import { operatorEntries, readEntry } from './operator-entry.ts';
import { catalogFailure, examineFiltered, type OperatorEntry } from './operator-failures.ts';

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

/** What the workspace tells of the operators of an image set. */
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

/** Entries that name one catalog say but once that it is not known. */
function sayOnce(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const told = new Set<string>();
  return diagnostics.filter(({ code, text = '' }) => {
    if (code !== 'catalog-not-in-workspace') return true;
    const isNew = !told.has(text);
    told.add(text);
    return isNew;
  });
}

/**
 * Says of the operators of an image set what collecting them would say, as far as the workspace knows their catalogs.
 *
 * Nothing is asked of any registry and no image is made; filter results are kept as collecting keeps them.
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
    diagnostics: sayOnce(known.flatMap(({ diagnostics }) => diagnostics)),
  };
}
