import type { InferOutput } from 'valibot';
import { sortBy } from '../base/index.ts';
import { type MirroredPlacement, placeKey } from '../imageset/index.ts';
import { type EntryId, entryId } from './entry-id.ts';
import { keyOfFact, lineOfValue } from './facts.ts';
import { factLine, stateHeaders } from './line-schemas.ts';
import { decodeLines, encodeLines } from './lines.ts';
import {
  currentFacts,
  emptySnapshot,
  type FactValue,
  hasSeen,
  type Snapshot,
  type StateFact,
  toFacts,
  withEntry,
} from './snapshot.ts';
import { unreadableState } from './unreadable.ts';

const kind = 'imageset-mirror.state';
/** The version of the format that is written. */
const version = '2.0';

type WishFacts = ReadonlyMap<string, readonly StateFact[]>;

/**
 * Encodes the facts of an entry as gzipped JSON lines; snapshots that say the same give the same bytes.
 *
 * Shape: a header `{kind, formatVersion, entry, seen}`, then one line for each fact. A placement's line names the
 * image sets that want it. `by` names the entry that said a line, where that is another one; `wishes` names those of a placement's wishes.
 */
export function encodeSnapshot(snapshot: Snapshot, id: EntryId): Uint8Array {
  const seen = Object.fromEntries(sortBy(snapshot.seen, ([token]) => token));
  const facts = sortBy(snapshot.facts.values(), ({ key, by }) => `${key} ${by}`);
  const wishes = wishesOf(facts);
  const current = currentFacts(snapshot);
  const lines = facts.flatMap((fact) => {
    const line = lineOf(fact, { wishes, isCurrent: current.get(fact.key) === fact });
    return line ? [{ ...line, ...(fact.by !== id && { by: fact.by }) }] : [];
  });
  return encodeLines(kind, { formatVersion: version, entry: id, seen }, lines);
}

function wishesOf(facts: readonly StateFact[]): WishFacts {
  const wishes = facts.filter(({ value }) => value.is === 'wish');
  return Map.groupBy(wishes, ({ value }) => (value.is === 'wish' ? placeKey(value.wish) : ''));
}

interface LineContext {
  readonly wishes: WishFacts;
  readonly isCurrent: boolean;
}

function lineOf(fact: StateFact, { wishes, isCurrent }: LineContext): object | undefined {
  const { value } = fact;
  if (value.is === 'wish') return undefined;
  if (value.is !== 'place') return { [value.is]: lineOfValue(value) };
  // Only the current description of a place has the wishes; the other one is kept for the join.
  if (!isCurrent) return { other: lineOfValue(value) };
  const own = wishes.get(placeKey(value.place)) ?? [];
  const saidBy = new Map<string, EntryId[]>();
  for (const { value: said, by } of own) {
    if (said.is !== 'wish') continue;
    saidBy.set(said.wish.imageSet, [...(saidBy.get(said.wish.imageSet) ?? []), by]);
  }
  const apart = [...saidBy].filter(([, ids]) => ids.length > 1 || ids[0] !== fact.by);
  return {
    placement: lineOfValue(value, [...saidBy.keys()]),
    ...(apart.length > 0 && { wishes: apart.map(([imageSet, by]) => ({ imageSet, by })) }),
  };
}

/** A decoded entry and its id. */
export interface DecodedSnapshot {
  readonly id: EntryId;
  readonly snapshot: Snapshot;
}

/**
 * Decodes the facts of an entry.
 *
 * `digest`: 16 hex digits of the digest of what is stored; they name a state of format 1.0, which does not name itself.
 * @throws PlanError `STATE_FORMAT` for an unknown version, and for any line that is not exactly as this tool writes it.
 */
export function decodeSnapshot(bytes: Uint8Array, digest: string): DecodedSnapshot {
  const { header, lines } = decodeLines({ kind, headers: stateHeaders, line: factLine }, bytes);
  const { id, seen } = header.formatVersion === '1.0' ? oldEntry(digest) : readHeader(header);
  const facts: StateFact[] = [];
  for (const line of lines) facts.push(...factsOf(line, id));
  const named = toFacts(facts);
  if (named.size < facts.length) throw unreadableState('two of its lines say the same');
  const snapshot = { facts: named, seen };
  if (facts.some(({ by }) => !hasSeen(snapshot, by))) {
    throw unreadableState('a line names an entry that the header does not');
  }
  return { id, snapshot };
}

/** A state of format 1.0 does not name itself; its plan in progress has no run of its own: it is over. */
function oldEntry(digest: string) {
  const id = entryId(0, digest);
  return { id, seen: withEntry(emptySnapshot, id).seen };
}

function readHeader({ entry, seen: counts }: InferOutput<(typeof stateHeaders)['2.0']>) {
  const seen = new Map(Object.entries(counts));
  if (!hasSeen({ seen }, entry)) {
    throw unreadableState('its header does not name the entries that it has seen');
  }
  return { id: entry, seen };
}

function factsOf(line: InferOutput<typeof factLine>, id: EntryId): StateFact[] {
  const { by = id, imageSet, run, pending, other, placement, wishes = [] } = line;
  const say = (value: FactValue): StateFact[] => [{ key: keyOfFact(value), by, value }];
  if (imageSet) return say({ is: 'imageSet', imageSet });
  if (run) return say({ is: 'run', run });
  if (pending) return say({ is: 'pending', pending });
  if (other) return say(placeOf(other));
  if (!placement) return [];
  const sayers = new Map(wishes.map((wish) => [wish.imageSet, wish.by]));
  const { repository, tag, imageSets } = placement;
  const wanted = [...new Set(imageSets)].flatMap((name) => {
    const value: FactValue = { is: 'wish', wish: { repository, tag, imageSet: name } };
    return (sayers.get(name) ?? [by]).map((one) => ({ key: keyOfFact(value), by: one, value }));
  });
  return [...say(placeOf(placement)), ...wanted];
}

function placeOf({ imageSets: _, ...place }: MirroredPlacement): FactValue {
  return { is: 'place', place };
}
