import { listNames } from '../../base/index.ts';
import {
  byNewestHead,
  byVersion,
  type FilteredBundle,
  type FilteredCatalog,
  type FilteredChannel,
  type FilteredPackage,
} from '../filter/index.ts';
import { type Advice, isOlder, lowerBound, successorOf, yamlText } from './advice.ts';

/** Starts the package at a version, unless that empties one of its channels. */
function startAt(owner: FilteredPackage, version: string): Partial<Advice> {
  const isSafe = owner.channels.every(({ head }) => !head || !isOlder(head.version, version));
  const isPlaced = owner.path.length > 0 && isSafe;
  return isPlaced ? { fix: `minVersion: ${yamlText(version)}`, path: owner.path } : {};
}

/** The fix: start the package, or its channels if they have the range, at the next bundle that is not deprecated. */
function wayOut(bundle: FilteredBundle, owner: FilteredPackage): Partial<Advice> {
  const sound = owner.bundles
    .filter(
      ({ version, deprecated }) => deprecated === undefined && isOlder(bundle.version, version),
    )
    .sort(byVersion);
  if (owner.asks.range || !owner.asks.channels) {
    const [next] = sound;
    return next ? startAt(owner, next.version) : {};
  }
  const ways = bundle.channels.flatMap((channel) => {
    const next = sound.find(({ channels }) => channels.includes(channel));
    return next ? lowerBound(owner, channel, next.version) : [];
  });
  const [first] = ways;
  return first ? { ...first, fix: ways.map(({ fix }) => fix).join('\n') } : {};
}

function nameAll(what: string, all: readonly { readonly name: string }[]): readonly string[] {
  if (all.length === 0) return [];
  return [`${what}${all.length > 1 ? 's' : ''} ${listNames(all.map(({ name }) => `"${name}"`))}`];
}

/** Warns once of everything in a package that one message deprecates. */
function adviseDeprecated(owner: FilteredPackage): readonly Advice[] {
  const bundles = owner.bundles.toSorted(byVersion);
  const all = [owner, ...owner.channels, ...bundles].flatMap((one) => one.deprecated ?? []);
  return [...new Set(all)].map((message) => {
    const isMeant = (one: { readonly deprecated?: string }) => one.deprecated === message;
    const newest = bundles.findLast(isMeant);
    const named = [
      ...(isMeant(owner) ? ['the package itself'] : []),
      ...nameAll('channel', owner.channels.filter(isMeant)),
      ...nameAll('bundle', bundles.filter(isMeant)),
    ];
    return {
      severity: 'warning',
      code: 'operator-deprecated',
      summary: 'Something that is mirrored is deprecated.',
      detail: `Of package "${owner.name}" the catalog deprecates ${named.join(' and ')}: ${message.trim() || 'no reason is given'}`,
      path: owner.path,
      ...(newest && wayOut(newest, owner)),
    };
  });
}

/** Tells once of all packages that an entry keeps without naming them: one line is the cause of all. */
function adviseUnnamed(owners: readonly FilteredPackage[]): readonly Advice[] {
  const found = owners.map((owner) => ({ owner, advice: adviseDeprecated(owner) }));
  const deprecated = found.filter(({ advice }) => advice.length > 0);
  const [first] = deprecated.flatMap(({ advice }) => advice);
  if (!first || deprecated.length === 1) return deprecated.flatMap(({ advice }) => advice);
  const names = listNames(deprecated.map(({ owner }) => `"${owner.name}"`));
  return [
    { ...first, detail: `The catalog deprecates parts of packages ${names}. ${first.detail}` },
  ];
}

/** Warns of kept packages, channels and bundles that the catalog deprecates, with its reason. */
function adviseDeprecations(packages: readonly FilteredPackage[]): readonly Advice[] {
  const isNamed = ({ path }: FilteredPackage) => path.length > 0;
  return [
    ...adviseUnnamed(packages.filter((one) => !isNamed(one))),
    ...packages.filter(isNamed).flatMap(adviseDeprecated),
  ];
}

function newestKept({ channels }: FilteredPackage): string {
  return channels.toSorted(byNewestHead)[0]?.head?.version ?? '';
}

/** Tells whether the head of a channel is newer than all kept heads. */
function isAhead(owner: FilteredPackage, channel: string): boolean {
  const head = owner.offers.channels.find(({ name }) => name === channel)?.head?.version ?? '';
  return isOlder(newestKept(owner), head);
}

/** A newer channel, and the kept channels beside it. */
interface Newer {
  readonly owner: FilteredPackage;
  readonly name: string;
  readonly kept: readonly string[];
}

function newerChannels(owner: FilteredPackage): readonly Newer[] {
  const kept = owner.channels.map(({ name }) => name);
  const offered = owner.offers.channels.map(({ name }) => name);
  const { defaultChannel } = owner.offers;
  const found = [...kept.map((name) => successorOf(name, offered)), defaultChannel];
  return [...new Set(found)].flatMap((name) =>
    name === undefined || kept.includes(name) || !isAhead(owner, name) ? [] : { owner, name, kept },
  );
}

/** Tells of a newer channel once for all packages with the same choice, at the first of them in the file. */
function adviseNewer(owners: readonly FilteredPackage[]): readonly Advice[] {
  const found = owners.filter(({ asks }) => asks.channels).flatMap(newerChannels);
  found.sort((a, b) => Number(a.owner.path.at(-1)) - Number(b.owner.path.at(-1)));
  const families = Map.groupBy(found, ({ name, kept }) => JSON.stringify([name, kept]));
  return [...families.values()].flatMap((family) => {
    const [first] = family;
    if (!first) return [];
    const names = listNames(family.map(({ owner }) => `"${owner.name}"`));
    return {
      severity: 'notice',
      code: 'operator-newer-channel',
      summary: 'A package has a newer channel.',
      detail: `${family.length > 1 ? `Packages ${names} offer` : `Package ${names} offers`} channel "${first.name}", newer than ${listNames(first.kept)}. Clusters can change to it only when it is mirrored.`,
      fix: `- name: ${yamlText(first.name)}`,
      path: [...first.owner.path, 'channels'],
    };
  });
}

/** Names versions that another channel keeps, which this channel of the catalog has too and no longer leads on from. */
function adviseGap(owner: FilteredPackage, channel: FilteredChannel): readonly Advice[] {
  const kept = new Set(owner.bundles.map(({ name }) => name));
  const cut = channel.stranded.filter(({ name }) => kept.has(name)).sort(byVersion);
  const [lowest] = cut;
  if (!lowest) return [];
  const versions = listNames(cut.map(({ version }) => version));
  return [
    {
      severity: 'notice',
      code: 'operator-update-gap',
      summary: 'A version that is mirrored has no update path in another channel.',
      detail: `Channel "${channel.name}" of package "${owner.name}" is mirrored without a path from ${versions}, which another channel keeps: a cluster that runs one of them cannot change to the channel and get to ${channel.head?.version}. A lower minVersion keeps the path.`,
      ...lowerBound(owner, channel.name, lowest.version),
    },
  ];
}

/** Finds gaps where the author names channels or versions; without them only heads are asked for, not paths between them. */
function adviseGaps(owner: FilteredPackage): readonly Advice[] {
  if (!owner.asks.channels && !owner.asks.range) return [];
  return owner.channels.flatMap((channel) => adviseGap(owner, channel));
}

/** Advises about the kept part: deprecations, and for named packages newer channels and versions without an update path. */
export function adviseKept({ packages, isWhole }: FilteredCatalog): readonly Advice[] {
  if (isWhole) return [];
  return [
    ...adviseDeprecations(packages),
    ...packages.flatMap(adviseGaps),
    ...adviseNewer(packages),
  ];
}
