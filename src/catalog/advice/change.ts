import {
  compareVersions,
  type FilteredCatalog,
  type FilteredChannel,
  type FilteredPackage,
  nearestNames,
  parseVersion,
} from '../filter/index.ts';
import { type Advice, listNames, yamlText } from './advice.ts';
import { successorOf } from './channel-family.ts';
import { lowerBound } from './lower-bound.ts';

/** A package as it was mirrored before, and as it would be now. */
interface Change {
  readonly before: FilteredPackage;
  readonly after: FilteredPackage;
}

function adviseGone({ before, after }: Change): readonly Advice[] {
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
      detail: `Channel "${name}" of package "${after.name}" was mirrored before; the catalog has it no more. Subscriptions to it get no updates. It has ${listNames(offered) || 'no channel'}.`,
      ...(instead !== undefined && { fix: `- name: ${yamlText(instead)}` }),
      path: after.asks.channels ? [...after.path, 'channels'] : after.path,
    };
  });
}

function lowestOf(versions: readonly string[]): string {
  const order = (a: string, b: string): number => {
    const [x, y] = [parseVersion(a), parseVersion(b)];
    return x && y ? compareVersions(x, y) : 0;
  };
  return versions.toSorted(order)[0] ?? '';
}

function adviseStranded(channel: FilteredChannel, { before, after }: Change): readonly Advice[] {
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
      ...lowerBound(after, channel.name, lowestOf(versions)),
    },
  ];
}

/** A package that was mirrored and that the catalog has no more. */
function adviseGonePackage(before: FilteredPackage): Advice {
  return {
    severity: 'warning',
    code: 'operator-package-gone',
    summary: 'A package is gone from the catalog.',
    detail: `Package "${before.name}" was mirrored before; the catalog has it no more. Subscriptions to it get no updates.`,
    path: [],
  };
}

/**
 * Compares what is kept of one catalog with what was kept before, for instance of an earlier digest of it.
 *
 * It tells of channels and packages that are gone, and of bundles that were mirrored, and may be installed, from which what is
 * kept now does not lead to the head.
 */
export function adviseChange(before: FilteredCatalog, after: FilteredCatalog): readonly Advice[] {
  const unknown = new Set(after.findings.map((finding) => finding.package));
  const failed = new Set(after.errors.map((error) => error.package));
  return before.packages
    .filter(({ name }) => name !== '' && !failed.has(name))
    .flatMap((earlier) => {
      const now = after.packages.find(({ name }) => name === earlier.name);
      // Named by the configuration, it is reported as unknown; no longer named, it goes on purpose.
      const isSilent = unknown.has(earlier.name) || earlier.path.length > 0;
      if (!now) return isSilent ? [] : [adviseGonePackage(earlier)];
      const change = { before: earlier, after: now };
      return [
        ...adviseGone(change),
        ...now.channels.flatMap((channel) => adviseStranded(channel, change)),
      ];
    });
}
