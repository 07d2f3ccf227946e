import { compareText } from '../../base/index.ts';
import type { ChannelContent, ChannelEntry } from './content.ts';
import { type GraphReading, keepRange, readGraph } from './graph.ts';
import { parseRange, pinnedVersion, rangeText, type VersionBounds } from './range.ts';
import type { FilterError, FilterFinding } from './result.ts';
import { failed, type Subject, versionsOf } from './subject.ts';
import { compareBuilds, compareVersions, parseVersion, type Version } from './version.ts';
import type { WishPath } from './wish.ts';

/** The kept part of one channel. */
export interface ChannelSelection {
  /** Bundles to keep; not all of them are entries. */
  readonly names: ReadonlySet<string>;
  readonly entries: readonly ChannelEntry[];
  /** Absent if the channel is kept in full. */
  readonly head?: string;
  readonly finding?: FilterFinding;
}

type ChannelOutcome = ChannelSelection | { readonly error: FilterError };

/** One channel under the filter, with the range that applies to it and the path of that range. */
interface ChannelQuestion {
  readonly channel: ChannelContent;
  readonly subject: Subject;
  readonly bounds: VersionBounds;
  readonly path: WishPath;
}

/** Tells whether there is any bound. */
export function hasBounds({ minVersion, maxVersion }: VersionBounds): boolean {
  return Boolean(minVersion || maxVersion);
}

function boundsOf({ minVersion, maxVersion }: VersionBounds): VersionBounds {
  return { ...(minVersion && { minVersion }), ...(maxVersion && { maxVersion }) };
}

/** Finds the range for a channel: its own, else that of the package. */
function askOf(channel: ChannelContent, subject: Subject): ChannelQuestion {
  const { wish } = subject;
  const listed = wish?.channels.find(({ name }) => name === channel.name);
  const owner = listed && hasBounds(listed) ? listed : wish;
  const question = { channel, subject, bounds: owner ? boundsOf(owner) : {} };
  if (!owner || !hasBounds(owner)) return { ...question, path: (listed ?? wish)?.path ?? [] };
  return { ...question, path: [...owner.path, owner.minVersion ? 'minVersion' : 'maxVersion'] };
}

function fail(
  { channel, subject, bounds, path }: ChannelQuestion,
  facts: Pick<FilterError, 'code' | 'message' | 'candidates'>,
): ChannelOutcome {
  const message = `${failed}${facts.message}`;
  const where = { path, package: subject.content.name, channel: channel.name };
  return { error: { ...facts, ...where, message, ...(hasBounds(bounds) && { bounds }) } };
}

/** Finds the bundles of a version in the whole package; the highest build first. */
function findVersion(version: Version, { versions }: Subject): readonly string[] {
  return [...versions]
    .filter(([, found]) => compareVersions(found.version, version) === 0)
    .sort(
      ([nameA, a], [nameB, b]) => compareBuilds(b.version, a.version) || compareText(nameB, nameA),
    )
    .map(([name]) => name);
}

/**
 * Keeps exactly one bundle. It is looked up in the whole package; the graph does not matter.
 * @see spec 5.4 (min == max), 15 (1), (2)
 */
function pinChannel(question: ChannelQuestion, text: string): ChannelOutcome {
  const { channel, subject, path } = question;
  const version = parseVersion(text);
  const [name, ...others] = version ? findVersion(version, subject) : [];
  if (name === undefined) {
    return fail(question, {
      code: 'version-not-found',
      message: `error finding specific bundle: specific version ${text} not found in bundles`,
      candidates: versionsOf(
        subject,
        channel.entries.map(({ name }) => name),
      ),
    });
  }
  const facts = { package: subject.content.name, channel: channel.name, path };
  return {
    names: new Set([name]),
    entries: channel.entries.filter((entry) => entry.name === name),
    head: name,
    ...(others.length > 0 && {
      finding: { ...facts, code: 'ambiguous-version', bundle: name, candidates: [name, ...others] },
    }),
  };
}

/** `where` stands before the fault. */
function failGraph(
  question: ChannelQuestion,
  { fault, heads }: Extract<GraphReading, { fault: string }>,
  where = '',
): ChannelOutcome {
  const candidates = versionsOf(question.subject, heads);
  return fail(question, { code: 'channel-graph', message: `${where}${fault}`, candidates });
}

function placeOf({ channel, subject }: ChannelQuestion): string {
  return `package ${JSON.stringify(subject.content.name)} channel ${JSON.stringify(channel.name)}`;
}

function keepInRange(question: ChannelQuestion): ChannelOutcome {
  const { channel, subject, bounds } = question;
  const range = parseRange(bounds);
  if (!range) {
    const message = `error parsing version range: improper constraint: ${JSON.stringify(rangeText(bounds))}`;
    return fail(question, { code: 'filter-invalid', message });
  }
  const reading = readGraph(channel.entries);
  if ('fault' in reading) return failGraph(question, reading);
  const versions = new Map([...subject.versions].map(([name, found]) => [name, found.version]));
  const names = keepRange(reading.graph, range, versions);
  if (names.size === 0 && subject.content.defaultChannels.at(-1) === channel.name) {
    return fail(question, {
      code: 'empty-range',
      message: `${placeOf(question)} has version range ${JSON.stringify(range.text)} that results in an empty channel`,
      candidates: versionsOf(
        subject,
        channel.entries.map(({ name }) => name),
      ),
    });
  }
  const head = reading.graph.chain.find((name) => names.has(name));
  const entries = channel.entries.filter(({ name }) => names.has(name));
  return { names, entries, ...(head !== undefined && { head }) };
}

function keepHead(question: ChannelQuestion): ChannelOutcome {
  const { channel, subject } = question;
  const reading = readGraph(channel.entries);
  if ('fault' in reading) {
    const where = `${placeOf(question)} unable to filter head of channel: `;
    return failGraph(question, reading, where);
  }
  const { head } = reading.graph;
  // If a catalog describes a channel twice, the later entry of its head counts.
  const entry = subject.content.channels
    .filter(({ name }) => name === channel.name)
    .flatMap(({ entries }) => entries)
    .findLast(({ name }) => name === head);
  return { names: new Set([head]), entries: entry ? [entry] : [], head };
}

/** Selects the kept part of one channel. @see spec 5.4 and 15 (1) to (4) */
export function selectChannel(channel: ChannelContent, subject: Subject): ChannelOutcome {
  const question = askOf(channel, subject);
  const { bounds } = question;
  if (subject.full && hasBounds(bounds)) {
    const message = 'Full: true cannot be mixed with versionRange';
    return fail(question, { code: 'full-with-range', message });
  }
  if (subject.full) {
    const names = new Set(channel.entries.map(({ name }) => name));
    return { names, entries: channel.entries };
  }
  const pinned = pinnedVersion(bounds);
  if (pinned !== undefined) return pinChannel(question, pinned);
  return hasBounds(bounds) ? keepInRange(question) : keepHead(question);
}
