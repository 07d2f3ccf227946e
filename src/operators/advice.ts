import {
  type Advice,
  adviseChange,
  adviseDependencies,
  type CatalogOffers,
  type CatalogStoreOptions,
  type ComparedIndexes,
  collectOffers,
  type FilteredCatalog,
  type StoredCatalog,
} from '../catalog/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { loadImageSet, placeAdvice, recallFiltered } from '../imageset/index.ts';
import type { State } from '../state/index.ts';
import { type CatalogPair, type EntryCatalog, upstreamDigest } from './pairs.ts';

/** The key of a catalog's kept offers; with another number they are collected again. */
const offersKey = 'offers-2';

async function offersOf(reader: StoredCatalog): Promise<CatalogOffers> {
  const kept = (await reader.recall(offersKey)) as CatalogOffers | undefined;
  if (kept) return kept;
  const offers = await collectOffers(reader);
  await reader.remember(offersKey, offers);
  return offers;
}

/** The offers of a catalog cost a read of all packages, so they are used only if something is missing. */
async function adviseMissing(
  { filtered, reader }: EntryCatalog,
  mirrored: readonly FilteredCatalog[],
): Promise<readonly Advice[]> {
  const missing = adviseDependencies(filtered, { mirrored });
  if (missing.length === 0) return [];
  return adviseDependencies(filtered, { mirrored, offers: await offersOf(reader) });
}

/** Names two indexes; where both have one name, their digests tell them apart. */
function nameIndexes(before: EntryCatalog, after: EntryCatalog): ComparedIndexes {
  const [was, now] = [before.catalog.catalog, after.catalog.catalog];
  if (was !== now) return { before: was, after: now };
  const named = ({ digest }: EntryCatalog) => `${was} (${digest.slice(0, 'sha256:'.length + 12)})`;
  return { before: named(before), after: named(after) };
}

/**
 * Advises about several catalogs: requirements of operators that no catalog meets, and losses for clusters by a change. Each
 * diagnostic has its line.
 *
 * `elsewhere`: the catalogs of other image sets of the target.
 */
export async function adviseCatalogs(
  pairs: readonly CatalogPair[],
  elsewhere: readonly FilteredCatalog[],
): Promise<readonly Diagnostic[]> {
  const mirrored = [...pairs.flatMap(({ after }) => after?.filtered ?? []), ...elsewhere];
  const found: Diagnostic[] = [];
  for (const { before, after } of pairs) {
    if (!after) continue;
    const changed = before
      ? adviseChange(before.filtered, after.filtered, nameIndexes(before, after))
      : [];
    const advice = [...(await adviseMissing(after, mirrored)), ...changed];
    found.push(...advice.map((one) => placeAdvice(one, after)));
  }
  return found;
}

/**
 * Gives the filtered catalogs of image sets outside of this run, as far as the workspace has them.
 *
 * Their texts and the digests of their catalogs come from the state; no request is sent.
 */
export async function catalogsElsewhere(
  { imageSets, placements }: Pick<State, 'imageSets' | 'placements'>,
  ownImageSets: ReadonlySet<string>,
  store: CatalogStoreOptions,
): Promise<readonly FilteredCatalog[]> {
  const found: FilteredCatalog[] = [];
  for (const file of imageSets.filter(({ name }) => !ownImageSets.has(name))) {
    const { imageSet } = loadImageSet(file, 'ImageSetConfiguration');
    const digests = placements
      .filter((one) => one.kind === 'operatorCatalog' && one.imageSets.includes(file.name))
      .flatMap((one) => upstreamDigest(one) ?? []);
    for (const entry of imageSet?.mirror.operators ?? []) {
      for (const digest of digests) {
        // Each entry has its own key, so a wrong pair of entry and digest finds nothing.
        const filtered = await recallFiltered(entry, digest, store);
        if (filtered) found.push(filtered);
      }
    }
  }
  return found;
}
