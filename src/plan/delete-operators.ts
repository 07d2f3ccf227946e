import {
  compareVersions,
  type FilteredBundle,
  type FilteredPackage,
  filterCatalog,
  parseVersion,
} from '../catalog/index.ts';
import {
  type CollectedCatalog,
  type ImageSet,
  type OperatorCatalog,
  type OperatorPackage,
  parseImageSpec,
} from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { atDigest } from './at-digest.ts';
import { isOfPlace, isRemoval } from './change.ts';
import type { Plan } from './types.ts';

/** Images of one operator entry that a plan removes, as their placements call them. */
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
  const [x, y] = [parseVersion(a.version), parseVersion(b.version)];
  return x && y ? compareVersions(x, y) : 0;
}

/** Bounds around bundles in the order of their versions. */
function boundsOf(bundles: readonly FilteredBundle[]) {
  return { minVersion: bundles[0]?.version ?? '', maxVersion: bundles.at(-1)?.version ?? '' };
}

/** Ways to ask for a range of bundles: in the package, or in the channels that have them. */
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

/** Tells whether a wish selects these bundles of a catalog and no others. */
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

/** Groups removed bundles: those of one group stand next to each other in the order of versions, nothing kept between. */
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

/** Asks for a run of bundles as a range where there is one that takes nothing else, else one by one. */
async function cover(
  run: readonly FilteredBundle[],
  owner: FilteredPackage,
  catalog: CollectedCatalog,
): Promise<readonly OperatorPackage[]> {
  for (const wish of run.length > 1 ? rangesAround(owner, run) : []) {
    if (await selects(catalog, wish, run)) return [wish];
  }
  // A range takes its neighbours with it; one that is a single version does not.
  const versions = new Set(run.map(({ version }) => version));
  return [...versions].map((one) => ({ name: owner.name, minVersion: one, maxVersion: one }));
}

/** What has to be asked for, one after the other, so that the removed bundles of a package come and no others. */
async function wishesFor(
  owner: FilteredPackage,
  entry: OperatorCatalog,
  {
    catalog,
    removed,
  }: { readonly catalog: CollectedCatalog; readonly removed: ReadonlySet<string> },
): Promise<readonly OperatorPackage[]> {
  const { name, bundles } = owner;
  // Everything that a kept bundle needs stays.
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

/** Directories have no digest to name them by. */
function pinned(catalog: string, digest: Digest): string {
  return catalog.startsWith('oci://') ? catalog : atDigest(catalog, digest);
}

function isRange({ minVersion, maxVersion, channels = [] }: OperatorPackage): boolean {
  return [{ minVersion, maxVersion }, ...channels].some((one) => one.minVersion || one.maxVersion);
}

/** Puts an entry into the first file that does not name its catalog yet: of two an image set is refused. */
function place(entry: OperatorCatalog, files: OperatorCatalog[][]): void {
  const free = files.find((file) => !file.some(({ catalog }) => catalog === entry.catalog));
  if (free) free.push(entry);
  else files.push([entry]);
}

/**
 * Says which operators go, in the words of configurations for deleting: one list of entries for each file that it takes.
 *
 * Catalogs are named by the digest that they had, so that the same bundles are found. A package of which everything goes is asked
 * for as before, else in ranges that were tried and take nothing else; one file can name a catalog, and a package of it, only
 * once. Effects: reads packages of the catalogs, which were unpacked to be planned.
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
