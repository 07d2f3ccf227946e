import { compareText } from '../base/index.ts';
import type { ChannelGraph, ReleaseChannel, ReleaseId } from '../imageset/index.ts';
import { compareReleaseVersions, parseReleaseVersion, selectFromGraphs } from '../release/index.ts';

/** The answer that a set of channel entries has to give. */
export interface ReleaseChannelQuestion {
  /** Channels of the configuration, in its order. */
  readonly channels: readonly ReleaseChannel[];
  /** Releases that go, of all architectures. */
  readonly removed: readonly ReleaseId[];
  readonly graphs: readonly ChannelGraph[];
}

/** Channel entries that stand in one file together, for some architectures. */
export interface ChannelGroup {
  readonly architectures: readonly string[];
  readonly channels: readonly ReleaseChannel[];
}

type Entry = ReleaseChannel & { readonly minVersion: string; readonly maxVersion: string };

/** The question for one architecture. */
interface Scope {
  readonly architecture: string;
  /** Versions that go. */
  readonly removed: ReadonlySet<string>;
  readonly graphs: readonly ChannelGraph[];
}

function byVersion(a: string, b: string): number {
  const [left, right] = [parseReleaseVersion(a), parseReleaseVersion(b)];
  return (left && right ? compareReleaseVersions(left, right) : 0) || compareText(a, b);
}

/** Gives what a file with these entries selects; `undefined` when oc-mirror would refuse it. */
function select(
  channels: readonly Entry[],
  { architecture, graphs }: Scope,
): readonly string[] | undefined {
  const { releases, findings } = selectFromGraphs(
    { channels, architectures: [architecture] },
    graphs,
  );
  const isRefused = findings.some(({ severity }) => severity === 'error');
  return isRefused ? undefined : releases.map(({ version }) => version);
}

/** A file may say less than what goes, never more. */
function isFaithful(channels: readonly Entry[], scope: Scope): boolean {
  return select(channels, scope)?.every((version) => scope.removed.has(version)) === true;
}

/** The channel in which a release is looked up: its own, one of the configuration, or any that has it. */
function channelOf(
  release: ReleaseId,
  { channels, graphs }: ReleaseChannelQuestion,
): string | undefined {
  const configured = channels.map(({ name }) => name);
  const others = graphs.map(({ channel }) => channel).sort(compareText);
  const names = [...(release.channel ? [release.channel] : []), ...configured, ...others];
  const has = (name: string): boolean =>
    graphs.some(
      ({ channel, architecture, versions }) =>
        channel === name &&
        architecture === release.architecture &&
        versions.includes(release.version),
    );
  return names.find(has) ?? names[0];
}

/** One range where it says all of these versions and nothing that stays, else one entry for each version. */
function entriesOf(
  channel: Pick<ReleaseChannel, 'name' | 'type'>,
  versions: readonly string[],
  scope: Scope,
): Entry[] {
  const sorted = versions.toSorted(byVersion);
  const [minVersion = '', maxVersion = ''] = [sorted[0], sorted.at(-1)];
  const range = { ...channel, minVersion, maxVersion };
  const selected = new Set(select([range], scope));
  const isExact = versions.every((version) => selected.has(version)) && isFaithful([range], scope);
  if (isExact) return [range];
  return sorted.map((version) => ({ ...channel, minVersion: version, maxVersion: version }));
}

/** Puts entries into as few files as say nothing more together than each of them alone. */
function pack(entries: readonly Entry[], scope: Scope): Entry[][] {
  const files: Entry[][] = [];
  for (const entry of entries) {
    if (!isFaithful([entry], scope)) continue;
    const fitting = files.find(
      (file) =>
        file.every(({ name }) => name !== entry.name) && isFaithful([...file, entry], scope),
    );
    if (fitting) fitting.push(entry);
    else files.push([entry]);
  }
  return files;
}

function filesFor(architecture: string, question: ReleaseChannelQuestion): Entry[][] {
  const { channels, graphs } = question;
  const releases = question.removed.filter((release) => release.architecture === architecture);
  const scope = { architecture, graphs, removed: new Set(releases.map(({ version }) => version)) };
  const groups = Map.groupBy(releases, (release) => channelOf(release, question));
  const order = [...new Set([...channels.map(({ name }) => name), ...groups.keys()])];
  const entries = order.flatMap((name) => {
    const group = groups.get(name);
    if (name === undefined || !group) return [];
    const type = channels.find((channel) => channel.name === name)?.type ?? 'ocp';
    const versions = group.map(({ version }) => version);
    return entriesOf({ name, type }, versions, scope);
  });
  return pack(entries, scope);
}

/**
 * Says in channel entries which releases go: each group, collected as a file of its own, gives nothing that stays, and
 * all of them together give everything that the graphs know.
 *
 * A file cannot name a channel twice, and several channels pull in what lies between them; what does not fit together is
 * put into groups of its own. Architectures that say the same share a group.
 * @see oc-mirror v2, §4.3 and §4.4
 */
export function groupChannels(question: ReleaseChannelQuestion): ChannelGroup[] {
  const architectures = [...new Set(question.removed.map(({ architecture }) => architecture))];
  const groups = new Map<string, { architectures: string[]; channels: readonly Entry[] }>();
  for (const architecture of architectures.sort(compareText)) {
    for (const channels of filesFor(architecture, question)) {
      const key = JSON.stringify(channels);
      const group = groups.get(key) ?? { architectures: [], channels };
      groups.set(key, { ...group, architectures: [...group.architectures, architecture] });
    }
  }
  return [...groups.values()];
}
