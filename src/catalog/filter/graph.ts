import { compareText } from '../../base/index.ts';
import type { ChannelEntry } from './content.ts';

/** The upgrade graph of a sound channel: one head, no cycle. */
export interface BundleGraph {
  readonly head: string;
  /** The head and what it replaces, what that replaces, and so on; the last may be no entry of the channel. */
  readonly chain: readonly string[];
  readonly skips: ReadonlyMap<string, readonly string[]>;
}

/** A graph, or why a channel has none, in oc-mirror's words (several faults are lines), and its heads. */
export type GraphReading =
  | { readonly graph: BundleGraph }
  | { readonly fault: string; readonly heads: readonly string[] };

const quote = JSON.stringify;

/** What an entry replaces and skips, each once. */
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

/** Of entries of one name the first counts. */
function firstOfEach(entries: readonly ChannelEntry[]): ReadonlyMap<string, ChannelEntry> {
  const first = new Map<string, ChannelEntry>();
  for (const entry of entries) if (!first.has(entry.name)) first.set(entry.name, entry);
  return first;
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

/** Tells whether something stays unreached when names are taken away from the head on, each after all that lead to it. */
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
  const first = firstOfEach(entries);
  const edges = edgesOf(first);
  const incoming = countIncoming(edges);
  // An entry that is listed twice is a head twice.
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
