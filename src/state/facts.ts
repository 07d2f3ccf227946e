import { compareText, sortBy } from '../base/index.ts';
import { placeKey } from '../imageset/index.ts';
import type { EntryId } from './entry-id.ts';
import { imageSetLine, inOrder, pendingLine, placementLine, runLine } from './line-schemas.ts';
import {
  currentFacts,
  type FactValue,
  type Snapshot,
  type StateFact,
  toFacts,
  withEntry,
} from './snapshot.ts';
import type { AppliedImageSet, AppliedRun, PendingRun, RunId, State } from './types.ts';

/** Writes the number of a run, and its token where it has one: `17-3fa9c0de12345678`. */
export function formatRunId({ id, token }: RunId): string {
  return token === undefined ? String(id) : `${id}-${token}`;
}

/** Reads the number of a run and its token, where it has one, from the groups of a match. */
export function runIdIn(match: RegExpExecArray | null): RunId | undefined {
  const [, id, token] = match ?? [];
  if (id === undefined) return undefined;
  return { id: Number(id), ...(token !== undefined && { token }) };
}

/** Reads what {@link formatRunId} writes. */
export function parseRunId(text: string): RunId | undefined {
  return runIdIn(/^([1-9]\d{0,8})(?:-([0-9a-f]{16}))?$/.exec(text));
}

/** Gives the key of the thing that a fact is about. */
export function keyOfFact(value: FactValue): string {
  switch (value.is) {
    case 'place':
      return `place ${placeKey(value.place)}`;
    case 'wish':
      return `wish ${placeKey(value.wish)} ${value.wish.imageSet}`;
    case 'imageSet':
      return `set ${value.imageSet.name}`;
    case 'run':
      return `run ${formatRunId(value.run)}`;
    case 'pending':
      return `pending ${formatRunId(value.pending)}`;
  }
}

/** Gives the line of a fact; a place that is compared or superseded is written without its image sets. */
export function lineOfValue(
  value: Exclude<FactValue, { is: 'wish' }>,
  imageSets: readonly string[] = [],
): object {
  switch (value.is) {
    case 'place':
      return inOrder(placementLine, { ...value.place, imageSets });
    case 'imageSet':
      return inOrder(imageSetLine, value.imageSet);
    case 'run':
      return inOrder(runLine, value.run);
    case 'pending':
      return inOrder(pendingLine, value.pending);
  }
}

/** Writes a fact so that equal facts are equal texts. */
function textOf(value: FactValue): string {
  return value.is === 'wish' ? '' : JSON.stringify(lineOfValue(value));
}

function* valuesOf({ placements, imageSets, runs, pending = [] }: State): Generator<FactValue> {
  for (const { imageSets: names, ...place } of placements) {
    yield { is: 'place', place };
    const { repository, tag } = place;
    for (const imageSet of names) yield { is: 'wish', wish: { repository, tag, imageSet } };
  }
  for (const imageSet of imageSets) yield { is: 'imageSet', imageSet };
  for (const run of runs) yield { is: 'run', run };
  for (const one of pending) yield { is: 'pending', pending: one };
}

/** Gives the keys of places that an image set begins to want: they are written anew, so that a removal at the same time loses. */
function newlyWanted(said: ReadonlyMap<string, FactValue>, before: ReadonlyMap<string, StateFact>) {
  const places = new Set<string>();
  for (const [key, value] of said) {
    if (value.is === 'wish' && !before.has(key)) places.add(`place ${placeKey(value.wish)}`);
  }
  return places;
}

/**
 * Makes the snapshot of an entry for a state.
 *
 * Facts that the state keeps stay with the entries that wrote them; new and changed facts belong to this entry. `undefined`:
 * the state has nothing new.
 */
export function sayState(before: Snapshot, state: State, id: EntryId): Snapshot | undefined {
  const current = currentFacts(before);
  const said = new Map([...valuesOf(state)].map((value) => [keyOfFact(value), value]));
  const anew = newlyWanted(said, current);
  const isSame = (key: string, value: FactValue): boolean => {
    const fact = current.get(key);
    return fact !== undefined && !anew.has(key) && textOf(fact.value) === textOf(value);
  };
  const facts: StateFact[] = [];
  for (const [key, value] of said) if (!isSame(key, value)) facts.push({ key, by: id, value });
  const isSilent = facts.length === 0 && [...current.keys()].every((key) => said.has(key));
  if (isSilent) return undefined;
  const renewed = new Set(facts.map(({ key }) => key));
  const kept = [...before.facts.values()].filter(({ key }) => said.has(key) && !renewed.has(key));
  return withEntry({ facts: toFacts([...kept, ...facts]), seen: before.seen }, id);
}

function compareRuns(a: RunId, b: RunId): number {
  return a.id - b.id || compareText(a.token ?? '', b.token ?? '');
}

/** Gives the state of a snapshot. */
export function stateOfSnapshot(snapshot: Snapshot): State {
  const facts = [...currentFacts(snapshot).values()];
  const wanted = facts.flatMap(({ value }) => (value.is === 'wish' ? [value.wish] : []));
  const wishes = Map.groupBy(wanted, placeKey);
  const imageSets: AppliedImageSet[] = [];
  const runs: AppliedRun[] = [];
  const pending: PendingRun[] = [];
  for (const { value } of facts) {
    if (value.is === 'imageSet') imageSets.push(value.imageSet);
    if (value.is === 'run') runs.push(value.run);
    if (value.is === 'pending') pending.push(value.pending);
  }
  const placements = facts.flatMap(({ value }) => {
    if (value.is !== 'place') return [];
    const names = wishes.get(placeKey(value.place))?.map(({ imageSet }) => imageSet) ?? [];
    return [{ ...value.place, imageSets: names.sort() }];
  });
  return {
    imageSets: sortBy(imageSets, ({ name }) => name),
    runs: runs.sort(compareRuns),
    placements: sortBy(placements, placeKey),
    ...(pending.length > 0 && { pending: pending.sort(compareRuns) }),
  };
}
