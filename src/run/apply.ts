import { formatDiagnostic } from '../diagnostic.ts';
import { PlanError } from '../errors.ts';
import { type ConfigFile, isInside, type TargetArea } from '../imageset/index.ts';
import {
  type Approval,
  changeKey,
  checkDeleteBound,
  comparePlans,
  countMirrored,
  createPlan,
  decodePlan,
  diagnoseUnreviewed,
  findUnreviewed,
  isRemoval,
  isSameTarget,
  type Plan,
} from '../plan/index.ts';
import { targetName } from '../views/index.ts';
import { textDigest } from './image-set-records.ts';
import { withoutSources } from './make-plan.ts';
import { perform } from './perform.ts';
import { inputOfPlan } from './plan-again.ts';
import { type Session, withSession } from './session.ts';
import { areaOf, readState } from './stored.ts';
import type { ApplyResult, Listener, Settings } from './types.ts';

/** @throws PlanError `PLAN_UNAPPLYABLE` when the plan is for another target */
function checkTarget({ target }: Plan, session: Session): void {
  if (isSameTarget(target, session.target)) return;
  const message = `The plan is for ${targetName({ target })}. Nothing was changed.`;
  throw new PlanError('PLAN_UNAPPLYABLE', message, {
    hint: `Name that target, or plan again for ${session.settings.target}.`,
  });
}

/** @throws PlanError `PLAN_UNAPPLYABLE` when a change is about something outside the target */
function checkPlaces({ changes }: Plan, area: TargetArea): void {
  const outside = changes.find(({ repository }) => !isInside(area, repository));
  if (!outside) return;
  throw new PlanError(
    'PLAN_UNAPPLYABLE',
    `The plan names ${changeKey(outside)}, which does not lie inside the target. Nothing was changed.`,
    {
      hint: 'Was it made with --max-nested-paths? Then apply it with the same. Else plan again: this tool makes no such plan.',
    },
  );
}

/** @throws PlanError `PLAN_STALE` when a file is not what the plan was made from: its author may want now what the plan removes */
function checkFiles({ imageSets }: Plan, files: readonly ConfigFile[]): void {
  const digests = new Map(imageSets.map(({ name, digest }) => [name, digest]));
  const changed = files.find(({ identity, name, text }) => {
    const planned = digests.get(identity ?? name);
    return planned !== undefined && planned !== textDigest(text);
  });
  if (!changed) return;
  const message = `${changed.name} changed since the plan was made. Nothing was changed.`;
  throw new PlanError('PLAN_STALE', message, {
    hint: 'Plan again, review the new plan and apply that; or leave the file out to apply this plan as it is.',
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

/** @throws PlanError `PLAN_UNAPPLYABLE` for removals in a plan whose digest does not cover the limits */
function checkFormat({ formatVersion, changes }: Plan): void {
  if (formatVersion !== '1.0' || !changes.some(isRemoval)) return;
  throw new PlanError(
    'PLAN_UNAPPLYABLE',
    'The plan removes images and has the format 1.0, whose digest does not cover the limits. Nothing was changed.',
    { hint: 'Plan again with this version, review that plan and apply it.' },
  );
}

/** @throws PlanError `REVIEW_MISSING` */
function checkReview(plan: Plan, approval: Approval): void {
  const unreviewed = findUnreviewed(plan, approval);
  if (unreviewed.length === 0) return;
  const { detail } = diagnoseUnreviewed(unreviewed, approval, plan.digest);
  throw new PlanError(
    'REVIEW_MISSING',
    `The plan was not reviewed; nothing was changed. ${detail}`,
  );
}

/** Says of removals that were reviewed and that the target hinders now why they are not done; a later plan asks again. */
function hinderedIn(reviewed: Plan, { changes }: Plan): string[] {
  const asked = new Set(reviewed.changes.filter(isRemoval).map(changeKey));
  const hindered = changes.filter(
    (change) =>
      change.action === 'hold' && change.reason === 'unreadable' && asked.has(changeKey(change)),
  );
  return hindered.map(
    (change) =>
      `${changeKey(change)} was to be removed and stays: a manifest in its repository could not be read. Plan again.`,
  );
}

/** Says what the image sets of a plan want and the plan cannot do: applying it leaves that undone. */
function unmetIn({ diagnostics }: Plan): string[] {
  return diagnostics
    .filter(({ severity, code }) => severity === 'error' && code !== 'max-delete')
    .map(formatDiagnostic);
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
    checkPlaces(reviewed, areaOf(session));
    checkFormat(reviewed);
    checkReview(reviewed, request.approval);
    checkFiles(reviewed, request.files);
    const stored = await readState(session);
    const input = await inputOfPlan(reviewed, stored, session);
    const plan = createPlan(input);
    checkCurrent(reviewed, plan);
    checkDeleteBound(plan, countMirrored(plan, input.state));
    const uncollected = [...unmetIn(reviewed), ...hinderedIn(reviewed, plan)];
    const work = { ...withoutSources(plan, input, stored), files: request.files, uncollected };
    return await perform(work, session, listener);
  });
}
