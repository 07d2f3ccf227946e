import { isAttached, placeKey, type TargetPlace } from '../imageset/index.ts';
import { formatUtc } from '../log.ts';
import type { Digest } from '../oci/index.ts';
import {
  type Change,
  changeKey,
  followsUpstream,
  isBring,
  isHeld,
  isOfPlace,
  isRemoval,
  type Observation,
  replacedDigests,
  wantedBy,
} from '../plan/index.ts';
import { type Applied, type AppliedRun, forget, recordApplied, withRuns } from '../state/index.ts';
import type { ApplyRequest, BegunRequest } from './request.ts';
import { findKilled } from './store-undo.ts';
import type { Outcome } from './types.ts';
import { toPlacement } from './undo-records.ts';

/** The outcomes of an apply that the state records. */
export interface Done {
  readonly outcomes: readonly Outcome[];
  readonly undo?: Digest | undefined;
}

/** Tells whether something was left to the next run because not everything could be collected. */
function isWithheld({ input }: Pick<ApplyRequest, 'input'>): boolean {
  const isEmpty = input.after.length === 0 && !input.explicit;
  return input.incomplete === true || isEmpty;
}

/** Finds replaced digests that are not removed yet; a registry that cannot delete one is not asked again. */
function openIn({ changes }: ApplyRequest['plan'], byKey: ReadonlyMap<string, Outcome>) {
  const open = changes.filter((change) => {
    const outcome = byKey.get(changeKey(change));
    const isOver = outcome?.result === 'done' || (outcome?.result === 'held' && !outcome.again);
    return !isOfPlace(change) && !isOver;
  });
  return Map.groupBy(open, placeKey);
}

/**
 * Finds replaced digests that are still to be removed, so that the state remembers them: nothing else does.
 *
 * With `prune: none` none is added; those of earlier runs are still remembered.
 */
function findLeftBehind(
  request: Pick<ApplyRequest, 'plan' | 'input'>,
  byKey: ReadonlyMap<string, Outcome>,
): (change: Change) => readonly Digest[] {
  const { plan, input } = request;
  const state = new Map(input.state.map((placed) => [placeKey(placed), placed]));
  const open = openIn(plan, byKey);
  return (change) => {
    const key = placeKey(change);
    const mirrored = state.get(key);
    if (plan.options.prune === 'none') {
      return (mirrored?.replaced ?? []).filter((digest) => digest !== change.digest);
    }
    const isKept = input.after.length === 0 || input.withheld?.has(key) === true;
    if (isKept) return replacedDigests(mirrored, change.digest);
    return open.get(key)?.map(({ digest }) => digest) ?? [];
  };
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
  // An entry that could not be collected still wants the same images.
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

/** A removal that is held only for now is planned again: nothing is released, and the run is not whole. */
function isWaiting(change: Change): boolean {
  return isOfPlace(change) && isHeld(change, 'passes');
}

/** Gives places that are held, in the plan or during the run, and that no image set asks for any more. */
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
 * Gives places that only image sets of this run wanted, and whose image is gone or was replaced by others.
 *
 * An image is gone if neither its tag nor its digest is there.
 */
function goneOf({ plan, input }: ApplyRequest, observation: Observation): TargetPlace[] {
  const spoken = new Map(
    plan.changes.filter(isOfPlace).map((change) => [placeKey(change), change]),
  );
  return input.state.filter((place) => {
    const repository = observation.repositories.get(place.repository);
    const isOurs = place.imageSets.every((name) => input.ownImageSets.has(name));
    const change = spoken.get(placeKey(place));
    const isLeft = repository?.tags.has(place.tag) || repository?.replaced?.has(place.digest);
    const isAbsent = change === undefined && repository !== undefined && !isLeft;
    const isMoved = change?.action === 'hold' && change.previous !== undefined;
    return isOurs && (isAbsent || isMoved);
  });
}

/**
 * Tells whether everything was done that was asked for, so that the next diff may begin here.
 *
 * The next run catches up with failed and postponed changes, and with removals that an incomplete collection withheld.
 * @see DESIGN, law 5
 */
function isWhole(request: ApplyRequest, { outcomes }: Done): boolean {
  return (
    !isWithheld(request) &&
    !request.plan.changes.some((change) => isWaiting(change) && !followsUpstream(change)) &&
    outcomes.every((one) => one.result === 'done' || (one.result === 'held' && !one.again))
  );
}

/** Counts images as the last lines of the apply do: signatures go with theirs. */
function countDeeds(outcomes: readonly Outcome[]): NonNullable<AppliedRun['counts']> {
  const done = outcomes
    .filter(({ result, change }) => result === 'done' && !isAttached(change))
    .map(({ change }) => change);
  const count = (isOf: (change: Change) => boolean) => done.filter(isOf).length;
  return {
    mirrored: count(isBring),
    deleted: count(({ action }) => action === 'delete'),
    untagged: count(({ action }) => action === 'untag'),
    failed: outcomes.filter(({ result }) => result === 'failed').length,
  };
}

function runOf(request: BegunRequest, done: Done): AppliedRun | undefined {
  const { outcomes, undo } = done;
  if (undo === undefined && !outcomes.some(({ result }) => result === 'done')) return undefined;
  const { commit } = request.plan.head;
  return {
    ...request.ledger.run,
    at: formatUtc(request.clock.now()),
    planDigest: request.plan.digest,
    ...(isWhole(request, done) && commit !== undefined && { commit }),
    ...(undo !== undefined && { undo }),
    ...request.credits,
    counts: countDeeds(outcomes),
  };
}

/**
 * Records what was done; gives the run where there was one.
 *
 * Image sets and the commit are recorded only when nothing failed, so that the next diff catches up with what did. Changes
 * of another run in the meantime stay. Runs that were killed long ago are recorded by what they stored for an undo.
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
