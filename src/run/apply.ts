import { PlanError } from '../errors.ts';
import {
  changeKey,
  checkDeleteBound,
  comparePlans,
  countMirrored,
  createPlan,
  decodePlan,
  diagnoseDeleteExcess,
  findDeleteExcess,
  type Plan,
} from '../plan/index.ts';
import { type MadePlan, makePlan, type NoPlan, textDigest } from './make-plan.ts';
import { perform } from './perform.ts';
import { toPlanResult } from './plan.ts';
import { inputOfPlan } from './plan-again.ts';
import { findPostponed, refuseUnreviewed } from './review.ts';
import { findMoved } from './reviewed-pins.ts';
import { readState, type Session, withSession } from './session.ts';
import type {
  ApplyReport,
  ApplyResult,
  Approval,
  ApprovalSource,
  ConfigFile,
  Listener,
  PlanRequest,
  Settings,
} from './types.ts';

/** Where a tag moved since the review, plans once more with the content that was reviewed. */
async function asReviewed(
  current: MadePlan | NoPlan,
  { reviewed = [] }: Approval,
  { session, request }: { readonly session: Session; readonly request: PlanRequest },
): Promise<MadePlan | NoPlan> {
  const moved = 'plan' in current ? findMoved(current.plan, reviewed) : new Map();
  return moved.size > 0 ? await makePlan(session, request, moved) : current;
}

/** What nobody reviewed and can wait waits: the plan is made again without it. */
function withoutUnreviewed(made: MadePlan, approval: Approval): MadePlan {
  const postponed = findPostponed(made.plan, approval);
  if (postponed.size === 0) return made;
  const input = { ...made.input, postponed };
  return { ...made, input, plan: createPlan(input) };
}

/**
 * Plans again from the sources, compares with what was reviewed, and does it.
 *
 * Order: everything that can be refused is refused before the first deed. What was made here is applied, not what was
 * reviewed: it may do less.
 * @throws RegistryError when the target cannot be asked, PlanError when its state cannot be read
 */
export async function planAndApply(
  settings: Settings,
  request: PlanRequest,
  { approve, listener }: { readonly approve: ApprovalSource; readonly listener: Listener },
): Promise<ApplyReport> {
  return await withSession(settings, async (session) => {
    const current = await makePlan(session, request);
    const approval = 'plan' in current ? await approve(current.plan) : undefined;
    const again = approval ? await asReviewed(current, approval, { session, request }) : current;
    const made = 'plan' in again && approval ? withoutUnreviewed(again, approval) : again;
    const planned = await toPlanResult(made);
    if (!('plan' in made) || !approval) return { planned, refusals: [] };
    const { plan, input, stored, head, pinned } = made;
    const excess = findDeleteExcess(plan, countMirrored(plan, input.state));
    const unreviewed = refuseUnreviewed(plan, approval);
    const refusals = [...(excess ? [diagnoseDeleteExcess(excess)] : []), ...unreviewed];
    if (refusals.length > 0) {
      // The refusal says the same as the plan's own finding.
      const diagnostics = planned.diagnostics.filter(({ code }) => code !== 'max-delete');
      return { planned: { ...planned, diagnostics }, refusals };
    }
    const signatures = head.collections.flatMap((one) => one.signatures);
    const unpinned = pinned.failures;
    const imageSets = request.head.map(appliedOf);
    const performance = { plan, input, stored, imageSets, signatures, unpinned };
    return { planned, refusals, applied: await perform(performance, session, listener) };
  });
}

/** @throws PlanError `PLAN_UNAPPLYABLE` when the plan is for another target */
function checkTarget({ target }: Plan, session: Session): void {
  const { registry, prefix } = session.target;
  if (target.registry === registry && target.prefix === prefix) return;
  const name = [target.registry, target.prefix].filter((part) => part !== '').join('/');
  throw new PlanError('PLAN_UNAPPLYABLE', `The plan is for ${name}. Nothing was changed.`, {
    hint: `Name that target, or plan again for ${session.settings.target}.`,
  });
}

/** @throws PlanError `PLAN_STALE` when the target changed so that more would be lost than the plan says */
function checkCurrent(reviewed: Plan, current: Plan): void {
  const { verdict, unreviewed } = comparePlans(reviewed, current);
  if (verdict !== 'larger') return;
  const names = unreviewed.slice(0, 5).map((one) => `${one.action} ${changeKey(one)}`);
  throw new PlanError(
    'PLAN_STALE',
    `The target changed since the plan was made; now it would also ${names.join(', ')}. Nothing was changed.`,
    { hint: 'Plan again, review the new plan and apply that.' },
  );
}

/** @throws PlanError `REVIEW_MISSING` */
function checkReview(plan: Plan, approval: Approval): void {
  const [refusal] = refuseUnreviewed(plan, approval);
  if (!refusal) return;
  throw new PlanError('REVIEW_MISSING', `${refusal.summary} ${refusal.detail ?? ''}`.trim());
}

/** Gives an image set as the state knows it. */
function appliedOf({ name, identity = name, text }: ConfigFile) {
  return { name: identity, text };
}

/** Texts belong into the state only when they are those that were planned, and all of them. */
function plannedTexts({ imageSets }: Plan, files: readonly ConfigFile[]) {
  const planned = new Map<string, string>(imageSets.map(({ name, digest }) => [name, digest]));
  const found = files
    .map(appliedOf)
    .filter(({ name, text }) => planned.get(name) === textDigest(text));
  return found.length === planned.size ? found : undefined;
}

/**
 * Applies a plan file.
 *
 * The plan is made again from its own wishes against the target as it is now, and refused when that would lose more. No
 * source of releases or configurations is asked.
 * @throws PlanError `PLAN_FORMAT`, `PLAN_UNAPPLYABLE`, `PLAN_STALE`, `REVIEW_MISSING`, `DELETE_REFUSED`
 */
export async function apply(
  settings: Settings,
  request: {
    readonly planText: string;
    readonly approval: Approval;
    readonly files: readonly ConfigFile[];
  },
  listener: Listener,
): Promise<ApplyResult> {
  const reviewed = await decodePlan(request.planText);
  return await withSession(settings, async (session) => {
    checkTarget(reviewed, session);
    checkReview(reviewed, request.approval);
    const stored = await readState(session);
    const input = await inputOfPlan(reviewed, stored, session);
    const plan = createPlan(input);
    checkCurrent(reviewed, plan);
    checkDeleteBound(plan, countMirrored(plan, input.state));
    const imageSets = plannedTexts(reviewed, request.files);
    const performance = { plan, input, stored, imageSets, signatures: [], unpinned: [] };
    return await perform(performance, session, listener);
  });
}
