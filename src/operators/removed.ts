import { compareText } from '../base/index.ts';
import {
  byVersion,
  type FilteredBundle,
  type FilteredPackage,
  filterCatalog,
  type PackageWish,
} from '../catalog/index.ts';
import {
  type CollectedCatalog,
  type Collection,
  type ImageSet,
  layoutTransport,
  type OperatorCatalog,
  parseImageSpec,
} from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { atDigest, isOfPlace, isRemoval, type Plan, type RemovedOperators } from '../plan/index.ts';

/** Runs of bundles that are tried for one channel. */
const mostRuns = 3;

/** Origins of images of one operator entry that a plan removes. */
interface Going {
  readonly all: ReadonlySet<string>;
  /** Origins whose manifest is deleted too: no image that stays has its digest. */
  readonly deleted: ReadonlySet<string>;
}

function removedImages({ changes }: Pick<Plan, 'changes'>, imageSet: string, entry: number): Going {
  const start = `mirror.operators[${entry}]`;
  const removed = changes
    .filter(isOfPlace)
    .filter(isRemoval)
    .filter(
      ({ kind, causes }) =>
        (kind === 'operatorBundle' || kind === 'operatorRelatedImage') &&
        causes.some((cause) => cause.imageSet === imageSet && cause.path.startsWith(start)),
    );
  const deleted = removed.filter(({ action }) => action === 'delete');
  const origins = (found: typeof removed) => new Set(found.map(({ origin }) => origin));
  return { all: origins(removed), deleted: origins(deleted) };
}

function originsOf({ images }: FilteredBundle): readonly string[] {
  return images.map(({ image }) => image.replace(/^docker:\/\//, ''));
}

/** The bounds of sorted bundles. */
function boundsOf(bundles: readonly FilteredBundle[]) {
  return { minVersion: bundles[0]?.version ?? '', maxVersion: bundles.at(-1)?.version ?? '' };
}

/** A selection of one package, with the bundles that it has. */
interface Choice {
  readonly wish: PackageWish;
  readonly bundles: readonly FilteredBundle[];
}

/** The bundles of a package that may be selected, sorted by version. */
interface Field {
  readonly catalog: CollectedCatalog;
  readonly owner: FilteredPackage;
  readonly going: readonly FilteredBundle[];
}

/** Tries a wish; `undefined` where it selects a bundle that stays, or none at all. */
async function attempt(wish: PackageWish, field: Field): Promise<Choice | undefined> {
  const { catalog, going } = field;
  const { packages, errors } = await filterCatalog(
    catalog.reader,
    { catalog: '', packages: [wish] },
    parseImageSpec,
  );
  const selected = new Set(packages.flatMap((one) => one.bundles.map(({ name }) => name)));
  const bundles = going.filter(({ name }) => selected.has(name));
  const isFaithful = bundles.length > 0 && bundles.length === selected.size;
  return errors.length === 0 && isFaithful ? { wish, bundles } : undefined;
}

/** The runs of a channel's bundles that go, the longest first: no kept version lies between two of one run. */
function runsOf({ owner, going }: Field, channel: string): FilteredBundle[][] {
  const runs: FilteredBundle[][] = [];
  let open: FilteredBundle[] | undefined;
  const own = owner.bundles.filter(
    ({ version, channels }) => version !== '' && channels.includes(channel),
  );
  for (const bundle of own.toSorted(byVersion)) {
    if (!going.includes(bundle)) open = undefined;
    else if (open) open.push(bundle);
    else {
      open = [bundle];
      runs.push(open);
    }
  }
  return runs.sort((a, b) => b.length - a.length);
}

/** Finds the part of a wish for one channel: a range of bundles that go, the longest first, else the newest of them. */
async function chooseInChannel(channel: string, field: Field): Promise<Choice | undefined> {
  const runs = runsOf(field, channel);
  const [longest = []] = runs;
  const ranges = runs.slice(0, mostRuns).map(boundsOf);
  // A range may include neighbours of its bundles; a single version does not.
  for (const bounds of [...ranges, boundsOf(longest.slice(-1))]) {
    const channels = [{ name: channel, ...bounds }];
    const found = await attempt(
      { name: field.owner.name, defaultChannel: channel, channels },
      field,
    );
    if (found) return found;
  }
  return undefined;
}

/** Joins the parts of channels, as long as they select nothing else together. */
async function chooseByChannels(field: Field): Promise<Choice | undefined> {
  let joined: Choice | undefined;
  let open = field.going;
  for (const { name } of field.owner.channels) {
    const part = await chooseInChannel(name, { ...field, going: open });
    if (!part) continue;
    const channels = [...(joined?.wish.channels ?? []), ...(part.wish.channels ?? [])];
    const first = joined?.wish ?? part.wish;
    const both = await attempt({ ...first, channels }, field);
    if (!both) continue;
    joined = both;
    open = open.filter((bundle) => !both.bundles.includes(bundle));
  }
  return joined;
}

/** Finds a wish that selects bundles that go and no others: all by one range, else many by channels, else some by a range. */
async function choose(field: Field): Promise<Choice | undefined> {
  const { name } = field.owner;
  const { going } = field;
  const whole = await attempt({ name, ...boundsOf(going) }, field);
  if (whole?.bundles.length === going.length) return whole;
  const version = going.at(-1)?.version ?? '';
  const byChannels = await chooseByChannels(field);
  return (
    byChannels ??
    whole ??
    (await attempt({ name, minVersion: version, maxVersion: version }, field))
  );
}

/** A selection of bundles of one package that go, and the images of those that it leaves out. */
interface Said {
  readonly wish?: PackageWish;
  readonly images: readonly string[];
}

/** A catalog of the base, and the images of it that a plan removes. */
interface Removal {
  readonly catalog: CollectedCatalog;
  readonly removed: Going;
}

function isGoing(bundle: FilteredBundle, { all }: Going): boolean {
  return originsOf(bundle).some((origin) => all.has(origin));
}

/** Gives the selection and the images of a package of which only a part goes. */
async function sayPart(owner: FilteredPackage, { catalog, removed }: Removal): Promise<Said> {
  const touched = owner.bundles.filter((bundle) => isGoing(bundle, removed));
  const going = touched.filter(({ version }) => version !== '').toSorted(byVersion);
  const choice = going.length > 0 ? await choose({ catalog, owner, going }) : undefined;
  const said = new Set(choice?.bundles.flatMap(originsOf));
  const images = new Set(touched.flatMap(originsOf));
  return {
    ...(choice && { wish: choice.wish }),
    images: [...images].filter((origin) => removed.deleted.has(origin) && !said.has(origin)),
  };
}

/** A directory cannot be named by digest. */
function pinned(catalog: string, digest: Digest): string {
  return catalog.startsWith(layoutTransport) ? catalog : atDigest(catalog, digest);
}

/** Gives the removed part of one entry of a configuration, and the images that it does not say. */
async function sayEntry(entry: OperatorCatalog, removal: Removal) {
  const { packages } = removal.catalog.filtered;
  const goes = (bundle: FilteredBundle) => isGoing(bundle, removal.removed);
  const isWhole = ({ bundles }: FilteredPackage) => bundles.every(goes);
  const touched = packages.filter(({ bundles }) => bundles.some(goes));
  // `full` holds for all packages of an entry, and does not go with ranges.
  const keepsEntry = entry.full !== true || touched.every(isWhole);
  const said: Said[] = [];
  for (const owner of touched) {
    const own = entry.packages?.find(({ name }) => name === owner.name) ?? { name: owner.name };
    const isOwn = keepsEntry && isWhole(owner);
    said.push(isOwn ? { wish: own, images: [] } : await sayPart(owner, removal));
  }
  const catalog: OperatorCatalog = {
    catalog: pinned(entry.catalog, removal.catalog.digest),
    packages: said.flatMap(({ wish }) => wish ?? []),
    ...(keepsEntry && entry.full === true && { full: true }),
  };
  return { catalog, images: said.flatMap(({ images }) => images) };
}

/** Tells whether two entries may be one: an image set must not name a catalog twice, or a package of it. */
function isJoinable(a: OperatorCatalog, b: OperatorCatalog): boolean {
  const names = [...(a.packages ?? []), ...(b.packages ?? [])].map(({ name }) => name);
  return a.catalog === b.catalog && a.full === b.full && new Set(names).size === names.length;
}

/** Puts an entry into the first file that can have it. */
function place(entry: OperatorCatalog, files: OperatorCatalog[][]): void {
  for (const file of files) {
    const same = file.findIndex(({ catalog }) => catalog === entry.catalog);
    const known = file[same];
    if (known && !isJoinable(known, entry)) continue;
    const packages = [...(known?.packages ?? []), ...(entry.packages ?? [])];
    if (known) file[same] = { ...known, packages };
    else file.push(entry);
    return;
  }
  files.push([entry]);
}

/**
 * Gives the removed operators of an image set as entries of DeleteImageSetConfigurations, one list for each file, mostly one.
 *
 * Catalogs are named by their earlier digest, so that the same bundles are found. A package that goes as a whole keeps its
 * entry. Of any other a selection is written that was tried and selects removed bundles alone; a bundle that it leaves out is
 * said by its images.
 * Effects: reads packages of the catalogs in the workspace.
 */
export async function removedOperators(
  plan: Pick<Plan, 'changes'>,
  before: ImageSet,
  catalogs: readonly CollectedCatalog[],
): Promise<RemovedOperators> {
  const files: OperatorCatalog[][] = [];
  const images = new Set<string>();
  for (const catalog of catalogs) {
    const entry = before.mirror.operators?.[catalog.entry];
    const removed = removedImages(plan, before.identity, catalog.entry);
    if (!entry || removed.all.size === 0) continue;
    const said = await sayEntry(entry, { catalog, removed });
    if (said.catalog.packages?.length) place(said.catalog, files);
    for (const image of said.images) images.add(image);
  }
  return { files, images: [...images].sort(compareText) };
}

/** Gives the removed operators of each image set of the base, by identity. */
export async function removedByImageSet(
  plan: Pick<Plan, 'changes'>,
  before: readonly ImageSet[],
  collections: readonly Pick<Collection, 'imageSet' | 'catalogs'>[],
): Promise<ReadonlyMap<string, RemovedOperators>> {
  const found = new Map<string, RemovedOperators>();
  for (const imageSet of before) {
    const { identity } = imageSet;
    const collected = collections.findLast((one) => one.imageSet.identity === identity);
    found.set(identity, await removedOperators(plan, imageSet, collected?.catalogs ?? []));
  }
  return found;
}
