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
}

/** Two results of filters; either may be missing. `reader` reads the catalog of the later one. */
export interface CatalogChange {
  readonly before?: FilteredCatalog | undefined;
  readonly after?: FilteredCatalog | undefined;
  readonly reader?: CatalogReader | undefined;
}

/** The bundles of a channel; entries without a bundle are left out. */
function offered(owner: FilteredPackage | undefined, channel: string): readonly NamedVersion[] {
  const names = new Set(owner?.channels.find(({ name }) => name === channel)?.entries);
  const bundles = (owner?.bundles ?? []).filter(({ name }) => names.has(name));
  return bundles
    .map(({ name, version }) => ({ name, version }))
    .sort((a, b) => byVersion(a, b) || compareText(a.name, b.name));
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

interface Losing {
  readonly name: string;
  readonly head: NamedVersion;
  readonly bundles: readonly NamedVersion[];
  readonly gone: readonly NamedVersion[];
}

/** Gives the lost bundles from which the kept entries lead to the head. */
async function updating(
  { name, head, bundles, gone }: Losing,
  read: () => ReturnType<CatalogReader['read']>,
): Promise<ReadonlySet<string>> {
  const blobs = await read();
  if (!blobs) return new Set();
  const known = readPackageContent(blobs).channels.find((channel) => channel.name === name);
  const names = new Set(bundles.map((bundle) => bundle.name));
  const kept = (known?.entries ?? []).filter((entry) => names.has(entry.name));
  return reachHead(head.name, kept, gone);
}

/** A full channel has the head of the catalog, or the newest bundle if there are several heads. */
function headOf(
  { offers }: FilteredPackage,
  { name, head }: FilteredChannel,
  bundles: readonly NamedVersion[],
): NamedVersion | undefined {
  return head ?? offers.channels.find((one) => one.name === name)?.head ?? bundles.at(-1);
}

interface PackageChange {
  readonly before: FilteredPackage | undefined;
  readonly after: FilteredPackage | undefined;
  readonly reader: CatalogReader | undefined;
}

async function compareChannel(name: string, change: PackageChange): Promise<ChannelComparison> {
  const { before, after, reader } = change;
  const owner = after?.name ?? before?.name ?? '';
  const [was, is] = [offered(before, name), offered(after, name)];
  const gone = without(was, is);
  const channel = after?.channels.find((one) => one.name === name);
  const head = after && channel && headOf(after, channel, is);
  // From a package that can no longer be read nothing leads to the head.
  const read = async () => await reader?.read(owner).catch(() => undefined);
  const ways =
    head && gone.length > 0 ? await updating({ name, head, bundles: is, gone }, read) : new Set();
  return {
    package: owner,
    channel: name,
    ...(head && { head }),
    kept: without(is, without(is, was)),
    added: without(is, was),
    removed: gone.map((bundle) => ({
      ...bundle,
      ...bundleImage(before, bundle.name),
      updates: ways.has(bundle.name),
    })),
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
    for (const name of namesOf(before?.channels, after?.channels)) {
      found.push(await compareChannel(name, { before, after, reader: change.reader }));
    }
  }
  return found;
}
