import type { Outcome, Result } from '../../apply/index.ts';
import { isAttached } from '../../imageset/index.ts';
import type { Action, Change } from '../../plan/index.ts';

/** Numbers of changes by their outcome. */
export interface OutcomeCounts {
  readonly mirrored: number;
  readonly deleted: number;
  readonly untagged: number;
  /** Signatures and attestations that were mirrored or removed; absent: none. */
  readonly signatures?: number;
  readonly skipped: number;
  readonly held: number;
  readonly failed: number;
}

function countDone(outcomes: readonly Outcome[], ...actions: readonly Action[]): number {
  return outcomes.filter(
    ({ result, change }) => result === 'done' && actions.includes(change.action),
  ).length;
}

function countResult(outcomes: readonly Outcome[], wanted: Outcome['result']): number {
  return outcomes.filter(({ result }) => result === wanted).length;
}

/** Counts the changes that the plan held; those that wait for an approval count separately. */
function countHeld({ plan, waiting }: Counted): number {
  const isWaiting = (change: Change) => change.reason === 'unreviewed' && !isAttached(change);
  const waits = waiting ? plan.changes.filter(isWaiting).length : 0;
  return plan.totals.hold - waits;
}

type Counted = Pick<Result, 'outcomes' | 'plan' | 'waiting' | 'unmet'>;

/** Counts outcomes. A change that the plan held and one that was held during the apply count as held. */
export function countOutcomes(result: Counted): OutcomeCounts {
  const { outcomes } = result;
  const images = outcomes.filter(({ change }) => !isAttached(change));
  const signatures = countResult(outcomes, 'done') - countResult(images, 'done');
  return {
    mirrored: countDone(images, 'mirror', 'retag'),
    deleted: countDone(images, 'delete'),
    untagged: countDone(images, 'untag'),
    ...(signatures > 0 && { signatures }),
    skipped: countResult(outcomes, 'skipped'),
    held: countHeld(result) + countResult(outcomes, 'held'),
    failed: countResult(outcomes, 'failed') + (result.unmet ?? 0),
  };
}

/** Tells whether a run took something away that `restore` can put back. */
export function isUndoable(result: Result): boolean {
  const { deleted, untagged } = countOutcomes(result);
  return result.run !== undefined && deleted + untagged > 0;
}

/** Lists counts that are not zero: `mirrored 192, deleted 132, held 1`. */
export function listCounts(counts: OutcomeCounts): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ');
}

/** The numbers of an apply, from which outputs, the last line of the log and the exit code are made. */
export interface ResultTotals extends OutcomeCounts {
  /** Bytes that were moved to the target. */
  readonly bytesMirrored: number;
  /** Bytes below the manifests that were deleted. */
  readonly bytesFreed: number;
  /** Something was done to the target. */
  readonly hasChanged: boolean;
  /** Everything that may be done was done. */
  readonly isSuccess: boolean;
}

function sumDone({ outcomes }: Result, action: Action): number {
  const done = outcomes.filter(
    ({ result, change }) => result === 'done' && change.action === action,
  );
  return done.reduce(
    (sum, one) => sum + (action === 'delete' ? one.change.bytes : bytesOf(one)),
    0,
  );
}

function bytesOf(outcome: Outcome): number {
  return outcome.result === 'done' ? outcome.bytes : 0;
}

/** Sums up the deeds, whatever was planned. */
export function totalsOf(result: Result): ResultTotals {
  return {
    ...countOutcomes(result),
    bytesMirrored: sumDone(result, 'mirror') + sumDone(result, 'retag'),
    bytesFreed: sumDone(result, 'delete'),
    hasChanged: result.outcomes.some((one) => one.result === 'done'),
    isSuccess: result.status === 'nothing' || result.status === 'applied',
  };
}

/** Counts the deeds in one line: `mirrored 1, deleted 2, held 3, failed 0`. */
export function describeDone(result: Result): string {
  const { mirrored, deleted, untagged, held, failed } = countOutcomes(result);
  const images = result.outcomes.filter(({ change }) => !isAttached(change));
  const skipped = countResult(images, 'skipped');
  const { waiting } = result;
  const waits = waiting ? `, waiting ${waiting.deletes + waiting.untags}` : '';
  const left = skipped > 0 ? `, skipped ${skipped}` : '';
  return `mirrored ${mirrored}, deleted ${deleted}, untagged ${untagged}, held ${held}${waits}${left}, failed ${failed}`;
}

/** How long an apply took, in milliseconds. */
export function elapsedMs({ startedAt, endedAt }: Pick<Result, 'startedAt' | 'endedAt'>): number {
  const span = Date.parse(endedAt) - Date.parse(startedAt);
  return Number.isFinite(span) ? Math.max(0, span) : 0;
}

/** An outcome that is a failure. */
export type Failure = Outcome & { readonly result: 'failed' };

/** Gives the failures of a result, in its order. */
export function failuresOf({ outcomes }: Pick<Result, 'outcomes'>): Failure[] {
  return outcomes.filter((outcome): outcome is Failure => outcome.result === 'failed');
}
