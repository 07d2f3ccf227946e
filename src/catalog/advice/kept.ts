import { listNames } from '../../base/index.ts';
import {
  byNewestHead,
  byVersion,
  type FilteredCatalog,
  type FilteredChannel,
  type FilteredPackage,
} from '../filter/index.ts';
import { type Advice, isOlder, lowerBound, successorOf, yamlText } from './advice.ts';
import { adviseDeprecations } from './deprecated.ts';

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
