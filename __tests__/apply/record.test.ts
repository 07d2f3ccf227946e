import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/apply/apply.ts';
import type { ApplyRequest, Outcome } from '../../src/apply/index.ts';
import { leaseMs } from '../../src/apply/ledger.ts';
import { recordEnd } from '../../src/apply/record.ts';
import type { BegunRequest } from '../../src/apply/request.ts';
import type { Change, PlanInput } from '../../src/plan/index.ts';
import {
  createRegistryStateStore,
  emptyState,
  type PendingRun,
  type State,
  type UndoRecord,
} from '../../src/state/index.ts';
import { memoryRepository } from '../support/memory-repository.ts';
import { changeOf, planOf } from '../support/plans.ts';
import { nextToken, placementOf, undoOf } from '../support/state-facts.ts';
import { fakeClock } from '../support/wire.ts';

/** A registry that has this state, and a count of what is written to it. */
async function memoryStore(first: State) {
  const repository = memoryRepository();
  const open = () => createRegistryStateStore({ repository, token: nextToken() });
  await open().update(() => first, 'final');
  const store = open();
  repository.done.length = 0;
  return {
    open,
    store,
    kept: async () => (await open().read())?.state ?? emptyState(),
    writes: () => repository.done.filter((one) => one.startsWith('push')).length,
  };
}

const noInput = {
  ownImageSets: new Set(['a.yaml']),
  after: [{}],
  state: [],
  observation: { repositories: new Map(), content: new Map(), present: new Set() },
} as unknown as PlanInput;

async function requestOf(
  changes: Parameters<typeof planOf>[0],
  { store }: Pick<Awaited<ReturnType<typeof memoryStore>>, 'store'>,
): Promise<BegunRequest> {
  const found = await store.read();
  const request: ApplyRequest = {
    plan: planOf(changes),
    input: noInput,
    endpoints: {} as ApplyRequest['endpoints'],
    store,
    stored: { state: found?.state ?? emptyState(), version: found?.version },
    imageSets: [{ name: 'a.yaml', text: 'new text' }],
    clock: fakeClock(),
    listener() {},
  };
  return { ...request, ledger: openLedger(request) };
}

const wanted = changeOf('mirror', 'v1');
const gone = changeOf('delete', 'v0');
const done = (change: Change): Outcome => ({ change, result: 'done', ms: 1, bytes: 1 });
const failed = (change: Change): Outcome => ({
  change,
  result: 'failed',
  code: 'DENIED',
  message: 'no',
});

describe('the record of an apply', () => {
  it('knows the run while it goes on, and forgets it at the end', async () => {
    const memory = await memoryStore(emptyState());
    const begun = await requestOf([wanted], memory);
    await begun.ledger.say({ claims: ['a:1'] });
    expect((await memory.kept()).pending).toMatchObject([
      { id: 1, token: memory.store.token, planDigest: begun.plan.digest, claims: ['a:1'] },
    ]);
    await recordEnd(begun, { outcomes: [done(wanted)] });
    const kept = await memory.kept();
    expect(kept.pending).toBeUndefined();
    expect(kept.runs).toMatchObject([
      { id: 1, token: memory.store.token, planDigest: begun.plan.digest },
    ]);
    expect(kept.placements.map(({ tag }) => tag)).toEqual(['v1']);
  });

  it('counts images alone: signatures come with theirs', async () => {
    const memory = await memoryStore(emptyState());
    const signature: Change = { ...changeOf('mirror', 'v1.sig'), kind: 'signature' };
    const request = await requestOf([wanted, signature], memory);
    await recordEnd(request, { outcomes: [done(wanted), done(signature)] });
    expect((await memory.kept()).runs?.[0]?.counts).toMatchObject({ mirrored: 1 });
  });

  it('has the texts of image sets only when all was done', async () => {
    for (const [outcome, texts] of [
      [done(wanted), ['new text']],
      [failed(wanted), []],
    ] as const) {
      const memory = await memoryStore(emptyState());
      await recordEnd(await requestOf([wanted], memory), { outcomes: [outcome] });
      expect((await memory.kept()).imageSets.map(({ text }) => text)).toEqual(texts);
    }
  });

  it('keeps what could not be deleted, and drops what was', async () => {
    const placed = { ...placementOf('v0', 'a.yaml'), repository: gone.repository, tag: gone.tag };
    const state: State = { ...emptyState(), placements: [placed] };
    for (const [outcome, left] of [
      [done(gone), []],
      [failed(gone), ['v0']],
    ] as const) {
      const memory = await memoryStore(state);
      await recordEnd(await requestOf([gone], memory), { outcomes: [outcome] });
      expect((await memory.kept()).placements.map(({ tag }) => tag)).toEqual(left);
    }
  });

  it('is not written when it would say what is there already', async () => {
    const memory = await memoryStore(emptyState());
    const request = { ...(await requestOf([], memory)), imageSets: undefined };
    expect(await recordEnd(request, { outcomes: [] })).toBeUndefined();
    expect(memory.writes()).toBe(0);
  });

  it('is added to what another run wrote in the meantime', async () => {
    const other = { name: 'b.yaml', text: 'of another run' };
    const memory = await memoryStore(emptyState());
    const request = await requestOf([wanted], memory);
    await memory.open().update((now) => ({ ...now, imageSets: [other] }), 'final');
    await recordEnd(request, { outcomes: [done(wanted)] });
    const kept = await memory.kept();
    expect(kept.imageSets).toEqual([{ name: 'a.yaml', text: 'new text' }, other]);
    expect(kept.placements).toHaveLength(1);
    expect(request.ledger.hasOthers).toBe(true);
  });

  it('says again that a run goes on when half of its time is over, and gives up when nobody can be told', async () => {
    const memory = await memoryStore(emptyState());
    const clock = fakeClock();
    const request = { ...(await requestOf([wanted], memory)), clock };
    const ledger = openLedger(request);
    await ledger.say({ deletes: ['a:1'] });
    const until = async () => (await memory.kept()).pending?.[0]?.until;
    const first = await until();
    await ledger.renew();
    expect(await until()).toBe(first);
    clock.advance(leaseMs / 2 + 1);
    await ledger.renew();
    expect(await until()).not.toBe(first);
    memory.store.update = () => Promise.reject(new Error('down'));
    clock.advance(leaseMs / 2 + 1);
    await ledger.renew();
    clock.advance(leaseMs / 2);
    await expect(ledger.renew()).rejects.toMatchObject({ code: 'PLAN_STALE' });
  });
});

describe('a run that was killed', () => {
  const killed: PendingRun = {
    id: 1,
    token: nextToken(),
    planDigest: 'sha256:x',
    imageSets: ['other.yaml'],
    until: '2025-12-31T00:00:00Z',
    claims: [],
    deletes: ['a:1'],
  };

  it('long ago is forgotten, but what it stored stays known by its number', async () => {
    for (const [records, ids] of [
      [[undoOf('one')], [1, 2]],
      [[], [2]],
    ] as const) {
      const memory = await memoryStore({ ...emptyState(), pending: [killed] });
      const request = await requestOf([wanted], memory);
      memory.store.readUndo = async () => undoIn(records);
      await recordEnd(request, { outcomes: [done(wanted)] });
      const kept = await memory.kept();
      expect(kept.pending).toBeUndefined();
      expect(kept.runs.map(({ id }) => id)).toEqual(ids);
    }
  });

  it('a moment ago may go on: what it said stays', async () => {
    const alive = { ...killed, until: '2026-01-01T00:10:00Z' };
    const memory = await memoryStore({ ...emptyState(), pending: [alive] });
    const request = await requestOf([wanted], memory);
    expect(request.ledger.others).toEqual([alive]);
    await recordEnd(request, { outcomes: [done(wanted)] });
    expect((await memory.kept()).pending).toEqual([alive]);
  });

  it.each(['2999-01-01T00:00:00Z', 'never'])(
    'and named the time %s is not believed',
    async (until) => {
      const memory = await memoryStore({ ...emptyState(), pending: [{ ...killed, until }] });
      expect((await requestOf([wanted], memory)).ledger.others).toEqual([]);
    },
  );
});

function undoIn(records: readonly UndoRecord[]) {
  return records.length > 0 ? { digest: placementOf('u').digest, records } : undefined;
}
