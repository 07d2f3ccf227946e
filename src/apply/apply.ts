import { placeKey } from '../imageset/index.ts';
import { type Change, changeKey, createPlan, isDeed, isOfPlace, type Plan } from '../plan/index.ts';
import type { Traffic } from '../registry/index.ts';
import { nextRunId } from '../state/index.ts';
import { type Deleted, deleteAll } from './delete-phase.ts';
import { mirrorAll } from './mirror-phase.ts';
import { observe } from './observe.ts';
import { heldOutcome, postponedOutcome, skippedOutcome } from './outcomes.ts';
import { recordBegin, recordEnd } from './record.ts';
import type { ApplyRequest } from './request.ts';
import type { Outcome, Result } from './types.ts';
import { verifyMirrored } from './verify-phase.ts';
import type { Ways } from './ways.ts';

function isRemoval({ action }: Change): boolean {
  return action === 'delete' || action === 'untag';
}

function hasFailed({ result }: Outcome): boolean {
  return result === 'failed' || result === 'skipped';
}

/** Looks at the target again and decides again, by the same rules. */
async function reconsider({
  input,
  ways,
  stored: { tagLists },
}: ApplyRequest): Promise<ApplyRequest['input']> {
  const { after: wanted, before: base, state, options } = input;
  const question = { wanted, base, state, prune: options.prune, tagLists };
  const { observation } = await observe(question, ways);
  return { ...input, observation };
}

/** Parts removals into those that a later plan decides alike, and those that it would not do any more. */
function stillRight(removals: readonly Change[], later: Plan) {
  const decided = new Map(later.changes.map((change) => [changeKey(change), change]));
  const right: Change[] = [];
  const held: Outcome[] = [];
  for (const change of removals) {
    const now = decided.get(changeKey(change));
    if (!now && !isOfPlace(change)) {
      held.push(heldOutcome(change, 'it is gone already, or something else names it by now'));
      continue;
    }
    const isSame =
      now === undefined || (now.action === change.action && now.digest === change.digest);
    if (isSame) right.push(change);
    else
      held.push(postponedOutcome(change, `the target changed meanwhile: it is ${now.reason} now`));
  }
  return { right, held };
}

/**
 * Removes what the plan removes, unless something failed before.
 *
 * Mirroring takes time in which others may have set tags: then the target is observed again, and only what would be
 * decided alike is done.
 */
async function removeSafely(
  removals: readonly Change[],
  mirrored: readonly Outcome[],
  request: ApplyRequest,
): Promise<Deleted> {
  if (mirrored.some(hasFailed)) {
    const why = 'nothing is deleted while something could not be mirrored';
    return { outcomes: removals.map((change) => skippedOutcome(change, why)), notes: [] };
  }
  if (removals.length === 0 || mirrored.length === 0) return await deleteAll(removals, request);
  const input = await reconsider(request);
  const later = createPlan(input);
  const { right, held } = stillRight(removals, later);
  const deleted = await deleteAll(right, { ...request, input, plan: later });
  return { ...deleted, outcomes: [...held, ...deleted.outcomes] };
}

function outcomeOf(outcomes: readonly Outcome[]): Result['outcome'] {
  if (outcomes.length === 0) return 'nothing';
  if (!outcomes.some(hasFailed)) return 'applied';
  return outcomes.some(({ result }) => result === 'done') ? 'partial' : 'failed';
}

/** Counts what went over the wire so far, on both sides. */
export function trafficOf(ways: Ways): Traffic {
  const [source, target] = [ways.source.traffic(), ways.target.traffic()];
  return {
    requests: source.requests + target.requests,
    writes: source.writes + target.writes,
    retries: source.retries + target.retries,
    bytesReceived: source.bytesReceived + target.bytesReceived,
    bytesSent: source.bytesSent + target.bytesSent,
  };
}

/** What was left differs from the plan that was begun: it is the rest of it, or something else by now. */
function interrupted({ stored }: ApplyRequest): string[] {
  if (!stored.state.pending) return [];
  return ['The run before this one ended in the middle; this run went on from what it left.'];
}

/** A run that was killed may have stored what it deleted without having lived to say so. */
async function leftUndo({ stored, store }: ApplyRequest): Promise<Deleted['undo']> {
  if (!stored.state.pending) return undefined;
  const id = nextRunId(stored.state);
  return (await store.readUndo(id)) && (await store.writeUndo(id, []));
}

function warningOf(outcome: Outcome): string[] {
  if (outcome.result !== 'done' || outcome.warning === undefined) return [];
  return [`${placeKey(outcome.change)}: ${outcome.warning}`];
}

/** Does the deeds in the order that can lose nothing. */
async function perform(request: ApplyRequest): Promise<Deleted> {
  const deeds = request.plan.changes.filter(isDeed);
  const removals = deeds.filter(isRemoval);
  const moves = deeds.filter((change) => !isRemoval(change));
  const copied = moves.length > 0 ? await mirrorAll(moves, request) : [];
  const certainty = removals.length > 0 ? 'resolved' : 'listed';
  const mirrored = await verifyMirrored(copied, certainty, request);
  const deleted = await removeSafely(removals, mirrored, request);
  return { ...deleted, outcomes: [...mirrored, ...deleted.outcomes] };
}

/**
 * Does what a plan says.
 *
 * Order: the plan is marked as begun; everything is mirrored and verified; the manifests of what goes are stored; then it is
 * removed; the state is written last. Failures of single changes are outcomes, and then nothing is deleted. With nothing to
 * do nothing is written, unless the state itself has something to learn (adopted images, texts of image sets).
 * @throws RegistryError, PlanError when the target or the state cannot be reached at all
 */
export async function applyPlan(request: ApplyRequest): Promise<Result> {
  const { plan, clock, listener } = request;
  const startedAt = new Date(clock.now()).toISOString();
  const hasDeeds = plan.changes.some(isDeed);
  const begun = hasDeeds ? await recordBegin(request) : request;
  const { outcomes, undo, notes } = await perform(begun);
  const run = await recordEnd(begun, { outcomes, undo: undo ?? (await leftUndo(request)) });
  listener({ type: 'phase', phase: 'done', total: outcomes.length });
  const verified = outcomes.filter(
    ({ change, result }) => result === 'done' && !isRemoval(change),
  ).length;
  return {
    formatVersion: '1.0',
    planDigest: plan.digest,
    plan,
    outcome: outcomeOf(outcomes),
    outcomes,
    startedAt,
    endedAt: new Date(clock.now()).toISOString(),
    traffic: trafficOf(request.ways),
    ...(run && { run: run.id }),
    verified: verified + plan.totals.keep,
    notes: [...interrupted(request), ...outcomes.flatMap(warningOf), ...notes],
  };
}
