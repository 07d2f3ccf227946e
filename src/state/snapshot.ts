import { type EntryId, numberOf, tokenOf } from './entry-id.ts';
import type { AppliedImageSet, AppliedRun, Mirrored, PendingRun, WantedPlace } from './types.ts';

/** One thing that a state says. A place and the image sets that want it are separate facts: two runs may change them at once. */
export type FactValue =
  | { readonly is: 'place'; readonly place: Mirrored }
  | { readonly is: 'wish'; readonly wish: WantedPlace }
  | { readonly is: 'imageSet'; readonly imageSet: AppliedImageSet }
  | { readonly is: 'run'; readonly run: AppliedRun }
  | { readonly is: 'pending'; readonly pending: PendingRun };

/** A fact: its key, its value, and the entry that wrote it. */
export interface StateFact {
  readonly key: string;
  readonly by: EntryId;
  readonly value: FactValue;
}

/**
 * The knowledge of one entry: facts, and which entries it has seen, its own included.
 *
 * Shape: `facts` by entry and key; two runs that wrote at the same time may both have a fact for one key.
 * `seen`: the number of the newest entry of each run. A later entry of a run contains its earlier ones, so that one
 * number for a run is enough.
 */
export interface Snapshot {
  readonly facts: ReadonlyMap<string, StateFact>;
  readonly seen: ReadonlyMap<string, number>;
}

/** The snapshot of a target to which nothing was written yet. */
export const emptySnapshot: Snapshot = { facts: new Map(), seen: new Map() };

/** Tells whether a snapshot contains the facts of an entry, or has seen them replaced. */
export function hasSeen({ seen }: Pick<Snapshot, 'seen'>, id: EntryId): boolean {
  return (seen.get(tokenOf(id)) ?? -1) >= numberOf(id);
}

/** Gives the number of the newest entry that a snapshot has seen. */
export function highestNumber({ seen }: Snapshot): number {
  let highest = 0;
  for (const number of seen.values()) highest = Math.max(highest, number);
  return highest;
}

/** Puts facts into the shape of a snapshot. */
export function toFacts(facts: Iterable<StateFact>): ReadonlyMap<string, StateFact> {
  return new Map([...facts].map((fact) => [`${fact.by} ${fact.key}`, fact]));
}

/**
 * Joins the knowledge of two entries.
 *
 * A fact that both have stays. One that only one of them has stays unless the other has seen its entry: then the other has
 * removed or replaced it. The join does not depend on order or repetition.
 */
export function joinSnapshots(a: Snapshot, b: Snapshot): Snapshot {
  const facts = new Map<string, StateFact>();
  for (const [name, fact] of a.facts) {
    if (b.facts.has(name) || !hasSeen(b, fact.by)) facts.set(name, fact);
  }
  for (const [name, fact] of b.facts) {
    if (!hasSeen(a, fact.by)) facts.set(name, fact);
  }
  return { facts, seen: uniteSeen(a.seen, b.seen) };
}

function uniteSeen(a: Snapshot['seen'], b: Snapshot['seen']): Snapshot['seen'] {
  const seen = new Map(a);
  for (const [token, number] of b) seen.set(token, Math.max(number, seen.get(token) ?? 0));
  return seen;
}

/** Adds an entry to what a snapshot has seen. */
export function withEntry({ facts, seen }: Snapshot, id: EntryId): Snapshot {
  return { facts, seen: uniteSeen(seen, new Map([[tokenOf(id), numberOf(id)]])) };
}

/** Gives what holds of each key: of facts that were written at the same time, that of the greatest entry. */
export function currentFacts({ facts }: Snapshot): ReadonlyMap<string, StateFact> {
  const current = new Map<string, StateFact>();
  for (const fact of facts.values()) {
    const other = current.get(fact.key);
    if (!other || other.by < fact.by) current.set(fact.key, fact);
  }
  return current;
}

/** Tells whether two snapshots say the same, whatever entries they have seen. */
export function haveSameFacts(a: Snapshot, b: Snapshot): boolean {
  return a.facts.size === b.facts.size && [...a.facts.keys()].every((name) => b.facts.has(name));
}
