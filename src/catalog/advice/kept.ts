import {
  byNewestHead,
  compareAsVersions,
  type FilteredBundle,
  type FilteredCatalog,
  type FilteredChannel,
  type FilteredPackage,
  type NamedVersion,
} from '../filter/index.ts';
import { type Advice, isOlder, listNames, lowerBound, successorOf, yamlText } from './advice.ts';

/** The fix: start the package, or its channels if they have the range, at the next bundle that is not deprecated. */
function wayOut(bundle: FilteredBundle, owner: FilteredPackage): Partial<Advice> {
  const sound = owner.bundles
    .filter(
      ({ version, deprecated }) => deprecated === undefined && isOlder(bundle.version, version),
    )
    .sort(byVersion);
  if (owner.asks.range || !owner.asks.channels) {
    const [next] = sound;
    return next ? lowerBound(owner, '', next.version) : {};
  }
  const ways = bundle.channels.flatMap((channel) => {
    const next = sound.find(({ channels }) => channels.includes(channel));
    return next ? lowerBound(owner, channel, next.version) : [];
  });
  const [first] = ways;
  return first ? { ...first, fix: ways.map(({ fix }) => fix).join('\n') } : {};
}

function adviseDeprecated(owner: FilteredPackage): readonly Advice[] {
  const about = (what: string, message: string): Advice => ({
    severity: 'warning',
    code: 'operator-deprecated',
    summary: 'Something that is mirrored is deprecated.',
    detail: `${what} of the catalog is deprecated: ${message.trim() || 'no reason is given'}`,
    path: owner.path,
  });
  return [
    ...(owner.deprecated === undefined ? [] : [about(`Package "${owner.name}"`, owner.deprecated)]),
    ...owner.channels.flatMap(({ name, deprecated }) =>
      deprecated === undefined
        ? []
        : about(`Channel "${name}" of package "${owner.name}"`, deprecated),
    ),
    ...owner.bundles.flatMap((bundle) =>
      bundle.deprecated === undefined
        ? []
        : {
            ...about(`Bundle "${bundle.name}" of package "${owner.name}"`, bundle.deprecated),
            ...wayOut(bundle, owner),
          },
    ),
  ];
}

function newestKept({ channels }: FilteredPackage): string {
  return channels.toSorted(byNewestHead)[0]?.head?.version ?? '';
}

/** The catalog's own default channel, if its head is newer than all kept heads. */
function aheadDefault(owner: FilteredPackage): string | undefined {
  const { defaultChannel, channels } = owner.offers;
  const head = channels.find(({ name }) => name === defaultChannel)?.head?.version ?? '';
  return isOlder(newestKept(owner), head) ? defaultChannel : undefined;
}

function adviseNewer(owner: FilteredPackage): readonly Advice[] {
  const kept = new Set(owner.channels.map(({ name }) => name));
  const offered = owner.offers.channels.map(({ name }) => name);
  const found = [...[...kept].map((name) => successorOf(name, offered)), aheadDefault(owner)];
  const newer = new Set(found.filter((name) => name !== undefined && !kept.has(name)));
  return [...newer].map((name) => ({
    severity: 'notice',
    code: 'operator-newer-channel',
    summary: 'A package has a newer channel.',
    detail: `Package "${owner.name}" offers channel "${name}", newer than ${listNames([...kept])}. Clusters can change to it only when it is mirrored.`,
    fix: `- name: ${yamlText(name ?? '')}`,
    path: [...owner.path, 'channels'],
  }));
}

function byVersion(a: NamedVersion, b: NamedVersion): number {
  return compareAsVersions(a.version, b.version);
}

/** Names versions between the kept ones that cannot update to the head. */
function adviseGap(
  owner: FilteredPackage,
  channel: FilteredChannel,
  oldest: string,
): readonly Advice[] {
  const newest = channel.head?.version ?? '';
  const between = channel.stranded
    .filter(({ version }) => isOlder(oldest, version) && isOlder(version, newest))
    .sort(byVersion);
  const [lowest] = between;
  if (!lowest) return [];
  return [
    {
      severity: 'notice',
      code: 'operator-update-gap',
      summary: 'Some versions between the kept ones have no update path.',
      detail: `In channel "${channel.name}" of package "${owner.name}" no kept bundle replaces or skips ${listNames(between.map(({ version }) => version))}: a cluster that runs one of them cannot get to ${newest}. A lower minVersion keeps the path.`,
      ...lowerBound(owner, channel.name, lowest.version),
    },
  ];
}

function adviseGaps(owner: FilteredPackage): readonly Advice[] {
  const oldest = owner.bundles.toSorted(byVersion)[0]?.version ?? '';
  return owner.channels.flatMap((channel) => adviseGap(owner, channel, oldest));
}

/** Advises about the kept part: deprecations, and for named packages newer channels and versions without an update path. */
export function adviseKept({ packages, isWhole }: FilteredCatalog): readonly Advice[] {
  if (isWhole) return [];
  return packages.flatMap((owner) => [
    ...adviseDeprecated(owner),
    ...(owner.asks.channels ? adviseNewer(owner) : []),
    ...(owner.path.length > 0 ? adviseGaps(owner) : []),
  ]);
}
