import type { Outcome, Result } from '../../src/apply/index.ts';
import type { Change, Plan } from '../../src/plan/index.ts';

/** A change that was done in 400 ms; what is mirrored moved its bytes. */
export function done(change: Change): Outcome {
  const bytes = change.action === 'mirror' ? change.bytes : 0;
  return { change, result: 'done', ms: 400, bytes };
}

/** A change that failed because the source was slow to answer. */
export function failed(change: Change): Outcome {
  return {
    change,
    result: 'failed',
    code: 'TIMEOUT',
    side: 'source',
    message: 'GET https://quay.io/v2/… gave no byte for 60 s.',
    hint: 'Run again: what was mirrored stays.',
  };
}

/** A held change, as every run reports it. */
export function held(change: Change): Outcome {
  return { change, result: 'held', detail: 'a tag that is not ours points at it' };
}

/** The result of a plan: eight minutes and 38 seconds long. */
export function resultOf(
  plan: Plan,
  outcomes: readonly Outcome[],
  facts: Partial<Result> = {},
): Result {
  const bytes = outcomes.reduce((sum, one) => sum + (one.result === 'done' ? one.bytes : 0), 0);
  return {
    formatVersion: '1.0',
    planDigest: plan.digest,
    plan,
    status: 'applied',
    outcomes,
    startedAt: '2026-08-21T14:01:02.000Z',
    endedAt: '2026-08-21T14:09:40.000Z',
    traffic: { requests: 1200, writes: 480, retries: 3, bytesReceived: bytes, bytesSent: bytes },
    run: 17,
    verified: plan.totals.keep + plan.totals.mirror,
    notes: [],
    ...facts,
  };
}

/** Everything of a plan but what it keeps, done; what it holds, held. */
export function allDone(plan: Plan): Result {
  const outcomes = plan.changes
    .filter(({ action }) => action !== 'keep')
    .map((change) => (change.action === 'hold' ? held(change) : done(change)));
  return resultOf(plan, outcomes);
}

/** The first image of a plan failed, everything else was mirrored, nothing was deleted. */
export function oneFailed(plan: Plan): Result {
  const mirrors = plan.changes.filter(({ action }) => action === 'mirror');
  const outcomes = mirrors.map((change, index) => (index === 0 ? failed(change) : done(change)));
  return resultOf(plan, outcomes, {
    status: 'partial',
    verified: mirrors.length - 1,
    notes: ['The target answered 429 three times; transfers were slowed down.'],
  });
}
