import { compareText } from '../../base/index.ts';
import type { CatalogReader } from '../model.ts';
import { readPackageContent } from './content.ts';
import type { FilteredCatalog } from './filter-catalog.ts';
import type { FilteredChannel, FilteredPackage, NamedVersion } from './result.ts';
import { reachHead } from './upgrade-path.ts';
import { compareVersions, parseVersion } from './version.ts';

/** A bundle that a channel had and has no more. */
export interface RemovedBundle extends NamedVersion {
  /** The bundle's own image, as its related images name it; absent where they do not. */
  readonly image?: string;
  /** Whether the entries that stay lead from it to the head. */
  readonly updates: boolean;
}

/** What a channel of a mirrored catalog has, next to what it had; each list in the order of versions. */
export interface ChannelComparison {
  readonly package: string;
  readonly channel: string;
  /** What subscriptions get; absent where the channel is gone. */
  readonly head?: NamedVersion;
  readonly kept: readonly NamedVersion[];
  readonly added: readonly NamedVersion[];
  readonly removed: readonly RemovedBundle[];
}

/** Two results of filters; either may be missing. `reader` has the catalog of the later one. */
export interface CatalogChange {
  readonly before?: FilteredCatalog | undefined;
  readonly after?: FilteredCatalog | undefined;
  readonly reader?: CatalogReader | undefined;
}

function byVersion(a: NamedVersion, b: NamedVersion): number {
  const [x, y] = [parseVersion(a.version), parseVersion(b.version)];
  return (x && y ? compareVersions(x, y) : 0) || compareText(a.name, b.name);
}

/** The bundles that subscribers of a channel can have installed or get; entries without a bundle are none. */
function offered(owner: FilteredPackage | undefined, channel: string): readonly NamedVersion[] {
  const names = new Set(owner?.channels.find(({ name }) => name === channel)?.entries);
  const bundles = (owner?.bundles ?? []).filter(({ name }) => names.has(name));
  return bundles.map(({ name, version }) => ({ name, version })).sort(byVersion);
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

/** A channel that loses bundles. */
interface Losing {
  readonly name: string;
  readonly head: NamedVersion;
  readonly bundles: readonly NamedVersion[];
  readonly gone: readonly NamedVersion[];
}

/** Tells which of the bundles that are gone the entries of those that stay lead to the head. */
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

/** Where everything is kept, the head is the catalog's; where that has several, the newest bundle stands for them. */
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
  // A package that cannot be read any more leads nowhere.
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
 * Compares the channels of a mirrored catalog with what they were, for those who subscribe to them.
 *
 * Order: by package and channel. Effects: a package is read again where one of its channels loses something.
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
