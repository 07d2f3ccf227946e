import { PlanError } from '../errors.ts';
import { placeKey, type TargetPlace } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { type Change, changeKey, isOfPlace, type Observation, wantedBy } from '../plan/index.ts';
import {
  type Applied,
  type AppliedRun,
  emptyState,
  forget,
  markPending,
  nextRunId,
  recordApplied,
  type State,
  sameState,
} from '../state/index.ts';
import { findLeftBehind, isWithheld } from './left-behind.ts';
import type { ApplyRequest } from './request.ts';
import type { Outcome } from './types.ts';
import { toPlacement } from './undo-records.ts';

/** Times that a state is written when other runs write at the same time. */
const attempts = 3;

/** What an apply has come to, as far as the state cares. */
export interface Done {
  readonly outcomes: readonly Outcome[];
  readonly undo?: Digest | undefined;
}

/** Places that hold what they should: whatever is kept, and what was mirrored. */
function placedOf(request: ApplyRequest, byKey: ReadonlyMap<string, Outcome>): Applied['placed'] {
  const isPlaced = (change: Change): boolean => {
    if (change.action === 'keep') return true;
    if (change.action === 'hold') return wantedBy(change).length > 0;
    const moves = change.action === 'mirror' || change.action === 'retag';
    return moves && byKey.get(placeKey(change))?.result === 'done';
  };
  const leftBehind = findLeftBehind(request, byKey);
  const places = request.plan.changes.filter(isOfPlace).filter(isPlaced);
  return places.map((change) => {
    const replaced = leftBehind(change);
    const placement = toPlacement(change, wantedBy(change));
    return replaced.length > 0 ? { ...placement, replaced } : placement;
  });
}

/** What holds a removal only for now: a review is missing, or something could not be known. */
const passing: ReadonlySet<Change['reason']> = new Set([
  'unreviewed',
  'unreadable',
  'list-incomplete',
]);

/** A removal that is held only for now is planned again: nothing is released, and the run is not whole. */
function isWaiting(change: Change): boolean {
  return isOfPlace(change) && change.action === 'hold' && passing.has(change.reason);
}

/** Held in the plan, or held back when its turn came: what asked for it does not any more. */
function releasedOf(
  plan: ApplyRequest['plan'],
  byKey: ReadonlyMap<string, Outcome>,
): TargetPlace[] {
  return plan.changes.filter(isOfPlace).filter((change) => {
    if (change.action === 'hold') return wantedBy(change).length === 0 && !isWaiting(change);
    const removes = change.action === 'delete' || change.action === 'untag';
    const outcome = byKey.get(changeKey(change));
    return removes && outcome?.result === 'held' && !outcome.again;
  });
}

function removedOf(outcomes: readonly Outcome[]): TargetPlace[] {
  return outcomes
    .filter(({ change, result }) => {
      const removes = change.action === 'delete' || change.action === 'untag';
      return removes && result === 'done' && isOfPlace(change);
    })
    .map(({ change }) => change);
}

/**
 * Places that only this run's image sets wanted, and that are not there any more or are somebody else's by now.
 *
 * Gone is what is there neither by its tag nor by its digest.
 */
function goneOf({ plan, input }: ApplyRequest, observation: Observation): TargetPlace[] {
  const spoken = new Map(
    plan.changes.filter(isOfPlace).map((change) => [placeKey(change), change.reason]),
  );
  return input.state.filter((place) => {
    const repository = observation.repositories.get(place.repository);
    const isOurs = place.imageSets.every((name) => input.speaksFor.has(name));
    const reason = spoken.get(placeKey(place));
    const isLeft = repository?.tags.has(place.tag) || repository?.replaced?.has(place.digest);
    const isAbsent = reason === undefined && repository !== undefined && !isLeft;
    return isOurs && (isAbsent || reason === 'tag-moved');
  });
}

/**
 * Tells whether everything was done that was asked for, so that the next diff may begin here.
 *
 * What failed, what was put off, and removals that were withheld because not everything could be collected, are caught up by
 * the next run.
 * @see DESIGN, law 5
 */
function isWhole(request: ApplyRequest, { outcomes }: Done): boolean {
  return (
    !isWithheld(request) &&
    !request.plan.changes.some(isWaiting) &&
    outcomes.every((one) => one.result === 'done' || (one.result === 'held' && !one.again))
  );
}

function runOf(request: ApplyRequest, done: Done): AppliedRun | undefined {
  const { outcomes, undo } = done;
  if (undo === undefined && !outcomes.some(({ result }) => result === 'done')) return undefined;
  const { commit } = request.plan.head;
  return {
    id: nextRunId(request.stored.state),
    at: new Date(request.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    planDigest: request.plan.digest,
    ...(isWhole(request, done) && commit !== undefined && { commit }),
    ...(undo !== undefined && { undo }),
  };
}

/** Writes a state that is derived from what is stored now; nothing is written when nothing differs. */
async function update(
  request: Pick<ApplyRequest, 'store' | 'stored'>,
  derive: (state: State) => State,
): Promise<void> {
  let { state, version } = request.stored;
  for (let attempt = 1; ; attempt += 1) {
    const next = derive(state);
    if (sameState(next, state)) return;
    try {
      await request.store.write(next, version);
      return;
    } catch (thrown) {
      const isStale = thrown instanceof PlanError && thrown.code === 'PLAN_STALE';
      if (!isStale || attempt === attempts) throw thrown;
      const found = await request.store.read();
      state = found?.state ?? emptyState();
      version = found?.version;
    }
  }
}

/** Marks the plan as begun; gives the request with what is stored now. */
export async function recordBegin(request: ApplyRequest): Promise<ApplyRequest> {
  const { stored, plan, store } = request;
  const state = markPending(stored.state, plan.digest);
  if (sameState(state, stored.state)) return request;
  const version = await store.write(state, stored.version);
  return { ...request, stored: { state, version } };
}

/**
 * Records what was done; gives the run where there was one.
 *
 * Image sets and the commit are recorded only when nothing failed, so that the next diff catches up with what did. What another run wrote
 * in the meantime stays.
 * @throws PlanError `PLAN_STALE` when others write all the time
 */
export async function recordEnd(
  request: ApplyRequest,
  done: Done,
): Promise<AppliedRun | undefined> {
  const { plan, input, imageSets } = request;
  const byKey = new Map(done.outcomes.map((outcome) => [changeKey(outcome.change), outcome]));
  const run = runOf(request, done);
  const applied: Applied = {
    speaksFor: input.speaksFor,
    placed: placedOf(request, byKey),
    removed: removedOf(done.outcomes),
    released: releasedOf(plan, byKey),
    ...(isWhole(request, done) && imageSets && { imageSets }),
    run,
  };
  const gone = goneOf(request, input.observation);
  await update(request, (state) => {
    const { pending: _, ...rest } = recordApplied(state, applied);
    return forget(rest, gone);
  });
  return run;
}
