import type { Result, Waiting } from '../apply/index.ts';
import { sortedUnique } from '../base/index.ts';
import { type Diagnostic, formatDiagnostic } from '../diagnostic.ts';
import {
  type Approval,
  type Change,
  changeKey,
  countMirrored,
  type DeleteExcess,
  diagnoseDeleteExcess,
  diagnoseUnreviewed,
  findDeleteExcess,
  findMoved,
  findUnreviewed,
  isBarred,
  isRefusal,
  isRemoval,
  type Plan,
  planDigest,
} from '../plan/index.ts';
import type { Gathered } from './gather.ts';
import { decide, type MadePlan, makePlan, type NoPlan } from './make-plan.ts';
import { perform } from './perform.ts';
import { toPlanResult } from './plan.ts';
import { type Session, withSession } from './session.ts';
import type { ApplyReport, ApprovalSource, Listener, PlanRequest, Settings } from './types.ts';

interface Run {
  readonly session: Session;
  readonly request: PlanRequest;
  readonly listener: Listener;
}

/** Plans again with the reviewed content if a tag moved since the review. */
async function asReviewed(
  current: MadePlan | NoPlan,
  { reviewed = [] }: Approval,
  { session, request }: Run,
): Promise<MadePlan | NoPlan> {
  const moved = 'plan' in current ? findMoved(current.plan, reviewed) : new Map();
  return moved.size > 0 ? await makePlan(session, request, moved) : current;
}

function excessOf({ plan, input }: MadePlan): DeleteExcess | undefined {
  return findDeleteExcess(plan, countMirrored(plan, input.state));
}

/**
 * Makes the plan again without the removals that have to wait: those that nobody reviewed, and all of them when more
 * would be deleted than `max-delete` allows. An image that waits keeps everything that it needs, so that less may be deleted.
 */
function withoutWaiting(made: MadePlan, approval: Approval, session: Session): MadePlan {
  const isTooMuch = excessOf(made) !== undefined;
  const postponed = new Set(made.input.postponed);
  let current = made;
  for (;;) {
    const removals = current.plan.changes.filter(isRemoval);
    const waits = [...findUnreviewed(current.plan, approval), ...(isTooMuch ? removals : [])];
    const known = postponed.size;
    for (const change of waits) postponed.add(changeKey(change));
    if (postponed.size === known) return current;
    const input = { ...made.input, postponed };
    current = { ...made, input, plan: decide(input, session) };
  }
}

/** The digest that the next run computes when it may delete as much as this one had to. */
function digestToApprove(plan: Plan, excess: DeleteExcess | undefined): string {
  if (!excess) return plan.digest;
  const maxDelete = { count: excess.lost };
  return planDigest({ ...plan, options: { ...plan.options, maxDelete } });
}

function refuseExcess(excess: DeleteExcess): Diagnostic {
  const summary = 'Refused: the plan deletes more than max-delete allows; its removals wait.';
  return { ...diagnoseDeleteExcess(excess), summary };
}

/** Describes the removals that wait, and why; `left` is the plan of the rest, whose digest can be approved. */
function describeWaiting(
  known: MadePlan,
  approval: Approval,
  left?: MadePlan,
): Waiting | undefined {
  const excess = excessOf(known);
  const unreviewed = findUnreviewed(known.plan, approval).filter(isRemoval);
  const removals = excess ? known.plan.changes.filter(isRemoval) : unreviewed;
  const digest = left && digestToApprove(left.plan, excess);
  const reasons: Diagnostic[] = [
    ...(excess ? [refuseExcess(excess)] : []),
    ...(isRefusal(unreviewed) ? [diagnoseUnreviewed(unreviewed, approval, digest)] : []),
  ];
  if (reasons.length === 0) return undefined;
  const count = (wanted: Change['action']) =>
    removals.filter(({ action }) => action === wanted).length;
  const counts = { deletes: count('delete'), untags: count('untag') };
  return { ...counts, reasons, ...(digest !== undefined && { digest }) };
}

/** Plans once more for what is left; the deeds are done, so that nothing of it may fail the run. */
async function planRest({ session, request }: Run): Promise<MadePlan | undefined> {
  const { log, signal } = session.settings;
  if (signal?.aborted) return undefined;
  try {
    const left = await makePlan(session, request);
    return 'plan' in left ? left : undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.log('warn', `What is left could not be planned: ${why}`);
    return undefined;
  }
}

/** Lists everything that was not collected: failures, and names that their catalog does not have. */
function saysUncollected({ failures, diagnostics }: Gathered): string[] {
  const unknown = diagnostics.filter(({ severity }) => severity === 'error');
  return [...failures.map(({ message }) => message), ...unknown.map(formatDiagnostic)];
}

/** Does what may be done; when removals wait, plans again what is left, so that it can be approved. */
async function applyAllowed(made: MadePlan, approval: Approval, run: Run): Promise<ApplyReport> {
  const { session, listener } = run;
  const allowed = withoutWaiting(made, approval, session);
  const isComplete = describeWaiting(made, approval) === undefined;
  let left: MadePlan | undefined;
  let waiting: Waiting | undefined;
  const complete = async (result: Result): Promise<Result> => {
    if (isComplete) return result;
    left = await planRest(run);
    // Somebody else may have removed it meanwhile, or more is mirrored by now than max-delete is a share of.
    const isLeft = left === undefined || left.plan.changes.some(isRemoval);
    waiting = isLeft
      ? (describeWaiting(left ?? made, approval, left) ?? describeWaiting(made, approval))
      : undefined;
    return waiting ? { ...result, status: 'partial', waiting } : result;
  };
  const facts = {
    files: run.request.head,
    uncollected: saysUncollected(allowed.head),
    reviews: sortedUnique((approval.reviewed ?? []).flatMap(({ by = [] }) => by)),
  };
  const applied = await perform({ ...allowed, ...facts, complete }, session, listener);
  const planned = await toPlanResult(left ?? allowed);
  // The refusal says the same as the plan's own finding.
  const diagnostics = planned.diagnostics.filter(({ code }) => code !== 'max-delete');
  return { planned: { ...planned, diagnostics }, refusals: waiting?.reasons ?? [], applied };
}

/**
 * Plans again from the sources, compares with what was reviewed, and does it.
 *
 * Order: what bars the whole plan is refused before the first deed. Removals that nobody reviewed, or that are too many,
 * wait while the rest is done; then the rest is planned, so that it can be approved. This run applies the plan that it made, not
 * what was reviewed: it may do less.
 * @throws RegistryError when the target cannot be asked, PlanError when its state cannot be read
 */
export async function planAndApply(
  settings: Settings,
  request: PlanRequest,
  { approve, listener }: { readonly approve: ApprovalSource; readonly listener: Listener },
): Promise<ApplyReport> {
  return await withSession(settings, async (session) => {
    const run = { session, request, listener };
    const current = await makePlan(session, request);
    const approval = 'plan' in current ? await approve(current.plan) : undefined;
    const made = approval ? await asReviewed(current, approval, run) : current;
    if (!('plan' in made) || !approval) return { planned: await toPlanResult(made), refusals: [] };
    const unreviewed = findUnreviewed(made.plan, approval);
    if (!isBarred(unreviewed, approval)) return await applyAllowed(made, approval, run);
    const refusals = [diagnoseUnreviewed(unreviewed, approval, made.plan.digest)];
    return { planned: await toPlanResult(made), refusals };
  });
}
