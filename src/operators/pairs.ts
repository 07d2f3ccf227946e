import type { CatalogStoreOptions, FilteredCatalog, StoredCatalog } from '../catalog/index.ts';
import {
  type Collection,
  type ImageSet,
  type MirroredPlacement,
  type OperatorCatalog,
  parseImageSpec,
  placeKey,
  recallFiltered,
} from '../imageset/index.ts';
import { type Digest, isDigest } from '../oci/index.ts';

/** An operator entry of an image set and what is kept of its catalog. */
export interface EntryCatalog {
  readonly imageSet: ImageSet;
  readonly index: number;
  readonly catalog: OperatorCatalog;
  /** Of the catalog upstream. */
  readonly digest: Digest;
  readonly filtered: FilteredCatalog;
  readonly reader: StoredCatalog;
}

/** An operator entry as it was and as it is; one that came or went has one side. */
export interface CatalogPair {
  readonly before?: EntryCatalog;
  readonly after?: EntryCatalog;
}

/** Gives the operator entries of collections with what they chose. */
export function entryCatalogs(
  collections: readonly Pick<Collection, 'imageSet' | 'catalogs'>[],
): readonly EntryCatalog[] {
  return collections.flatMap(({ imageSet, catalogs = [] }) =>
    catalogs.flatMap(({ entry: index, ...collected }) => {
      const catalog = imageSet.mirror.operators?.[index];
      return catalog ? [{ imageSet, index, catalog, ...collected }] : [];
    }),
  );
}

/** Reads the digest that a mirrored catalog has upstream out of its origin, `name@digest`. */
export function upstreamDigest({ origin }: MirroredPlacement): Digest | undefined {
  const [, digest = ''] = origin.split('@');
  return isDigest(digest) ? digest : undefined;
}

/** Where the catalogs of a collection go, by the path of their entries. */
function catalogPlaces({ imageSet, placements }: Collection): ReadonlyMap<string, string> {
  const catalogs = placements.filter(({ kind }) => kind === 'operatorCatalog');
  return new Map(
    catalogs.flatMap(({ target, causes }) =>
      causes.map(({ path }) => [`${imageSet.identity} ${path}`, placeKey(target)] as const),
    ),
  );
}

/**
 * Gives what the entries of the base kept when they were last applied.
 *
 * The base is collected from what upstream has now. Where a catalog's tag moved since, what was kept of the catalog of that time
 * is recalled from the workspace; what is not there counts as if it had not moved.
 */
export async function appliedCatalogs(
  collections: readonly Collection[],
  state: readonly MirroredPlacement[],
  store: CatalogStoreOptions,
): Promise<readonly EntryCatalog[]> {
  const mirrored = new Map(state.map((one) => [placeKey(one), one]));
  const places = new Map(collections.flatMap((one) => [...catalogPlaces(one)]));
  const recall = async (entry: EntryCatalog): Promise<EntryCatalog> => {
    const { imageSet, index, catalog } = entry;
    const place = places.get(`${imageSet.identity} mirror.operators[${index}]`);
    const placement = place === undefined ? undefined : mirrored.get(place);
    const digest = placement && upstreamDigest(placement);
    if (digest === undefined || digest === entry.digest) return entry;
    const filtered = await recallFiltered(catalog, digest, store);
    return filtered ? { ...entry, digest, filtered } : entry;
  };
  return await Promise.all(entryCatalogs(collections).map(recall));
}

/** Without tag and digest. */
function repositoryOf({ catalog: { catalog } }: EntryCatalog): string {
  const { transport, domain, path } = parseImageSpec(catalog);
  return `${transport}${domain}/${path}`;
}

/** By what two entries are told to be one, the surest first: a new tag or digest of a catalog is still that catalog. */
const likenesses: readonly ((entry: EntryCatalog) => string)[] = [
  ({ imageSet, catalog: { catalog, targetCatalog, targetTag } }) =>
    JSON.stringify([imageSet.identity, catalog, targetCatalog, targetTag]),
  ({ imageSet, catalog: { catalog } }) => JSON.stringify([imageSet.identity, catalog]),
  (entry) => JSON.stringify([entry.imageSet.identity, repositoryOf(entry)]),
  ({ catalog: { catalog } }) => catalog,
];

/** Pairs the operator entries of base and head, which know a renamed image set by the name that it has now. */
export function pairCatalogs(
  before: readonly EntryCatalog[],
  after: readonly EntryCatalog[],
): readonly CatalogPair[] {
  const partners = new Map<EntryCatalog, EntryCatalog>();
  const open = new Set(before);
  for (const likeness of likenesses) {
    for (const entry of after.filter((one) => !partners.has(one))) {
      const key = likeness(entry);
      const partner = [...open].find((one) => likeness(one) === key);
      if (!partner) continue;
      partners.set(entry, partner);
      open.delete(partner);
    }
  }
  const paired = after.map((entry): CatalogPair => {
    const partner = partners.get(entry);
    return partner ? { before: partner, after: entry } : { after: entry };
  });
  return [...paired, ...[...open].map((entry) => ({ before: entry }))];
}
