import { placeKey } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { type Change, changeKey, isOfPlace, replacedDigests } from '../plan/index.ts';
import type { ApplyRequest } from './request.ts';
import type { Outcome } from './types.ts';

/** Tells whether something was left to the next run because not everything could be collected. */
export function isWithheld({ input }: Pick<ApplyRequest, 'input'>): boolean {
  const isEmpty = input.after.length === 0 && !input.explicit;
  return input.incomplete === true || isEmpty;
}

/** What the plan speaks of and is not done with; what the registry cannot delete is not asked for again. */
function openIn({ changes }: ApplyRequest['plan'], byKey: ReadonlyMap<string, Outcome>) {
  const open = changes.filter((change) => {
    const outcome = byKey.get(changeKey(change));
    const isOver = outcome?.result === 'done' || (outcome?.result === 'held' && !outcome.again);
    return !isOfPlace(change) && !isOver;
  });
  return Map.groupBy(open, placeKey);
}

/**
 * Finds what had the places of changes before and has yet to go, so that the state can remember it: nothing else would.
 *
 * With `prune: none` nothing is added; what earlier runs left is remembered on.
 */
export function findLeftBehind(
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
