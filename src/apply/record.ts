import { placeKey, type TargetPlace } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import {
  type Change,
  changeKey,
  isBring,
  isOfPlace,
  isRemoval,
  type Observation,
  wantedBy,
} from '../plan/index.ts';
import { type Applied, type AppliedRun, forget, recordApplied, withRuns } from '../state/index.ts';
import { findLeftBehind, isWithheld } from './left-behind.ts';
import type { ApplyRequest, BegunRequest } from './request.ts';
import { findKilled } from './store-undo.ts';
import type { Outcome } from './types.ts';
import { toPlacement } from './undo-records.ts';

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
    return isBring(change) && byKey.get(placeKey(change))?.result === 'done';
  };
  const leftBehind = findLeftBehind(request, byKey);
  const state = new Map(request.input.state.map((placed) => [placeKey(placed), placed]));
  // An entry that could not be collected said nothing this time; it wants what it wanted.
  const failedEntries = (change: Change): readonly string[] => {
    const key = placeKey(change);
    return request.input.withheld?.has(key) ? (state.get(key)?.entries ?? []) : [];
  };
  const places = request.plan.changes.filter(isOfPlace).filter(isPlaced);
  return places.map((change) => {
    const replaced = leftBehind(change);
    const placement = toPlacement(change, wantedBy(change));
    const entries = [...(placement.entries ?? []), ...failedEntries(change)];
    return {
      ...placement,
      ...(replaced.length > 0 && { replaced }),
      ...(entries.length > 0 && { entries }),
    };
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
    const outcome = byKey.get(changeKey(change));
    return isRemoval(change) && outcome?.result === 'held' && !outcome.again;
  });
}

function removedOf(outcomes: readonly Outcome[]): TargetPlace[] {
  return outcomes
    .filter(({ change, result }) => isRemoval(change) && isOfPlace(change) && result === 'done')
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
    const isOurs = place.imageSets.every((name) => input.ownImageSets.has(name));
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

function runOf(request: BegunRequest, done: Done): AppliedRun | undefined {
  const { outcomes, undo } = done;
  if (undo === undefined && !outcomes.some(({ result }) => result === 'done')) return undefined;
  const { commit } = request.plan.head;
  return {
    ...request.ledger.run,
    at: new Date(request.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    planDigest: request.plan.digest,
    ...(isWhole(request, done) && commit !== undefined && { commit }),
    ...(undo !== undefined && { undo }),
  };
}

/**
 * Records what was done; gives the run where there was one.
 *
 * Image sets and the commit are recorded only when nothing failed, so that the next diff catches up with what did. What
 * another run wrote in the meantime stays. Runs that were killed long ago are recorded by what they stored for an undo.
 */
export async function recordEnd(
  request: BegunRequest,
  done: Done,
): Promise<AppliedRun | undefined> {
  const { plan, input, imageSets, ledger } = request;
  const byKey = new Map(done.outcomes.map((outcome) => [changeKey(outcome.change), outcome]));
  const run = runOf(request, done);
  const applied: Applied = {
    ownImageSets: input.ownImageSets,
    placed: placedOf(request, byKey),
    removed: removedOf(done.outcomes),
    released: releasedOf(plan, byKey),
    ...(isWhole(request, done) && imageSets && { imageSets }),
    run,
  };
  const gone = goneOf(request, input.observation);
  const killed = await findKilled(request);
  await ledger.record((state) => forget(recordApplied(withRuns(state, killed), applied), gone));
  return run;
}
