import { isAttached, placeKey } from '../imageset/index.ts';
import { isBring, isDeed, isRemoval, type RemovalChange } from '../plan/index.ts';
import type { Traffic } from '../registry/index.ts';
import { claimsOf, deletesOf, newlyWanted } from './claims.ts';
import { type Deleted, deleteAll } from './delete.ts';
import type { Endpoints } from './endpoints.ts';
import { Ledger } from './ledger.ts';
import { mirrorAll } from './mirror-phase.ts';
import { cancelled, refusedNotes, skippedOutcome, unlessCancelled } from './outcomes.ts';
import { type Reconsidered, reconsider } from './reconsider.ts';
import { recordSafely } from './record-safely.ts';
import type { ApplyRequest, BegunRequest } from './request.ts';
import { awaitDeletes, yieldToOthers } from './respect.ts';
import { storeUndo } from './store-undo.ts';
import type { Outcome, Result } from './types.ts';
import { verifyMirrored } from './verify-phase.ts';

function hasFailed({ result }: Outcome): boolean {
  return result === 'failed' || result === 'skipped';
}

/**
 * Removes what the plan removes, unless something failed before.
 *
 * The other runs are told first. Mirroring takes time in which others may have set tags or begun to want images: then the
 * target is observed again, and only what would be decided alike, and what no other run needs, is done.
 */
async function removeSafely(
  removals: readonly RemovalChange[],
  mirrored: readonly Outcome[],
  request: BegunRequest,
): Promise<Deleted> {
  if (mirrored.some(hasFailed)) {
    const why = 'nothing is deleted while something could not be mirrored';
    return { outcomes: removals.map((change) => skippedOutcome(change, why)), notes: [] };
  }
  if (removals.length === 0) return { outcomes: [], notes: [] };
  const { ledger } = request;
  await ledger.say({ deletes: [...deletesOf(removals, request).values()].flat() });
  const isOld = mirrored.length > 0 || ledger.hasOthers;
  const again = isOld ? await reconsider(removals, request) : { request, removals, held: [] };
  const { free, held } = await yieldToOthers(again.removals, again.request);
  const deleted = await deleteAll(free, again.request);
  return { ...deleted, outcomes: [...again.held, ...held, ...deleted.outcomes] };
}

function outcomeOf(outcomes: readonly Outcome[]): Result['status'] {
  if (outcomes.length === 0) return 'nothing';
  if (!outcomes.some(hasFailed)) return 'applied';
  return outcomes.some(({ result }) => result === 'done') ? 'partial' : 'failed';
}

/** Counts what went over the wire so far, on both sides. */
export function trafficOf(endpoints: Endpoints): Traffic {
  const [source, target] = [endpoints.source.traffic(), endpoints.target.traffic()];
  return {
    requests: source.requests + target.requests,
    writes: source.writes + target.writes,
    retries: source.retries + target.retries,
    bytesReceived: source.bytesReceived + target.bytesReceived,
    bytesSent: source.bytesSent + target.bytesSent,
  };
}

function interrupted({ stored }: ApplyRequest): string[] {
  if (!stored.state.pending) return [];
  return [
    'The run before this one ended in the middle, or still goes on; this run went on from what it left.',
  ];
}

function warningOf(outcome: Outcome): string[] {
  if (outcome.result !== 'done' || outcome.warning === undefined) return [];
  return [`${placeKey(outcome.change)}: ${outcome.warning}`];
}

/** Says how the registry frees the bytes of what was deleted. */
async function collectHint(
  outcomes: readonly Outcome[],
  { endpoints, plan }: ApplyRequest,
): Promise<Pick<Result, 'collect'>> {
  if (!outcomes.some(({ change, result }) => result === 'done' && change.action === 'delete')) {
    return {};
  }
  try {
    const { name, collect } = await endpoints.target.product(plan.target.registry);
    return { collect: name === 'unknown' ? collect : `${name}: ${collect}` };
  } catch {
    // The deeds are done: a hint must not fail them.
    return {};
  }
}

/** Opens the ledger of a run. */
export function openLedger({ plan, area, input, store, stored, clock }: ApplyRequest): Ledger {
  return new Ledger({
    store,
    clock,
    stored: stored.state,
    area: area ?? plan.target,
    planDigest: plan.digest,
    imageSets: input.ownImageSets,
  });
}

/** Does the deeds in the order that can lose nothing. */
async function perform({ request, removals, held }: Reconsidered): Promise<Deleted> {
  const moves = request.plan.changes.filter(isBring);
  const copied = moves.length > 0 ? await mirrorAll(moves, request) : [];
  const certainty = removals.length > 0 ? 'resolved' : 'listed';
  const mirrored = await unlessCancelled(verifyMirrored(copied, certainty, request), copied);
  const skipped = removals.map((change) => skippedOutcome(change, cancelled));
  const deleted = await unlessCancelled(removeSafely(removals, mirrored, request), {
    outcomes: skipped,
    notes: [],
  });
  return { ...deleted, outcomes: [...mirrored, ...held, ...deleted.outcomes] };
}

/**
 * Tells the other runs what this one needs; where one of them is about to delete that, waits for it and decides again.
 */
async function begin(request: BegunRequest): Promise<Reconsidered> {
  const { plan, input, ledger } = request;
  const removals = plan.changes.filter(isRemoval);
  const unchanged = { request, removals, held: [] };
  const claims = claimsOf(newlyWanted(plan, ledger.state), input.observation);
  if (claims.length === 0 || !plan.changes.some(isDeed)) return unchanged;
  await ledger.say({ claims });
  return (await awaitDeletes(claims, request)) ? await reconsider(removals, request) : unchanged;
}

/**
 * Does what a plan says.
 *
 * Order: the other runs are told what this one needs; everything is mirrored and verified; they are told what goes, and its
 * manifests are stored; then it is removed; the state is written last, and where another run wrote meanwhile it is looked
 * whether all that is wanted is there. Failures of single changes are outcomes, and then nothing is deleted. With nothing to
 * do nothing is written, unless the state itself has something to learn (adopted images, texts of image sets).
 * @throws RegistryError, PlanError when the target or the state cannot be reached at all
 */
export async function applyPlan(request: ApplyRequest): Promise<Result> {
  const { plan, clock, listener } = request;
  const startedAt = new Date(clock.now()).toISOString();
  const ledger = openLedger(request);
  const begun = await begin({ ...request, ledger });
  const performed = await perform(begun);
  const undo = performed.undo ?? (await storeUndo([], begun.request));
  const { outcomes, run } = await recordSafely(begun.request, { ...performed, undo });
  const { notes } = performed;
  listener({ type: 'phase', phase: 'done', total: outcomes.length });
  const verified = outcomes.filter(
    ({ change, result }) => result === 'done' && !isRemoval(change) && !isAttached(change),
  ).length;
  return {
    formatVersion: '1.0',
    planDigest: plan.digest,
    plan,
    status: outcomeOf(outcomes),
    outcomes,
    startedAt,
    endedAt: new Date(clock.now()).toISOString(),
    traffic: trafficOf(request.endpoints),
    ...(run && { run: run.id }),
    ...(await collectHint(outcomes, request)),
    verified: (request.signal?.aborted ? 0 : verified) + plan.totals.keep,
    notes: [
      ...interrupted(request),
      ...outcomes.flatMap(warningOf),
      ...refusedNotes(outcomes),
      ...notes,
    ],
  };
}
