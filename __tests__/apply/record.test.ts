import { describe, expect, it } from 'vitest';
import type { ApplyRequest, Outcome } from '../../src/apply/index.ts';
import { recordBegin, recordEnd } from '../../src/apply/record.ts';
import { PlanError } from '../../src/errors.ts';
import type { PlanInput } from '../../src/plan/index.ts';
import { emptyState, type State, type StateStore } from '../../src/state/index.ts';
import { changeOf, planOf } from '../support/plans.ts';
import { fakeClock } from '../support/wire.ts';

/** A store in memory; `before` runs once, right before the first write, as another run would. */
function memoryStore(first: State, before: (now: State) => State = (now) => now) {
  let kept = first;
  let version = 1;
  let writes = 0;
  let isFirst = true;
  const refuse = () => Promise.reject(new Error('no undo here'));
  const store: StateStore = {
    read: async () => ({ state: kept, version: String(version) }),
    async write(state, expected) {
      if (isFirst) {
        isFirst = false;
        const changed = before(kept);
        if (changed !== kept) {
          kept = changed;
          version += 1;
        }
      }
      if (expected !== String(version)) throw new PlanError('PLAN_STALE', 'somebody wrote');
      kept = state;
      version += 1;
      writes += 1;
      return String(version);
    },
    writeUndo: refuse,
    readUndo: refuse,
  };
  return { store, kept: () => kept, writes: () => writes };
}

const noInput = {
  speaksFor: new Set(['a.yaml']),
  after: [{}],
  state: [],
  observation: { repositories: new Map(), content: new Map(), present: new Set() },
} as unknown as PlanInput;

function requestOf(
  changes: Parameters<typeof planOf>[0],
  { store }: Pick<ReturnType<typeof memoryStore>, 'store'>,
  state: State,
): ApplyRequest {
  return {
    plan: planOf(changes),
    input: noInput,
    ways: {} as ApplyRequest['ways'],
    store,
    stored: { state, version: '1' },
    imageSets: [{ name: 'a.yaml', text: 'new text' }],
    clock: fakeClock(),
    listener() {},
  };
}

const wanted = changeOf('mirror', 'v1');
const gone = changeOf('delete', 'v0');
const done = (change: typeof wanted): Outcome => ({ change, result: 'done', ms: 1, bytes: 1 });
const failed = (change: typeof wanted): Outcome => ({
  change,
  result: 'failed',
  code: 'DENIED',
  message: 'no',
});

describe('the record of an apply', () => {
  it('knows the plan while it goes on, and forgets it at the end', async () => {
    const memory = memoryStore(emptyState());
    const begun = await recordBegin(requestOf([wanted], memory, emptyState()));
    expect(memory.kept().pending).toEqual({ planDigest: begun.plan.digest });
    await recordEnd(begun, { outcomes: [done(wanted)] });
    expect(memory.kept().pending).toBeUndefined();
    expect(memory.kept().runs).toMatchObject([{ id: 1, planDigest: begun.plan.digest }]);
    expect(memory.kept().placements.map(({ tag }) => tag)).toEqual(['v1']);
  });

  it('has the texts of image sets only when all was done', async () => {
    for (const [outcome, texts] of [
      [done(wanted), ['new text']],
      [failed(wanted), []],
    ] as const) {
      const memory = memoryStore(emptyState());
      await recordEnd(requestOf([wanted], memory, emptyState()), { outcomes: [outcome] });
      expect(memory.kept().imageSets.map(({ text }) => text)).toEqual(texts);
    }
  });

  it('keeps what could not be deleted, and drops what was', async () => {
    const placed = { ...wanted, repository: gone.repository, tag: gone.tag, imageSets: ['a.yaml'] };
    const state: State = { ...emptyState(), placements: [placed] };
    for (const [outcome, left] of [
      [done(gone), []],
      [failed(gone), ['v0']],
    ] as const) {
      const memory = memoryStore(state);
      await recordEnd(requestOf([gone], memory, state), { outcomes: [outcome] });
      expect(memory.kept().placements.map(({ tag }) => tag)).toEqual(left);
    }
  });

  it('is not written when it would say what is there already', async () => {
    const memory = memoryStore(emptyState());
    const request = { ...requestOf([], memory, emptyState()), imageSets: undefined };
    expect(await recordEnd(request, { outcomes: [] })).toBeUndefined();
    expect(memory.writes()).toBe(0);
  });

  it('is added to what another run wrote in the meantime', async () => {
    const other = { name: 'b.yaml', text: 'of another run' };
    const memory = memoryStore(emptyState(), (now) => ({ ...now, imageSets: [other] }));
    await recordEnd(requestOf([wanted], memory, emptyState()), { outcomes: [done(wanted)] });
    expect(memory.kept().imageSets).toEqual([other, { name: 'a.yaml', text: 'new text' }]);
    expect(memory.kept().placements).toHaveLength(1);
  });

  it('is given up when others write all the time', async () => {
    const { store } = memoryStore(emptyState());
    const write = () => Promise.reject(new PlanError('PLAN_STALE', 'somebody wrote'));
    const request = requestOf([wanted], { store: { ...store, write } }, emptyState());
    await expect(recordEnd(request, { outcomes: [done(wanted)] })).rejects.toMatchObject({
      code: 'PLAN_STALE',
    });
  });

  it('is not begun over another run’s', async () => {
    const memory = memoryStore(emptyState(), (now) => ({ ...now, pending: { planDigest: 'x' } }));
    await expect(recordBegin(requestOf([wanted], memory, emptyState()))).rejects.toMatchObject({
      code: 'PLAN_STALE',
    });
  });
});
