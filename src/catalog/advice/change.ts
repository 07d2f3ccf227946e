import { listNames, nearestNames } from '../../base/index.ts';
import {
  compareAsVersions,
  type FilteredCatalog,
  type FilteredChannel,
  type FilteredPackage,
} from '../filter/index.ts';
import { type Advice, lowerBound, successorOf, yamlText } from './advice.ts';

/** The names of the two indexes, by which the author tells them apart. */
export interface ComparedIndexes {
  readonly before: string;
  readonly after: string;
}

/** A package of both sides. */
interface PackagePair {
  readonly before: FilteredPackage;
  readonly after: FilteredPackage;
}

function adviseGone({ before, after }: PackagePair, indexes: ComparedIndexes): readonly Advice[] {
  const offered = after.offers.channels.map(({ name }) => name);
  const gone = before.channels.map(({ name }) => name).filter((name) => !offered.includes(name));
  return gone.map((name) => {
    const instead = successorOf(name, offered) ?? nearestNames(name, offered)[0];
    const isKept = after.channels.some((channel) => channel.name === instead);
    const isAddable = instead !== undefined && !isKept && after.asks.channels;
    return {
      severity: 'warning',
      code: 'operator-channel-gone',
      summary: 'A channel is gone from the catalog.',
      detail: `Channel "${name}" of package "${after.name}" was mirrored from ${indexes.before}; ${indexes.after} does not have it. Subscriptions to it get no updates until they change to another channel. The package has ${listNames(offered) || 'no channel'}.`,
      ...(isAddable && { fix: `- name: ${yamlText(instead)}` }),
      path: after.asks.channels ? [...after.path, 'channels'] : after.path,
    };
  });
}

function adviseStranded(
  channel: FilteredChannel,
  { before, after }: PackagePair,
): readonly Advice[] {
  const was = before.channels.find(({ name }) => name === channel.name);
  const lost = channel.stranded.filter(({ name }) => was?.entries.includes(name));
  if (lost.length === 0) return [];
  const versions = lost.map(({ version }) => version);
  return [
    {
      severity: 'warning',
      code: 'operator-no-update-path',
      summary: 'Installed operators would lose their update path.',
      detail: `Channel "${channel.name}" of package "${after.name}" was mirrored with ${listNames(versions)}. No bundle that is kept now replaces or skips them, so a cluster that runs one cannot get to ${channel.head?.version}. Keep the path with a lower minVersion.`,
      ...lowerBound(after, channel.name, versions.toSorted(compareAsVersions)[0] ?? ''),
    },
  ];
}

function adviseGonePackage(before: FilteredPackage, indexes: ComparedIndexes): Advice {
  return {
    severity: 'warning',
    code: 'operator-package-gone',
    summary: 'A package is gone from the catalog.',
    detail: `Package "${before.name}" was mirrored from ${indexes.before}; ${indexes.after} does not have it. Subscriptions to it get no updates.`,
    path: [],
  };
}

/** Tells whether the entry names its packages; then a package may be absent though the catalog has it. */
function namesPackages({ packages, errors, findings }: FilteredCatalog): boolean {
  return (
    findings.some(({ code }) => code === 'unknown-package') ||
    [...packages, ...errors].some(({ path }) => path[0] === 'packages')
  );
}

/**
 * Compares the kept part of a catalog with an earlier one, for instance of an earlier digest of the catalog.
 *
 * Warns of channels and packages that are gone, and of bundles that may be installed and can no longer update to the head.
 */
export function adviseChange(
  before: FilteredCatalog,
  after: FilteredCatalog,
  indexes: ComparedIndexes,
): readonly Advice[] {
  const failed = new Set(after.errors.map((error) => error.package));
  return before.packages
    .filter(({ name }) => name !== '' && !failed.has(name))
    .flatMap((earlier) => {
      const now = after.packages.find(({ name }) => name === earlier.name);
      // Where the entry names its packages, an unknown one has a finding of its own, and one that is left out goes on purpose.
      if (!now) return namesPackages(after) ? [] : [adviseGonePackage(earlier, indexes)];
      const change = { before: earlier, after: now };
      return [
        ...adviseGone(change, indexes),
        ...now.channels.flatMap((channel) => adviseStranded(channel, change)),
      ];
    });
}
