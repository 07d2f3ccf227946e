import type { Diagnostic } from '../diagnostic.ts';
import {
  type Change,
  changeKey,
  comparePlans,
  isDeed,
  isOfPlace,
  type Plan,
} from '../plan/index.ts';
import type { Approval } from './types.ts';

/** Unreviewed changes that a refusal names. */
const maxNamed = 5;

/** A run of an old commit would bring back what newer ones removed: all that it does needs a review. */
function needsReview(change: Change, plan: Plan, require: Approval['require']): boolean {
  if (require === 'none' || !isDeed(change)) return false;
  return (
    require === 'all' ||
    plan.head.isOlder === true ||
    change.action === 'delete' ||
    change.action === 'untag'
  );
}

/** Gives the deeds that need a review and that no reviewed plan has. */
function findUnreviewed(plan: Plan, { require, reviewed = [] }: Approval): readonly Change[] {
  if (reviewed.some(({ digest }) => digest === plan.digest)) return [];
  const needed = plan.changes.filter((change) => needsReview(change, plan, require));
  // What its commit was reviewed for when it was new says nothing about bringing it back.
  const seen = reviewed.filter((one) => !plan.head.isOlder || !one.plan || one.plan.head.isOlder);
  const missing = seen.map((one): ReadonlySet<string> | undefined => {
    if (!one.plan) return undefined;
    const { unreviewed, additions } = comparePlans(one.plan, plan);
    return new Set([...unreviewed, ...additions].map(changeKey));
  });
  return needed.filter((change) =>
    missing.every((unknown) => unknown === undefined || unknown.has(changeKey(change))),
  );
}

/**
 * Gives the keys of the replaced digests that nobody reviewed, when nothing else lacks a review.
 *
 * A tag may move upstream without anybody's doing: what it names now is brought, and what it named before waits for the
 * next plan that somebody reviews.
 */
export function findPostponed(plan: Plan, approval: Approval): ReadonlySet<string> {
  const unreviewed = findUnreviewed(plan, approval);
  const isAll = unreviewed.every((change) => !isOfPlace(change));
  return new Set(isAll ? unreviewed.map(changeKey) : []);
}

/**
 * Says why a plan may not be applied; nothing when it may.
 *
 * What was reviewed may be done, and less than that; several reviewed plans add up.
 * @see DESIGN, law 3
 */
export function refuseUnreviewed(plan: Plan, approval: Approval): readonly Diagnostic[] {
  const unreviewed = findUnreviewed(plan, approval);
  if (unreviewed.length === 0) return [];
  const names = unreviewed.slice(0, maxNamed).map((one) => `${one.action} ${changeKey(one)}`);
  const more = unreviewed.length > maxNamed ? `, and ${unreviewed.length - maxNamed} more` : '';
  const known = (approval.reviewed ?? []).length > 0;
  return [
    {
      severity: 'error',
      code: known ? 'plan-changed' : 'review-missing',
      summary: known
        ? 'The plan does more than what was reviewed; nothing was changed.'
        : 'Nobody reviewed this plan; nothing was changed.',
      detail: `Not reviewed: ${names.join(', ')}${more}. Review the plan of this run, then start the workflow with the input approve: ${plan.digest}.`,
      fix: `approve: ${plan.digest}`,
    },
  ];
}
