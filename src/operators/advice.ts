import {
  type Advice,
  adviseChange,
  adviseDependencies,
  type CatalogOffers,
  type CatalogStoreOptions,
  collectOffers,
  type FilteredCatalog,
  type StoredCatalog,
} from '../catalog/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { loadImageSet, placeAdvice, recallFiltered } from '../imageset/index.ts';
import type { State } from '../state/index.ts';
import { type CatalogPair, type EntryCatalog, upstreamDigest } from './pairs.ts';

/** Under which a catalog's offers are kept; another number makes them be collected again. */
const offersKey = 'offers-2';

async function offersOf(reader: StoredCatalog): Promise<CatalogOffers> {
  const kept = (await reader.recall(offersKey)) as CatalogOffers | undefined;
  if (kept) return kept;
  const offers = await collectOffers(reader);
  await reader.remember(offersKey, offers);
  return offers;
}

/** To know everything that a catalog has means to read it whole, so it is asked only when something is missing. */
async function adviseMissing(
  { filtered, reader }: EntryCatalog,
  mirrored: readonly FilteredCatalog[],
): Promise<readonly Advice[]> {
  const missing = adviseDependencies(filtered, { mirrored });
  if (missing.length === 0) return [];
  return adviseDependencies(filtered, { mirrored, offers: await offersOf(reader) });
}

/**
 * Advises about catalogs next to each other: what an operator requires and none of them brings, and what a change takes from
 * clusters. Each piece at its line.
 *
 * `elsewhere`: what other image sets of the target mirror.
 */
export async function adviseCatalogs(
  pairs: readonly CatalogPair[],
  elsewhere: readonly FilteredCatalog[],
): Promise<readonly Diagnostic[]> {
  const mirrored = [...pairs.flatMap(({ after }) => after?.filtered ?? []), ...elsewhere];
  const found: Diagnostic[] = [];
  for (const { before, after } of pairs) {
    if (!after) continue;
    const changed = before ? adviseChange(before.filtered, after.filtered) : [];
    const advice = [...(await adviseMissing(after, mirrored)), ...changed];
    found.push(...advice.map((one) => placeAdvice(one, after)));
  }
  return found;
}

/**
 * Gives what image sets that this run does not speak for keep of their catalogs, as far as the workspace remembers it.
 *
 * Their texts and the digests of their catalogs are those that the state has; no registry is asked.
 */
export async function catalogsElsewhere(
  { imageSets, placements }: Pick<State, 'imageSets' | 'placements'>,
  speaksFor: ReadonlySet<string>,
  store: CatalogStoreOptions,
): Promise<readonly FilteredCatalog[]> {
  const found: FilteredCatalog[] = [];
  for (const file of imageSets.filter(({ name }) => !speaksFor.has(name))) {
    const { imageSet } = loadImageSet(file, 'ImageSetConfiguration');
    const digests = placements
      .filter((one) => one.kind === 'operatorCatalog' && one.imageSets.includes(file.name))
      .flatMap((one) => upstreamDigest(one) ?? []);
    for (const entry of imageSet?.mirror.operators ?? []) {
      for (const digest of digests) {
        // What another entry kept lies under another key.
        const filtered = await recallFiltered(entry, digest, store);
        if (filtered) found.push(filtered);
      }
    }
  }
  return found;
}
