import {
  askOf,
  type ChannelOutcome,
  type ChannelQuestion,
  fail,
  hasBounds,
} from './channel-question.ts';
import type { ChannelContent } from './content.ts';
import { type GraphReading, readGraph } from './graph.ts';
import { pinChannel } from './pin-channel.ts';
import { parseRange, pinnedVersion, rangeText } from './range.ts';
import { keepRange } from './range-walk.ts';
import { type Subject, versionsOf } from './subject.ts';

/** Fails over a graph; `where`: what oc-mirror puts before the fault. */
function failGraph(
  question: ChannelQuestion,
  { fault, heads }: Extract<GraphReading, { fault: string }>,
  where = '',
): ChannelOutcome {
  const candidates = versionsOf(
    question.subject,
    heads.map((name) => ({ name })),
  );
  return fail(question, { code: 'channel-graph', message: `${where}${fault}`, candidates });
}

/** Names a channel as oc-mirror's failures do. */
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
      candidates: versionsOf(subject, channel.entries),
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
  // Where a channel is described twice, the later description of its head counts.
  const entry = subject.content.channels
    .filter(({ name }) => name === channel.name)
    .flatMap(({ entries }) => entries)
    .findLast(({ name }) => name === head);
  return { names: new Set([head]), entries: entry ? [entry] : [], head };
}

/** Chooses what is kept of one channel. @see spec 5.4 and 15 (1) to (4) */
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
  if (pinnedVersion(bounds) !== undefined) return pinChannel(question);
  return hasBounds(bounds) ? keepInRange(question) : keepHead(question);
}
