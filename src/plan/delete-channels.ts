import { compareText } from '../base/index.ts';
import type { ReleaseId } from '../imageset/index.ts';
import { type ChannelGraph, type ReleaseChannel, selectFromGraphs } from '../release/index.ts';
import { compareReleaseTexts } from './releases.ts';

/** The answer that a set of channel entries has to give. */
export interface ReleaseChannelQuestion {
  /** Channels of the configuration, in its order. */
  readonly channels: readonly ReleaseChannel[];
  /** Releases that go, of all architectures. */
  readonly removed: readonly ReleaseId[];
  readonly graphs: readonly ChannelGraph[];
}

type Entry = ReleaseChannel & { readonly minVersion: string; readonly maxVersion: string };

interface Scope {
  readonly architecture: string;
  /** Versions that go. */
  readonly removed: ReadonlySet<string>;
  readonly graphs: readonly ChannelGraph[];
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

/**
 * Gives the channel in which a release is looked up: the first of the configuration that has it, its own before the others. A
 * channel that the configuration does not name is of no use, because oc-mirror kept no graph of it.
 */
function channelOf(
  release: ReleaseId,
  { channels, graphs }: ReleaseChannelQuestion,
): string | undefined {
  const configured = channels.map(({ name }) => name);
  const names = configured.toSorted((a, b) => rank(a, release) - rank(b, release));
  const graphOf = (name: string) =>
    graphs.find((one) => one.channel === name && one.architecture === release.architecture);
  const has = (name: string) => graphOf(name)?.versions.includes(release.version);
  return names.find(has) ?? names.find((name) => graphOf(name) === undefined);
}

/** Ranks the channel of the release itself before the others. */
function rank(name: string, { channel }: ReleaseId): number {
  return name === channel ? 0 : 1;
}

/** One range where it says all of these versions and nothing that stays, else one entry for each version. */
function entriesOf(
  channel: Pick<ReleaseChannel, 'name' | 'type'>,
  versions: readonly string[],
  scope: Scope,
): Entry[] {
  const sorted = versions.toSorted(compareReleaseTexts);
  const [minVersion = '', maxVersion = ''] = [sorted[0], sorted.at(-1)];
  const range = { ...channel, minVersion, maxVersion };
  const selected = new Set(select([range], scope));
  const isExact = versions.every((version) => selected.has(version)) && isFaithful([range], scope);
  if (isExact) return [range];
  return sorted.map((version) => ({ ...channel, minVersion: version, maxVersion: version }));
}

/** Reads the minor that a channel's name ends in: `stable-4.16` is `stable` and [4, 16]. */
function minorOf(name: string) {
  const [, prefix = '', major, minor] = /^(.*)-(\d+)\.(\d+)$/.exec(name) ?? [];
  return { prefix, major: Number(major), minor: Number(minor) };
}

/**
 * Tells whether one file may name all of these channels. Then oc-mirror asks for the channel of every minor between them, and a
 * delete reads only the graphs that the mirroring of the old configuration left on disk.
 */
function isJoinable(names: readonly string[], configured: readonly string[]): boolean {
  const minors = names.map(minorOf);
  const [first] = minors;
  if (!first || minors.some(({ major }) => major !== first.major)) return false;
  const numbers = minors.map(({ minor }) => minor);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (low === high) return true;
  const isOneKind = minors.every(({ prefix }) => prefix === first.prefix);
  const between = Array.from({ length: high - low }, (_, index) => low + index);
  return (
    isOneKind &&
    between.every((minor) => configured.includes(`${first.prefix}-${first.major}.${minor}`))
  );
}

/** Puts entries into as few files as say nothing more together than each of them alone. */
function pack(entries: readonly Entry[], configured: readonly string[], scope: Scope): Entry[][] {
  const files: Entry[][] = [];
  for (const entry of entries) {
    if (!isFaithful([entry], scope)) continue;
    const fitting = files.find((file) => {
      const joined = [...file, entry];
      const names = joined.map(({ name }) => name);
      const isApart = new Set(names).size === names.length;
      return isApart && isJoinable(names, configured) && isFaithful(joined, scope);
    });
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
  const entries = channels.flatMap(({ name, type }) => {
    const versions = groups.get(name)?.map(({ version }) => version) ?? [];
    return versions.length > 0 ? entriesOf({ name, type }, versions, scope) : [];
  });
  return pack(
    entries,
    channels.map(({ name }) => name),
    scope,
  );
}

/**
 * Says in channel entries which releases go: each group, collected as a file of its own, gives nothing that stays, and
 * all of them together give everything that the graphs of the configuration's own channels know.
 *
 * A file cannot name a channel twice, and several channels pull in what lies between them; what does not fit together is
 * put into groups of its own. Architectures that say the same share a group.
 * @see oc-mirror v2, §4.3 and §4.4
 */
export function groupChannels(question: ReleaseChannelQuestion) {
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
