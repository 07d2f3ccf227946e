import { listNames } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { type Placement, placeKey } from '../imageset/index.ts';
import type { Descriptor } from '../oci/index.ts';
import {
  type Change,
  changeKey,
  followsUpstream,
  isBring,
  isDeed,
  isMadeDaily,
  isRemoval,
} from './change.ts';
import { comparePlans } from './compare.ts';
import type { Plan } from './types.ts';

/** The approval that allows a plan to be applied. */
export interface Approval {
  /** Digests of plans that were published for review or approved; undefined: no review is asked for. */
  readonly reviewed?: readonly ReviewedPlan[];
  readonly require: 'deletes' | 'all' | 'none';
}

/** A plan that a reviewer saw. `plan` where its file could be had: then a smaller deed may still be applied. */
export interface ReviewedPlan {
  readonly digest: string;
  readonly plan?: Plan;
  /** The place of the approval: `pull request #7`, `the input approve`. */
  readonly by?: string;
}

/** Unreviewed changes that a refusal names. */
const maxNamed = 5;

/** A run of an old commit would bring back what newer ones removed: all that it does needs a review. */
function needsReview(change: Change, { head }: Plan, require: Approval['require']): boolean {
  if (require === 'none' || !isDeed(change)) return false;
  return require === 'all' || head.isOlder === true || isRemoval(change);
}

/**
 * Tells whether a published plan counts as a review: one of the format 1.0 leaves out the limits, and what a commit was
 * reviewed for when it was new says nothing about bringing it back.
 */
function isReview({ plan }: ReviewedPlan, { head }: Plan): boolean {
  if (plan?.formatVersion === '1.0') return false;
  return head.isOlder !== true || plan === undefined || plan.head.isOlder === true;
}

/**
 * Gives the deeds that need a review and that no reviewed plan has; several reviewed plans add up.
 * @see DESIGN, law 3
 */
export function findUnreviewed(plan: Plan, approval: Approval): readonly Change[] {
  const { require } = approval;
  const reviewed = (approval.reviewed ?? []).filter((one) => isReview(one, plan));
  if (reviewed.some(({ digest }) => digest === plan.digest)) return [];
  const needed = plan.changes.filter((change) => needsReview(change, plan, require));
  const missing = reviewed.map((one): ReadonlySet<string> | undefined => {
    if (!one.plan) return undefined;
    const { unreviewed, additions } = comparePlans(one.plan, plan);
    return new Set([...unreviewed, ...additions].map(changeKey));
  });
  return needed.filter((change) =>
    missing.every((unknown) => unknown === undefined || unknown.has(changeKey(change))),
  );
}

/** Tells whether a change removes the former content of an image that is made daily: it waits, and stops nothing else. */
function isForerunner(change: Change): boolean {
  return isMadeDaily(change) && followsUpstream(change);
}

/** Tells whether a plan must not even begin without a review: then no deed is done at all. */
export function isBarred(unreviewed: readonly Change[], { require }: Approval): boolean {
  const graver = unreviewed.filter((change) => !isForerunner(change));
  return graver.length > 0 && (require === 'all' || !graver.every(isRemoval));
}

/**
 * Tells whether removals that wait are told as a refusal.
 *
 * A tag or a catalog may move upstream without an edit. When only the former image of the tag waits, or former bundles of the
 * catalog, the run is as it should be.
 */
export function isRefusal(unreviewed: readonly Change[]): boolean {
  return !unreviewed.every(followsUpstream);
}

function nameChanges(changes: readonly Change[]): string {
  const names = changes.map((one) => `${one.action} ${changeKey(one)}`);
  return listNames(names, maxNamed);
}

/** How to go on: with the digest that the next run will compute, where it is known. */
function remedyFor(digest: string | undefined): string {
  return digest === undefined
    ? 'Plan again, review that plan, then start the workflow with its digest as the input approve.'
    : `Review the plan of this run, then start the workflow with the input approve: ${digest}.`;
}

/** Says why changes wait that nobody reviewed; `digest` is that of the plan to approve. */
export function diagnoseUnreviewed(
  unreviewed: readonly Change[],
  approval: Approval,
  digest: string | undefined,
): Diagnostic {
  const known = (approval.reviewed ?? []).length > 0;
  const isAll = isBarred(unreviewed, approval);
  const rest = isAll ? 'nothing was changed' : 'the removals wait, the rest goes on';
  return {
    severity: 'error',
    code: known ? 'plan-changed' : 'review-missing',
    summary: known
      ? `Refused: the plan does more than what was reviewed; ${rest}.`
      : `Refused: nobody reviewed this plan; ${rest}.`,
    detail: `Not reviewed: ${nameChanges(unreviewed)}. ${remedyFor(digest)}`,
    ...(digest !== undefined && { fix: `approve: ${digest}` }),
  };
}

/** Tells whether everything in a plan that needs a review has one. */
export function isReviewed(plan: Plan, approval: Approval): boolean {
  return findUnreviewed(plan, approval).length === 0;
}

/** The digests that reviewers saw at places whose tag has moved at its source since, by `repository:tag`. */
export type ReviewedPins = ReadonlyMap<string, Descriptor>;

/**
 * Finds the images that a plan would bring and that are not those which were reviewed: their tags moved in between.
 *
 * Of several reviewed plans the last one that speaks of a place counts.
 * @see DESIGN, law 4
 */
export function findMoved(plan: Plan, reviewed: readonly ReviewedPlan[]): ReviewedPins {
  const seen = new Map<string, Change>();
  for (const { plan: one } of reviewed) {
    for (const change of one?.changes ?? []) {
      if (isBring(change) || change.action === 'keep') seen.set(placeKey(change), change);
    }
  }
  const moved = new Map<string, Descriptor>();
  for (const change of plan.changes.filter(isBring)) {
    if (isMadeDaily(change)) continue;
    const known = seen.get(placeKey(change));
    if (!known || known.origin !== change.origin || known.digest === change.digest) continue;
    const { digest, mediaType, size } = known;
    moved.set(placeKey(change), { digest, mediaType, size });
  }
  return moved;
}

/** Lets a placement name what was reviewed instead of what its tag names by now. */
export function pinReviewed(placement: Placement, pins: ReviewedPins): Placement {
  const pin = pins.get(placeKey(placement.target));
  return pin ? { ...placement, source: { ...placement.source, digest: pin.digest } } : placement;
}

/** Says of every tag that moved that what was reviewed is mirrored. */
export function reportMoved(placements: readonly Placement[], pins: ReviewedPins): Diagnostic[] {
  return placements.flatMap((placement): Diagnostic[] => {
    const pin = pins.get(placeKey(placement.target));
    if (!pin) return [];
    const at = placement.causes[0]?.at;
    return [
      {
        severity: 'warning',
        code: 'source-moved',
        summary: 'A tag moved at its source since the review; what was reviewed is mirrored.',
        detail: `${placement.origin} was ${pin.digest} when it was reviewed. The next plan shows what it is now.`,
        text: placement.origin,
        ...(at && { at }),
      },
    ];
  });
}
