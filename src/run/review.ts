import type { Diagnostic } from '../diagnostic.ts';
import { placeKey } from '../imageset/index.ts';
import { type Change, comparePlans, isDeed, type Plan } from '../plan/index.ts';
import type { Approval } from './types.ts';

/** Unreviewed changes that a refusal names. */
const maxNamed = 5;

function needsReview(change: Change, require: Approval['require']): boolean {
  if (require === 'none' || !isDeed(change)) return false;
  return require === 'all' || change.action === 'delete' || change.action === 'untag';
}

/** Gives the deeds that need a review and that no reviewed plan has. */
function findUnreviewed(plan: Plan, { require, reviewed = [] }: Approval): readonly Change[] {
  if (reviewed.some(({ digest }) => digest === plan.digest)) return [];
  const needed = plan.changes.filter((change) => needsReview(change, require));
  const missing = reviewed.map((one): ReadonlySet<string> | undefined => {
    if (!one.plan) return undefined;
    const { unreviewed, additions } = comparePlans(one.plan, plan);
    return new Set([...unreviewed, ...additions].map(placeKey));
  });
  return needed.filter((change) =>
    missing.every((unknown) => unknown === undefined || unknown.has(placeKey(change))),
  );
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
  const names = unreviewed.slice(0, maxNamed).map((one) => `${one.action} ${placeKey(one)}`);
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
