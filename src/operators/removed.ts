import {
  compareAsVersions,
  type FilteredBundle,
  type FilteredPackage,
  filterCatalog,
} from '../catalog/index.ts';
import {
  type CollectedCatalog,
  type Collection,
  type ImageSet,
  type OperatorCatalog,
  type OperatorPackage,
  parseImageSpec,
} from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { atDigest, isOfPlace, isRemoval, type Plan } from '../plan/index.ts';

/** The origins of the images of one operator entry that a plan removes. */
function removedImages({ changes }: Pick<Plan, 'changes'>, imageSet: string, entry: number) {
  const start = `mirror.operators[${entry}]`;
  const removed = changes
    .filter(isOfPlace)
    .filter(isRemoval)
    .filter(
      ({ kind, causes }) =>
        (kind === 'operatorBundle' || kind === 'operatorRelatedImage') &&
        causes.some((cause) => cause.imageSet === imageSet && cause.path.startsWith(start)),
    );
  return new Set(removed.map(({ origin }) => origin));
}

function byVersion(a: FilteredBundle, b: FilteredBundle): number {
  return compareAsVersions(a.version, b.version);
}

/** The bounds of sorted bundles. */
function boundsOf(bundles: readonly FilteredBundle[]) {
  return { minVersion: bundles[0]?.version ?? '', maxVersion: bundles.at(-1)?.version ?? '' };
}

/** Two ways to select a range of bundles: in the package, or in the channels that have them. */
function rangesAround(
  { name, channels }: FilteredPackage,
  bundles: readonly FilteredBundle[],
): readonly OperatorPackage[] {
  const parts = channels.flatMap(({ name: channel }) => {
    const own = bundles.filter((bundle) => bundle.channels.includes(channel));
    return own.length > 0 ? [{ name: channel, ...boundsOf(own) }] : [];
  });
  const [first] = parts;
  const whole = { name, ...boundsOf(bundles) };
  return first ? [whole, { name, defaultChannel: first.name, channels: parts }] : [whole];
}

/** Tells whether a wish selects exactly these bundles of a catalog. */
async function selects(
  { reader }: CollectedCatalog,
  wish: OperatorPackage,
  bundles: readonly FilteredBundle[],
): Promise<boolean> {
  const { packages, errors } = await filterCatalog(
    reader,
    { catalog: '', packages: [wish] },
    parseImageSpec,
  );
  const selected = new Set(packages.flatMap((one) => one.bundles.map(({ name }) => name)));
  const isSame =
    selected.size === bundles.length && bundles.every(({ name }) => selected.has(name));
  return errors.length === 0 && isSame;
}

/** Groups removed bundles: no kept version lies between two of one group. */
function runsOf(
  { bundles }: FilteredPackage,
  going: ReadonlySet<FilteredBundle>,
): readonly (readonly FilteredBundle[])[] {
  const runs: FilteredBundle[][] = [];
  let open: FilteredBundle[] | undefined;
  for (const bundle of bundles.filter(({ version }) => version !== '').toSorted(byVersion)) {
    if (!going.has(bundle)) open = undefined;
    else if (open) open.push(bundle);
    else {
      open = [bundle];
      runs.push(open);
    }
  }
  return runs;
}

/** Selects a run of bundles by a range that selects nothing else, or else one by one. */
async function cover(
  run: readonly FilteredBundle[],
  owner: FilteredPackage,
  catalog: CollectedCatalog,
): Promise<readonly OperatorPackage[]> {
  for (const wish of run.length > 1 ? rangesAround(owner, run) : []) {
    if (await selects(catalog, wish, run)) return [wish];
  }
  // A range may include neighbours of its bundles; a single version does not.
  const versions = new Set(run.map(({ version }) => version));
  return [...versions].map((one) => ({ name: owner.name, minVersion: one, maxVersion: one }));
}

/** Selections that together have exactly the removed bundles of a package. */
async function wishesFor(
  owner: FilteredPackage,
  entry: OperatorCatalog,
  {
    catalog,
    removed,
  }: { readonly catalog: CollectedCatalog; readonly removed: ReadonlySet<string> },
): Promise<readonly OperatorPackage[]> {
  const { name, bundles } = owner;
  const isRemoved = ({ images }: FilteredBundle) =>
    images.some(({ image }) => removed.has(image.replace(/^docker:\/\//, '')));
  const going = bundles.filter(isRemoved);
  if (going.length === 0) return [];
  if (going.length === bundles.length) {
    return [entry.packages?.find((one) => one.name === name) ?? { name }];
  }
  const wishes: OperatorPackage[] = [];
  for (const run of runsOf(owner, new Set(going))) {
    wishes.push(...(await cover(run, owner, catalog)));
  }
  return wishes;
}

/** A directory cannot be named by digest. */
function pinned(catalog: string, digest: Digest): string {
  return catalog.startsWith('oci://') ? catalog : atDigest(catalog, digest);
}

function isRange({ minVersion, maxVersion, channels = [] }: OperatorPackage): boolean {
  return [{ minVersion, maxVersion }, ...channels].some((one) => one.minVersion || one.maxVersion);
}

/** Puts an entry into the first file without its catalog: an image set must not name a catalog twice. */
function place(entry: OperatorCatalog, files: OperatorCatalog[][]): void {
  const free = files.find((file) => !file.some(({ catalog }) => catalog === entry.catalog));
  if (free) free.push(entry);
  else files.push([entry]);
}

/**
 * Gives the removed operators of an image set as entries of DeleteImageSetConfigurations, one list for each file.
 *
 * Catalogs are named by their earlier digest, so that the same bundles are found. A package that goes as a whole keeps its entry;
 * else tested ranges select the removed bundles only. One file can name a catalog, and a package of it, only once.
 * Effects: reads packages of the catalogs in the workspace.
 */
export async function removedOperators(
  plan: Pick<Plan, 'changes'>,
  before: ImageSet,
  catalogs: readonly CollectedCatalog[],
): Promise<readonly (readonly OperatorCatalog[])[]> {
  const files: OperatorCatalog[][] = [];
  for (const catalog of catalogs) {
    const entry = before.mirror.operators?.[catalog.entry];
    const removed = removedImages(plan, before.identity, catalog.entry);
    if (!entry || removed.size === 0) continue;
    const wishes: (readonly OperatorPackage[])[] = [];
    for (const one of catalog.filtered.packages) {
      wishes.push(await wishesFor(one, entry, { catalog, removed }));
    }
    const depth = Math.max(...wishes.map(({ length }) => length));
    for (let turn = 0; turn < depth; turn += 1) {
      const packages = wishes.flatMap((one) => one[turn] ?? []);
      const full = entry.full === true && !packages.some(isRange);
      const name = pinned(entry.catalog, catalog.digest);
      place({ catalog: name, packages, ...(full && { full }) }, files);
    }
  }
  return files;
}

/** Gives the removed operators of each image set of the base, by identity. */
export async function removedByImageSet(
  plan: Pick<Plan, 'changes'>,
  before: readonly ImageSet[],
  collections: readonly Pick<Collection, 'imageSet' | 'catalogs'>[],
): Promise<ReadonlyMap<string, readonly (readonly OperatorCatalog[])[]>> {
  const found = new Map<string, readonly (readonly OperatorCatalog[])[]>();
  for (const imageSet of before) {
    const { identity } = imageSet;
    const collected = collections.findLast((one) => one.imageSet.identity === identity);
    found.set(identity, await removedOperators(plan, imageSet, collected?.catalogs ?? []));
  }
  return found;
}
