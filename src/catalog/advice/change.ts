import {
  compareAsVersions,
  type FilteredCatalog,
  type FilteredChannel,
  type FilteredPackage,
  nearestNames,
} from '../filter/index.ts';
import { type Advice, listNames, lowerBound, successorOf, yamlText } from './advice.ts';

/** A package of both sides. */
interface PackagePair {
  readonly before: FilteredPackage;
  readonly after: FilteredPackage;
}

function adviseGone({ before, after }: PackagePair): readonly Advice[] {
  const offered = after.offers.channels.map(({ name }) => name);
  const gone = before.channels.map(({ name }) => name).filter((name) => !offered.includes(name));
  return gone.map((name) => {
    const instead = after.asks.channels
      ? (successorOf(name, offered) ?? nearestNames(name, offered)[0])
      : undefined;
    return {
      severity: 'warning',
      code: 'operator-channel-gone',
      summary: 'A channel is gone from the catalog.',
      detail: `Channel "${name}" of package "${after.name}" was mirrored before; the catalog no longer has it. Subscriptions to it get no updates. It has ${listNames(offered) || 'no channel'}.`,
      ...(instead !== undefined && { fix: `- name: ${yamlText(instead)}` }),
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

function adviseGonePackage(before: FilteredPackage): Advice {
  return {
    severity: 'warning',
    code: 'operator-package-gone',
    summary: 'A package is gone from the catalog.',
    detail: `Package "${before.name}" was mirrored before; the catalog no longer has it. Subscriptions to it get no updates.`,
    path: [],
  };
}

/**
 * Compares the kept part of a catalog with an earlier one, for instance of an earlier digest of the catalog.
 *
 * Warns of channels and packages that are gone, and of bundles that may be installed and can no longer update to the head.
 */
export function adviseChange(before: FilteredCatalog, after: FilteredCatalog): readonly Advice[] {
  const unknown = new Set(after.findings.map((finding) => finding.package));
  const failed = new Set(after.errors.map((error) => error.package));
  return before.packages
    .filter(({ name }) => name !== '' && !failed.has(name))
    .flatMap((earlier) => {
      const now = after.packages.find(({ name }) => name === earlier.name);
      // A package that the configuration names is reported as unknown; one that it no longer names goes on purpose.
      const isSilent = unknown.has(earlier.name) || earlier.path.length > 0;
      if (!now) return isSilent ? [] : [adviseGonePackage(earlier)];
      const change = { before: earlier, after: now };
      return [
        ...adviseGone(change),
        ...now.channels.flatMap((channel) => adviseStranded(channel, change)),
      ];
    });
}
