import type { Action } from '../../plan/index.ts';
import type { Outcome, Result } from '../types.ts';

/** What came of the changes of a result, by numbers. */
export interface OutcomeCounts {
  readonly mirrored: number;
  readonly deleted: number;
  readonly untagged: number;
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

/** Counts outcomes. */
export function countOutcomes({ outcomes }: Pick<Result, 'outcomes'>): OutcomeCounts {
  return {
    mirrored: countDone(outcomes, 'mirror', 'retag'),
    deleted: countDone(outcomes, 'delete'),
    untagged: countDone(outcomes, 'untag'),
    skipped: countResult(outcomes, 'skipped'),
    held: countResult(outcomes, 'held'),
    failed: countResult(outcomes, 'failed'),
  };
}

/** Lists counts that are not zero: `mirrored 192, deleted 132, held 1`. */
export function listCounts(counts: OutcomeCounts): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ');
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
