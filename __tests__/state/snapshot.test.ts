import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryId } from '../../src/state/entry-id.ts';
import { sayState, stateOfSnapshot } from '../../src/state/facts.ts';
import {
  emptySnapshot,
  hasSeen,
  haveSameFacts,
  highestNumber,
  joinSnapshots,
  type Snapshot,
} from '../../src/state/snapshot.ts';
import type { State } from '../../src/state/types.ts';
import { effort } from '../support/effort.ts';
import { placementOf, stateOf } from '../support/state-facts.ts';

const tokens = ['a', 'b', 'c'].map((letter) => letter.repeat(16));

/** One write of a run: what it then says of three tags, and with which other runs it joins first. */
interface Step {
  readonly run: number;
  readonly reads: readonly number[];
  readonly wishes: readonly (readonly [tag: string, imageSet: string])[];
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  run: fc.nat(tokens.length - 1),
  reads: fc.uniqueArray(fc.nat(tokens.length - 1)),
  wishes: fc.uniqueArray(fc.tuple(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('one', 'two'))),
});

function wishing(wishes: Step['wishes']): State {
  const byTag = Map.groupBy(wishes, ([tag]) => tag);
  const places = [...byTag].map(([tag, own]) => placementOf(tag, ...own.map(([, name]) => name)));
  return stateOf(...places);
}

/** Lets runs write one after the other, each from what it knows; gives every snapshot that was ever written. */
function history(steps: readonly Step[]): Snapshot[] {
  const known: Snapshot[] = tokens.map(() => emptySnapshot);
  const written: Snapshot[] = [emptySnapshot];
  for (const { run, reads, wishes } of steps) {
    let own = known[run] ?? emptySnapshot;
    for (const other of reads) own = joinSnapshots(own, known[other] ?? emptySnapshot);
    const id = entryId(highestNumber(own) + 1, tokens[run] ?? '');
    own = sayState(own, wishing(wishes), id) ?? own;
    known[run] = own;
    written.push(own);
  }
  return written;
}

const steps = fc.array(stepArbitrary, { maxLength: 12 });
const three = fc.tuple(steps, fc.nat(), fc.nat(), fc.nat()).map(([done, ...picks]) => {
  const written = history(done);
  return picks.map((pick) => written[pick % written.length] ?? emptySnapshot);
});

function expectSame(a: Snapshot, b: Snapshot): void {
  expect(haveSameFacts(a, b)).toBe(true);
  expect(new Map(a.seen)).toEqual(new Map(b.seen));
  expect(stateOfSnapshot(a)).toEqual(stateOfSnapshot(b));
}

describe('the join of what entries know', () => {
  it('does not depend on order, grouping or repetition', () => {
    fc.assert(
      fc.property(three, ([a = emptySnapshot, b = emptySnapshot, c = emptySnapshot]) => {
        const ab = joinSnapshots(a, b);
        expectSame(ab, joinSnapshots(b, a));
        expectSame(joinSnapshots(ab, c), joinSnapshots(a, joinSnapshots(b, c)));
        expectSame(joinSnapshots(a, a), a);
        expectSame(joinSnapshots(ab, a), ab);
      }),
      { numRuns: effort.runs(300) },
    );
  }, 60_000);

  it('has seen what either has seen', () => {
    const [one, two] = tokens.slice(0, 2).map((token) => entryId(1, token));
    const [a, b] = [one, two].map(
      (id) => id && sayState(emptySnapshot, wishing([['x', 'one']]), id),
    );
    if (!a || !b || !one || !two) throw new Error('nothing was said');
    const joined = joinSnapshots(a, b);
    expect([one, two].map((id) => hasSeen(joined, id))).toEqual([true, true]);
    expect(hasSeen(a, two)).toBe(false);
  });

  const say = (from: Snapshot, run: number, ...wishes: Step['wishes']) =>
    sayState(from, wishing(wishes), entryId(highestNumber(from) + 1, tokens[run] ?? '')) ?? from;
  const wantedIn = (snapshot: Snapshot) =>
    Object.fromEntries(
      stateOfSnapshot(snapshot).placements.map(({ tag, imageSets }) => [tag, imageSets]),
    );
  const first = say(emptySnapshot, 0, ['x', 'one'], ['y', 'one']);

  it('keeps what each of two runs added at the same time', () => {
    const a = say(first, 0, ['x', 'one'], ['y', 'one'], ['z', 'one']);
    const b = say(first, 1, ['x', 'one'], ['x', 'two'], ['y', 'one']);
    expect(wantedIn(joinSnapshots(a, b))).toEqual({
      x: ['one', 'two'],
      y: ['one'],
      z: ['one'],
    });
  });

  it('drops what one run removed and the other left as it was', () => {
    const a = say(first, 0, ['y', 'one']);
    const b = say(first, 1, ['x', 'one'], ['y', 'one'], ['z', 'two']);
    expect(wantedIn(joinSnapshots(a, b))).toEqual({ y: ['one'], z: ['two'] });
  });

  it('keeps a place that a run begins to want while another one removes it', () => {
    const a = say(first, 0, ['y', 'one']);
    const b = say(first, 1, ['x', 'one'], ['x', 'two'], ['y', 'one']);
    expect(wantedIn(joinSnapshots(a, b))).toEqual({ x: ['two'], y: ['one'] });
  });

  it('does not bring back what was removed by a run that had read it', () => {
    const second = say(first, 1, ['y', 'one']);
    expect(wantedIn(joinSnapshots(second, first))).toEqual({ y: ['one'] });
    expect(wantedIn(joinSnapshots(first, second))).toEqual({ y: ['one'] });
  });

  it('takes of two descriptions of one place that of the later entry', () => {
    const other = { ...placementOf('x', 'one'), origin: 'elsewhere.test/x:1' };
    const say2 = (run: number, state: State) =>
      sayState(emptySnapshot, state, entryId(run, tokens[run] ?? '')) ?? emptySnapshot;
    const joined = joinSnapshots(
      say2(1, stateOf(other)),
      say2(0, stateOf(placementOf('x', 'one'))),
    );
    expect(stateOfSnapshot(joined).placements).toEqual([other]);
  });
});

describe('a snapshot', () => {
  it('says nothing new of a state that it says already', () => {
    const state = wishing([['x', 'one']]);
    const said = sayState(emptySnapshot, state, entryId(1, tokens[0] ?? ''));
    expect(said && stateOfSnapshot(said)).toEqual(state);
    expect(sayState(said ?? emptySnapshot, state, entryId(2, tokens[0] ?? ''))).toBeUndefined();
  });
});
