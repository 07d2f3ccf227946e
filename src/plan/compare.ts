import { type Change, changeKey, isBring, isDeed, isMadeDaily } from './change.ts';
import type { Plan, PlanTarget } from './types.ts';

/** How a plan relates to the one that was reviewed. */
export interface PlanComparison {
  /**
   * `same`: by digest. `smaller`: whatever it deletes, untags or retags was reviewed. `larger`: it does more harm, or is
   * for another target.
   */
  readonly verdict: 'same' | 'smaller' | 'larger';
  /** Deletes, untags and retags of the current plan that nobody reviewed. */
  readonly unreviewed: readonly Change[];
  /** Mirror changes that nobody reviewed: they overwrite nothing. */
  readonly additions: readonly Change[];
}

/** Tells whether a review of an image that is made daily counts: it covers the place, with the content on the day of the apply. */
function isOfToday(change: Change, reviewed: Change): boolean {
  if (!isMadeDaily(change) || !isMadeDaily(reviewed)) return false;
  return isBring(change) && (isBring(reviewed) || reviewed.action === 'keep');
}

function wasReviewed(change: Change, reviewed: Change | undefined): boolean {
  if (reviewed && isOfToday(change, reviewed)) return true;
  if (!reviewed || reviewed.digest !== change.digest) return false;
  if (change.action === 'retag') {
    return reviewed.action === 'retag' && reviewed.previous === change.previous;
  }
  // Approval of a delete implies approval of an untag.
  const isGentler = change.action === 'untag' && reviewed.action === 'delete';
  return isGentler || reviewed.action === change.action;
}

/** Tells whether two targets are one place. */
export function isSameTarget(one: PlanTarget, other: PlanTarget): boolean {
  return one.registry === other.registry && one.prefix === other.prefix;
}

/**
 * Compares a plan that was just made with the one that was reviewed.
 * @see DESIGN, law 3
 */
export function comparePlans(reviewed: Plan, current: Plan): PlanComparison {
  if (reviewed.digest === current.digest) return { verdict: 'same', unreviewed: [], additions: [] };
  const isSame = isSameTarget(reviewed.target, current.target);
  const known = new Map(
    isSame ? reviewed.changes.map((change) => [changeKey(change), change]) : [],
  );
  const differing = current.changes.filter(
    (change) => isDeed(change) && !wasReviewed(change, known.get(changeKey(change))),
  );
  const unreviewed = differing.filter(({ action }) => action !== 'mirror');
  const additions = differing.filter(({ action }) => action === 'mirror');
  const isLarger = unreviewed.length > 0 || !isSame;
  return { verdict: isLarger ? 'larger' : 'smaller', unreviewed, additions };
}
