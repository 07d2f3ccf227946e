import {
  type CatalogStoreOptions,
  type FilteredCatalog,
  hasRelatedImages,
  imageFailures,
  type StoredCatalog,
} from '../catalog/index.ts';
import {
  type Collection,
  dockerTransport,
  type ImageSet,
  type MirroredPlacement,
  type OperatorCatalog,
  parseImageSpec,
  placeKey,
  recallFiltered,
  repositoryOf,
} from '../imageset/index.ts';
import { type Digest, isDigest } from '../oci/index.ts';

/** An operator entry of an image set with its filtered catalog. */
export interface EntryCatalog {
  readonly imageSet: ImageSet;
  readonly index: number;
  readonly catalog: OperatorCatalog;
  /** The digest of the source catalog. */
  readonly digest: Digest;
  readonly filtered: FilteredCatalog;
  readonly reader: StoredCatalog;
}

/** An operator entry of both sides; a new or removed one has one side. */
export interface CatalogPair {
  readonly before?: EntryCatalog;
  readonly after?: EntryCatalog;
}

/** Gives the operator entries of collections with their filtered catalogs. */
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

/** Reads the source digest of a mirrored catalog from its origin, `name@digest`. */
export function upstreamDigest({ origin }: MirroredPlacement): Digest | undefined {
  const [, digest = ''] = origin.split('@');
  return isDigest(digest) ? digest : undefined;
}

/** The target places of a collection's catalogs, by image set and path of their entries. */
function catalogPlaces({ imageSet, placements }: Collection): ReadonlyMap<string, string> {
  const catalogs = placements.filter(({ kind }) => kind === 'operatorCatalog');
  return new Map(
    catalogs.flatMap(({ target, causes }) =>
      causes.map(({ path }) => [`${imageSet.identity} ${path}`, placeKey(target)] as const),
    ),
  );
}

/**
 * Gives the filtered catalogs of the base as they were last applied.
 *
 * The base is collected from the present sources. If the tag of a catalog moved since, its earlier result is read from the
 * workspace; without one the tag counts as not moved.
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

/** Two entries are the same if they have one of these keys in common; the surest key comes first. */
const identities: readonly ((entry: EntryCatalog) => string)[] = [
  ({ imageSet, catalog: { catalog, targetCatalog, targetTag } }) =>
    JSON.stringify([imageSet.identity, catalog, targetCatalog, targetTag]),
  ({ imageSet, catalog: { catalog } }) => JSON.stringify([imageSet.identity, catalog]),
  (entry) => JSON.stringify([entry.imageSet.identity, repositoryOf(entry.catalog.catalog)]),
  ({ catalog: { catalog } }) => catalog,
];

/** Pairs the operator entries of base and head; a renamed image set has its present name on both sides. */
export function pairCatalogs(
  before: readonly EntryCatalog[],
  after: readonly EntryCatalog[],
): readonly CatalogPair[] {
  const partners = new Map<EntryCatalog, EntryCatalog>();
  const open = new Set(before);
  for (const identityOf of identities) {
    for (const entry of after.filter((one) => !partners.has(one))) {
      const key = identityOf(entry);
      const partner = [...open].find((one) => identityOf(one) === key);
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

function isSound({ catalogs = [] }: Collection, index: number): boolean {
  const filtered = catalogs.find(({ entry }) => entry === index)?.filtered;
  return (
    filtered !== undefined &&
    filtered.errors.length === 0 &&
    imageFailures(filtered).length === 0 &&
    hasRelatedImages(filtered)
  );
}

/** The applied placements, and the image sets of this run. */
export interface AppliedState {
  readonly state: readonly MirroredPlacement[];
  readonly ownImageSets: ReadonlySet<string>;
}

/** Adds the digest of the last apply to an entry's catalog; the tag still names the target. */
function asApplied(entry: OperatorCatalog, { state, ownImageSets }: AppliedState): OperatorCatalog {
  const { transport, domain, path, tag, digest } = parseImageSpec(entry.catalog);
  if (transport !== dockerTransport || digest !== undefined) return entry;
  const applied = state.find((one) => {
    const origin = parseImageSpec(one.origin);
    return (
      one.kind === 'operatorCatalog' &&
      one.imageSets.some((name) => ownImageSets.has(name)) &&
      one.tag === (entry.targetTag || tag) &&
      origin.domain === domain &&
      origin.path === path
    );
  });
  const known = applied && upstreamDigest(applied);
  return known ? { ...entry, catalog: `${entry.catalog}@${known}` } : entry;
}

/** Gives the operator entries of a failed collection; those that failed name their catalog by the digest of the last apply. */
export function entriesAsApplied(
  failed: Collection,
  applied: AppliedState,
): readonly OperatorCatalog[] {
  return (failed.imageSet.mirror.operators ?? []).map((entry, index) =>
    isSound(failed, index) ? entry : asApplied(entry, applied),
  );
}
