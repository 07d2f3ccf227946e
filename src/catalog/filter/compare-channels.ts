import { compareText } from '../../base/index.ts';
import type { CatalogReader } from '../model.ts';
import { readPackageContent } from './content.ts';
import type { FilteredCatalog } from './filter-catalog.ts';
import { reachHead } from './graph.ts';
import type { FilteredChannel, FilteredPackage, NamedVersion } from './result.ts';
import { byVersion } from './version.ts';

/** A bundle that a channel lost. */
export interface RemovedBundle extends NamedVersion {
  /** The bundle's own image; absent if its related images do not list it. */
  readonly image?: string;
  /** Whether a cluster can update from it to the head with the kept entries. */
  readonly updates: boolean;
}

/** A channel of a mirrored catalog before and after; each list in the order of versions. */
export interface ChannelComparison {
  readonly package: string;
  readonly channel: string;
  /** The bundle that subscriptions get; absent if the channel is gone. */
  readonly head?: NamedVersion;
  readonly kept: readonly NamedVersion[];
  readonly added: readonly NamedVersion[];
  readonly removed: readonly RemovedBundle[];
  /** Versions that clusters run, not among the removed ones, from which the removed ones led to the head and nothing does now. */
  readonly cut: readonly NamedVersion[];
}

/** Two results of filters; either may be missing. `reader` reads the catalog of the later one. */
export interface CatalogChange {
  readonly before?: FilteredCatalog | undefined;
  readonly after?: FilteredCatalog | undefined;
  readonly reader?: CatalogReader | undefined;
  /** Reads the catalog of the earlier one; absent: `reader`. */
  readonly readerBefore?: CatalogReader | undefined;
  /** The operators of clusters, by the names of their bundles. */
  readonly installed?: readonly NamedVersion[] | undefined;
}

/** Orders bundles by version, then by name. */
function compareBundles(a: NamedVersion, b: NamedVersion): number {
  return byVersion(a, b) || compareText(a.name, b.name);
}

/** The bundles of a channel; entries without a bundle are left out. */
function offered(owner: FilteredPackage | undefined, channel: string): readonly NamedVersion[] {
  const names = new Set(owner?.channels.find(({ name }) => name === channel)?.entries);
  const bundles = (owner?.bundles ?? []).filter(({ name }) => names.has(name));
  return bundles.map(({ name, version }) => ({ name, version })).sort(compareBundles);
}

function without(all: readonly NamedVersion[], others: readonly NamedVersion[]) {
  const names = new Set(others.map(({ name }) => name));
  return all.filter(({ name }) => !names.has(name));
}

function bundleImage(owner: FilteredPackage | undefined, bundle: string) {
  const images = owner?.bundles.find(({ name }) => name === bundle)?.images ?? [];
  const own = images.find(({ type }) => type === 'operatorBundle');
  return own && { image: own.image };
}

/** A channel of a mirrored catalog: its head, and the bundles that are there. */
interface MirroredChannel {
  readonly name: string;
  readonly head: NamedVersion | undefined;
  readonly bundles: readonly NamedVersion[];
}

/** Gives the bundles of clusters from which the entries that are there lead to the head of a channel. */
async function updating(
  { name, head, bundles }: MirroredChannel,
  installed: readonly NamedVersion[],
  read: () => ReturnType<CatalogReader['read']>,
): Promise<ReadonlySet<string>> {
  if (!head || installed.length === 0) return new Set();
  const blobs = await read();
  if (!blobs) return new Set();
  const known = readPackageContent(blobs).channels.find((channel) => channel.name === name);
  const names = new Set(bundles.map((bundle) => bundle.name));
  const kept = (known?.entries ?? []).filter((entry) => names.has(entry.name));
  return reachHead(head.name, kept, installed);
}

/** A full channel has the head of the catalog, or the newest bundle if there are several heads. */
function headOf(
  { offers }: FilteredPackage,
  { name, head }: FilteredChannel,
  bundles: readonly NamedVersion[],
): NamedVersion | undefined {
  return head ?? offers.channels.find((one) => one.name === name)?.head ?? bundles.at(-1);
}

interface PackageChange extends Pick<CatalogChange, 'reader' | 'readerBefore'> {
  readonly before: FilteredPackage | undefined;
  readonly after: FilteredPackage | undefined;
  readonly installed: readonly NamedVersion[];
}

function mirroredChannel(owner: FilteredPackage | undefined, name: string): MirroredChannel {
  const bundles = offered(owner, name);
  const channel = owner?.channels.find((one) => one.name === name);
  return { name, bundles, head: owner && channel && headOf(owner, channel, bundles) };
}

async function compareChannel(name: string, change: PackageChange): Promise<ChannelComparison> {
  const { before, after, reader, readerBefore } = change;
  const owner = after?.name ?? before?.name ?? '';
  const [was, is] = [mirroredChannel(before, name), mirroredChannel(after, name)];
  const gone = without(was.bundles, is.bundles);
  const others = gone.length > 0 ? without(change.installed, gone) : [];
  // From a package that can no longer be read nothing leads to the head.
  const readOf = (of: CatalogReader | undefined) => async () =>
    await of?.read(owner).catch(() => undefined);
  const led = await updating(was, others, readOf(readerBefore ?? reader));
  const cuttable = others.filter((bundle) => led.has(bundle.name));
  const leads = await updating(is, gone.length > 0 ? [...gone, ...cuttable] : [], readOf(reader));
  return {
    package: owner,
    channel: name,
    ...(is.head && { head: is.head }),
    kept: without(is.bundles, without(is.bundles, was.bundles)),
    added: without(is.bundles, was.bundles),
    removed: gone.map((bundle) => ({
      ...bundle,
      ...bundleImage(before, bundle.name),
      updates: leads.has(bundle.name),
    })),
    cut: cuttable.filter((bundle) => !leads.has(bundle.name)).sort(compareBundles),
  };
}

function namesOf(...lists: readonly (readonly { readonly name: string }[] | undefined)[]) {
  const names = new Set(lists.flatMap((list) => list?.map(({ name }) => name) ?? []));
  return [...names].filter((name) => name !== '').sort(compareText);
}

/**
 * Compares the channels of two versions of a mirrored catalog.
 *
 * Order: by package and channel. Effects: reads a package again if one of its channels loses a bundle.
 */
export async function compareChannels(
  change: CatalogChange,
): Promise<readonly ChannelComparison[]> {
  const found: ChannelComparison[] = [];
  const find = (catalog: FilteredCatalog | undefined, owner: string) =>
    catalog?.packages.find(({ name }) => name === owner);
  for (const owner of namesOf(change.before?.packages, change.after?.packages)) {
    const [before, after] = [find(change.before, owner), find(change.after, owner)];
    const { reader, readerBefore } = change;
    // The name of a bundle mostly begins with that of its package; another one says nothing of the package.
    const installed = (change.installed ?? []).filter(({ name }) => name.startsWith(`${owner}.`));
    for (const name of namesOf(before?.channels, after?.channels)) {
      const facts = { before, after, reader, readerBefore, installed };
      found.push(await compareChannel(name, facts));
    }
  }
  return found;
}
