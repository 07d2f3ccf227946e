import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/oci/index.ts';
import {
  type Applied,
  emptyState,
  forget,
  forgetPending,
  nextRunId,
  notePending,
  type PendingRun,
  recordApplied,
  type State,
  withinTarget,
} from '../../src/state/index.ts';
import { placementOf, stateOf } from '../support/state-facts.ts';

const planDigest = digestOf(new Uint8Array());

function applied(facts: Partial<Applied>): Applied {
  return { ownImageSets: new Set(['a.yaml']), placed: [], removed: [], released: [], ...facts };
}

const runOf = (id: number) => ({ id, at: '2026-01-01T00:00:00Z', planDigest });
const wantedBy = (state: State) =>
  Object.fromEntries(state.placements.map(({ tag, imageSets }) => [tag, imageSets]));

describe('a state after an apply', () => {
  it('has what was placed and lacks what was removed', () => {
    const before = stateOf(placementOf('old', 'a.yaml'), placementOf('kept', 'a.yaml'));
    const facts = applied({
      placed: [placementOf('new', 'a.yaml')],
      removed: [placementOf('old')],
    });
    expect(wantedBy(recordApplied(before, facts))).toEqual({ kept: ['a.yaml'], new: ['a.yaml'] });
  });

  it('still knows a place of which nothing was told: its deed failed', () => {
    const before = stateOf(placementOf('failed', 'a.yaml'));
    expect(recordApplied(before, applied({})).placements).toEqual(before.placements);
  });

  it('names the new content of a place that was retagged', () => {
    const moved = { ...placementOf('tag', 'a.yaml'), digest: planDigest };
    const after = recordApplied(
      stateOf(placementOf('tag', 'a.yaml')),
      applied({ placed: [moved] }),
    );
    expect(after.placements).toEqual([moved]);
  });

  it('leaves the wishes of image sets that did not take part', () => {
    const before = stateOf(
      placementOf('both', 'a.yaml', 'b.yaml'),
      placementOf('theirs', 'b.yaml'),
    );
    const facts = applied({
      placed: [placementOf('theirs', 'a.yaml')],
      released: [placementOf('both'), placementOf('unknown')],
    });
    expect(wantedBy(recordApplied(before, facts))).toEqual({
      both: ['b.yaml'],
      theirs: ['a.yaml', 'b.yaml'],
    });
  });

  it('takes the texts only of an apply that wholly succeeded, and drops those of deleted files', () => {
    const text = (name: string, body: string) => ({ name, text: body });
    const before = { ...emptyState(), imageSets: [text('a.yaml', '1'), text('b.yaml', '1')] };
    const ownImageSets = new Set(['a.yaml', 'c.yaml']);
    const texts = (facts: Partial<Applied>) =>
      recordApplied(before, applied({ ownImageSets, ...facts })).imageSets;
    expect(texts({})).toEqual(before.imageSets);
    expect(texts({ imageSets: [text('c.yaml', '2')] })).toEqual([
      text('b.yaml', '1'),
      text('c.yaml', '2'),
    ]);
  });

  it('knows of a run what it said last, until it ends', () => {
    const run: PendingRun = {
      id: 1,
      token: 'a'.repeat(16),
      planDigest,
      imageSets: ['a.yaml'],
      until: '2026-01-01T00:15:00Z',
      claims: [],
      deletes: [],
    };
    const other = { ...run, token: 'b'.repeat(16) };
    const begun = notePending(notePending(emptyState(), run), other);
    const further = notePending(begun, { ...run, claims: ['a:1'] });
    expect(further.pending).toEqual([other, { ...run, claims: ['a:1'] }]);
    expect(nextRunId(further)).toBe(2);
    expect(forgetPending(further, ({ token }) => token === run.token).pending).toEqual([other]);
    expect(forgetPending(further, () => true)).toEqual(emptyState());
  });

  it('keeps two runs of one number apart', () => {
    const [one, two] = ['a', 'b'].map((letter) => ({ ...runOf(1), token: letter.repeat(16) }));
    const both = [one, two, one].reduce(
      (state, run) => recordApplied(state, applied({ run })),
      emptyState(),
    );
    expect(both.runs).toEqual([two, one]);
  });

  it('remembers the last 50 runs and goes on counting', () => {
    let state = emptyState();
    for (let count = 1; count <= 60; count += 1) {
      state = recordApplied(state, applied({ run: runOf(nextRunId(state)) }));
    }
    expect(state.runs.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, at) => at + 11));
    expect(nextRunId(state)).toBe(61);
  });

  it('is the same when the same facts are recorded twice', () => {
    const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    const lists = fc.tuple(tags, tags, tags, tags);
    fc.assert(
      fc.property(lists, ([known, placed, removed, released]) => {
        const before = stateOf(...known.map((tag) => placementOf(tag, 'a.yaml', 'b.yaml')));
        const facts = applied({
          placed: placed.map((tag) => placementOf(tag, 'a.yaml')),
          removed: removed.filter((tag) => !placed.includes(tag)).map((tag) => placementOf(tag)),
          released: released.map((tag) => placementOf(tag)),
          run: runOf(1),
        });
        const once = recordApplied(before, facts);
        expect(recordApplied(once, facts)).toEqual(once);
      }),
    );
  });
});

describe('a forgotten place', () => {
  it('is gone from the state, and nothing else is', () => {
    const state = stateOf(placementOf('a'), placementOf('b'));
    expect(forget(state, [placementOf('a'), placementOf('z')])).toEqual(stateOf(placementOf('b')));
  });
});

describe('a repository', () => {
  it('outside the target is left out of a state, and told', () => {
    const [inside, outside] = [placementOf('a'), { ...placementOf('b'), repository: 'prod/app' }];
    const found = withinTarget(stateOf(inside, outside), { prefix: 'mirror' });
    expect(found).toEqual({ state: stateOf(inside), outside: [outside] });
    expect(withinTarget(stateOf(inside), { prefix: 'mirror' }).outside).toEqual([]);
  });
});
