import { sortBy } from '../base/index.ts';
import { type MirroredPlacement, placeKey } from '../imageset/index.ts';
import { keyOfFact } from './facts.ts';
import { type Fields, unreadableState } from './fields.ts';
import { decodeLines, encodeLines, refuseOtherVersion } from './lines.ts';
import { readPlacement, writePlacement } from './placement-line.ts';
import {
  readImageSet,
  readPending,
  readRun,
  writeImageSet,
  writePending,
  writeRun,
} from './run-lines.ts';
import {
  currentFacts,
  type EntryId,
  entryId,
  type Fact,
  type FactValue,
  hasSeen,
  isEntryId,
  type Snapshot,
  toFacts,
  tokenPattern,
  withEntry,
} from './snapshot.ts';

const kind = 'imageset-mirror.state';
/** The version of the format that is written; 1.0 had one writer and no entries. */
const version = '2.0';

type WishFacts = ReadonlyMap<string, readonly Fact[]>;

/**
 * Encodes what an entry knows as gzipped JSON lines; snapshots that say the same give the same bytes.
 *
 * Shape: a header `{kind, formatVersion, entry, seen}`, then one line for each fact. A placement's line names those who want
 * it. `by` names the entry that said a line, where that is another one; `wishes` names those of a placement's wishes.
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

function wishesOf(facts: readonly Fact[]): WishFacts {
  const wishes = facts.filter(({ value }) => value.is === 'wish');
  return Map.groupBy(wishes, ({ value }) => (value.is === 'wish' ? placeKey(value.wish) : ''));
}

interface LineContext {
  readonly wishes: WishFacts;
  readonly isCurrent: boolean;
}

function lineOf(fact: Fact, { wishes, isCurrent }: LineContext): object | undefined {
  const { value } = fact;
  if (value.is === 'imageSet') return { imageSet: writeImageSet(value.imageSet) };
  if (value.is === 'run') return { run: writeRun(value.run) };
  if (value.is === 'pending') return { pending: writePending(value.pending) };
  if (value.is === 'wish') return undefined;
  // Of two descriptions of one place only one has the wishes; the other is remembered for the join.
  if (!isCurrent) return { other: writePlacement({ ...value.place, imageSets: [] }) };
  const own = wishes.get(placeKey(value.place)) ?? [];
  const saidBy = new Map<string, EntryId[]>();
  for (const { value: said, by } of own) {
    if (said.is !== 'wish') continue;
    saidBy.set(said.wish.imageSet, [...(saidBy.get(said.wish.imageSet) ?? []), by]);
  }
  const apart = [...saidBy].filter(([, ids]) => ids.length > 1 || ids[0] !== fact.by);
  return {
    placement: writePlacement({ ...value.place, imageSets: [...saidBy.keys()] }),
    ...(apart.length > 0 && { wishes: apart.map(([imageSet, by]) => ({ imageSet, by })) }),
  };
}

/** What was decoded, and the id of the entry that it is. */
export interface DecodedSnapshot {
  readonly id: EntryId;
  readonly snapshot: Snapshot;
}

/**
 * Decodes what an entry knows.
 *
 * `digest`: 16 hex digits of the digest of what is stored; they name a state of format 1.0, which does not name itself.
 * @throws PlanError `STATE_FORMAT` for an unknown version, and for any line that is not exactly as this tool writes it.
 */
export function decodeSnapshot(bytes: Uint8Array, digest: string): DecodedSnapshot {
  const { header, lines } = decodeLines(kind, bytes);
  const format = header.text('formatVersion');
  refuseOtherVersion(format, ['1.0', version]);
  const { id, seen } = format === '1.0' ? openOld(header, digest) : openHeader(header);
  const facts: Fact[] = [];
  for (const line of lines) facts.push(...readLine(line, id));
  const named = toFacts(facts);
  if (named.size < facts.length) throw unreadableState('two of its lines say the same');
  const snapshot = { facts: named, seen };
  if (facts.some(({ by }) => !hasSeen(snapshot, by))) {
    throw unreadableState('a line names an entry that the header does not');
  }
  return { id, snapshot };
}

/** The plan in progress of format 1.0 has no run of its own: it is over. */
function openOld(header: Fields, digest: string) {
  header.optionalObject('pending');
  header.end();
  const id = entryId(0, digest);
  return { id, seen: withEntry({ facts: new Map(), seen: new Map() }, id).seen };
}

function openHeader(header: Fields) {
  const id = header.text('entry');
  if (!isEntryId(id)) throw unreadableState('its header names no entry');
  const seen = header.counts('seen');
  header.end();
  if (![...seen.keys()].every((token) => tokenPattern.test(token)) || !hasSeen({ seen }, id)) {
    throw unreadableState('its header does not name the entries that it has seen');
  }
  return { id, seen };
}

function readLine(line: Fields, id: EntryId): Fact[] {
  const by = readEntry(line.optionalText('by') ?? id);
  const imageSet = line.optionalObject('imageSet');
  const run = line.optionalObject('run');
  const pending = line.optionalObject('pending');
  const other = line.optionalObject('other');
  const placement = line.optionalObject('placement');
  const wishes = placement ? readWishes(line) : new Map();
  line.end();
  if ([imageSet, run, pending, other, placement].filter(Boolean).length !== 1) {
    throw unreadableState('a line says nothing that is known, or several things');
  }
  const say = (value: FactValue) => [{ key: keyOfFact(value), by, value }];
  if (imageSet) return say({ is: 'imageSet', imageSet: readImageSet(imageSet) });
  if (run) return say({ is: 'run', run: readRun(run) });
  if (pending) return say({ is: 'pending', pending: readPending(pending) });
  if (other) return say(placeOf(readPlacement(other)));
  return placement ? placementFacts(readPlacement(placement), by, wishes) : [];
}

function placeOf({ imageSets: _, ...place }: MirroredPlacement): FactValue {
  return { is: 'place', place };
}

function placementFacts(
  placement: MirroredPlacement,
  by: EntryId,
  wishes: ReadonlyMap<string, readonly EntryId[]>,
): Fact[] {
  const { repository, tag } = placement;
  const place = placeOf(placement);
  const wanted = [...new Set(placement.imageSets)].flatMap((imageSet) => {
    const value: FactValue = { is: 'wish', wish: { repository, tag, imageSet } };
    return (wishes.get(imageSet) ?? [by]).map((one) => ({ key: keyOfFact(value), by: one, value }));
  });
  return [{ key: keyOfFact(place), by, value: place }, ...wanted];
}

function readWishes(line: Fields): ReadonlyMap<string, readonly EntryId[]> {
  const wishes = line.optionalObjects('wishes') ?? [];
  return new Map(
    wishes.map((wish) => {
      const found = [wish.text('imageSet', /^/), wish.texts('by').map(readEntry)] as const;
      wish.end();
      return found;
    }),
  );
}

function readEntry(text: string): EntryId {
  if (!isEntryId(text)) throw unreadableState('a line names an entry that is none');
  return text;
}
