import { parse, Range } from 'semver';
import { compareText, firstOfEach } from '../../base/index.ts';
import type { ChannelEntry } from './content.ts';
import type { VersionRange } from './range.ts';
import type { NamedVersion } from './result.ts';
import type { Version } from './version.ts';

/** The upgrade graph of a sound channel: one head, no cycle. */
export interface BundleGraph {
  readonly head: string;
  /** The head, the name that it replaces, and so on; the last name may be no entry of the channel. */
  readonly chain: readonly string[];
  readonly skips: ReadonlyMap<string, readonly string[]>;
}

/** A graph, or the faults of a channel in oc-mirror's words, one a line, with its heads. */
export type GraphReading =
  | { readonly graph: BundleGraph }
  | { readonly fault: string; readonly heads: readonly string[] };

const quote = JSON.stringify;

/** The names that an entry replaces or skips, each once. */
type Edges = ReadonlyMap<string, ReadonlySet<string>>;

function entryFaults(entries: readonly ChannelEntry[]): readonly string[] {
  const seen = new Set<string>();
  return entries.flatMap(({ name, replaces, skips }) => {
    if (seen.has(name)) return [`duplicate channel entry ${quote(name)}`];
    seen.add(name);
    const invalid = `invalid channel entry ${quote(name)}`;
    return [
      ...(replaces && replaces === name ? [`${invalid}: replaces itself`] : []),
      ...skips.filter((skip) => skip === name).map(() => `${invalid}: skips itself`),
    ];
  });
}

function edgesOf(entries: ReadonlyMap<string, ChannelEntry>): Edges {
  const targets = ({ replaces, skips }: ChannelEntry) =>
    new Set(replaces ? [replaces, ...skips] : skips);
  return new Map([...entries].map(([name, entry]) => [name, targets(entry)]));
}

/** Counts for each name the entries that replace or skip it. */
function countIncoming(edges: Edges): Map<string, number> {
  const incoming = new Map<string, number>();
  for (const target of [...edges.values()].flatMap((targets) => [...targets])) {
    incoming.set(target, (incoming.get(target) ?? 0) + 1);
  }
  return incoming;
}

function headFault(heads: readonly string[]): string | undefined {
  if (heads.length === 0) return 'no channel heads found';
  if (heads.length === 1) return undefined;
  return `multiple channel heads found: [${heads.toSorted(compareText).join(' ')}]`;
}

/** Removes names in topological order, from the head on; names that stay form a cycle. */
function hasCycle(head: string, edges: Edges): boolean {
  const incoming = countIncoming(edges);
  const free = [head];
  for (const name of free) {
    for (const target of edges.get(name) ?? []) {
      const left = (incoming.get(target) ?? 0) - 1;
      if (left > 0) incoming.set(target, left);
      else {
        incoming.delete(target);
        free.push(target);
      }
    }
  }
  return incoming.size > 0;
}

function chainFrom(head: string, entries: ReadonlyMap<string, ChannelEntry>): readonly string[] {
  const chain: string[] = [];
  for (let name = head; name; name = entries.get(name)?.replaces ?? '') chain.push(name);
  return chain;
}

/** Reads the upgrade graph of a channel. `skipRange` is no edge of it. @see spec 5.4, (3) */
export function readGraph(entries: readonly ChannelEntry[]): GraphReading {
  if (entries.length === 0) return { fault: 'channel has no entries', heads: [] };
  const first = new Map(firstOfEach(entries, ({ name }) => name).map((one) => [one.name, one]));
  const edges = edgesOf(first);
  const incoming = countIncoming(edges);
  // A head that is listed twice counts twice.
  const heads = entries.map(({ name }) => name).filter((name) => !incoming.has(name));
  const tooMany = headFault(heads);
  const faults = [...entryFaults(entries), ...(tooMany ? [tooMany] : [])];
  if (faults.length > 0) return { fault: faults.join('\n'), heads };
  const [head = ''] = heads;
  if (hasCycle(head, edges)) {
    return { fault: 'detected a cycle in the upgrade graph of the channel', heads };
  }
  const skips = new Map([...first].map(([name, entry]) => [name, entry.skips]));
  return { graph: { head, chain: chainFrom(head, first), skips } };
}

/**
 * Chooses the names that a range keeps of a channel; none when nothing lies in the range.
 *
 * The new head is the lowest entry of the chain with the whole range at or below it. The chain is kept down to the first entry
 * with nothing of the range at or below it, so that no path breaks. Each kept entry keeps its skips that lie in the range.
 * @see spec 5.4, (3) range
 */
export function keepRange(
  graph: BundleGraph,
  range: VersionRange,
  versions: ReadonlyMap<string, Version>,
): ReadonlySet<string> {
  const isIn = (name: string): boolean => {
    const version = versions.get(name);
    return version !== undefined && range.admits(version);
  };
  const inRange = (name: string) => (graph.skips.get(name) ?? []).filter(isIn);
  const found = new Set<string>();
  const steps = graph.chain
    .toReversed()
    .map((name) => {
      for (const one of [name, ...inRange(name)]) if (isIn(one)) found.add(one);
      return { name, atOrBelow: found.size };
    })
    .toReversed();
  const head = steps.findLastIndex(({ atOrBelow }) => atOrBelow === found.size);
  const tail = steps.findIndex(({ atOrBelow }) => atOrBelow === 0);
  const kept = steps.slice(head, tail < 0 ? steps.length : tail);
  return new Set(kept.flatMap(({ name }) => [name, ...inRange(name)]));
}

function readSkipRange(text: string): Range | undefined {
  try {
    return text ? new Range(text, { includePrerelease: true }) : undefined;
  } catch {
    return undefined;
  }
}

/** Adds the names that entries of `reached` replace or skip, transitively; gives the entries of `reached`. */
function follow(
  reached: Set<string>,
  byName: ReadonlyMap<string, readonly ChannelEntry[]>,
): ChannelEntry[] {
  const entries: ChannelEntry[] = [];
  for (const name of reached) {
    for (const entry of byName.get(name) ?? []) {
      entries.push(entry);
      for (const next of [entry.replaces, ...entry.skips]) if (next) reached.add(next);
    }
  }
  return entries;
}

/**
 * Gives the names from which a cluster can update to the head of a channel, the head included.
 *
 * An entry can be reached from the names that it replaces or skips, and from every installed version in its `skipRange`.
 * @see OLM, "How OLM upgrades operators"
 */
export function reachHead(
  head: string,
  entries: readonly ChannelEntry[],
  installed: readonly NamedVersion[],
): ReadonlySet<string> {
  // A broken channel may list a bundle twice; a cluster uses both entries.
  const byName = Map.groupBy(entries, ({ name }) => name);
  const reached = new Set([head]);
  const applied = new Set<string>(['']);
  const versions = installed.map(({ name, version }) => ({ name, version: parse(version) }));
  // Ranges are slow, so apply them only when names lead no further.
  for (let isDone = false; !isDone; ) {
    const fresh = follow(reached, byName).filter(({ skipRange }) => !applied.has(skipRange));
    const rest = versions.filter(({ name }) => !reached.has(name));
    for (const { skipRange } of rest.length > 0 ? fresh : []) {
      applied.add(skipRange);
      const range = readSkipRange(skipRange);
      for (const { name, version } of rest) if (version && range?.test(version)) reached.add(name);
    }
    isDone = fresh.length === 0 || rest.length === 0;
  }
  return reached;
}
