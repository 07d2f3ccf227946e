/**
 * Views of an apply, and of a check of a mirror: lines while it goes on, the last lines of its log, a job summary and a report.
 *
 * All are rendered from events and the result alone, in the words and with the escapes of the views of plans. A failure
 * names its side, the reason and the remedy. Every door ends with the lines of `closingLines`.
 *
 * The folder refuses to know how a plan is applied.
 */
export * from './check.ts';
export * from './closing.ts';
export * from './comment.ts';
export {
  countOutcomes,
  describeDone,
  elapsedMs,
  failuresOf,
  isUndoable,
  type ResultTotals,
  totalsOf,
} from './count.ts';
export { describeOutcome, describeResult } from './headline.ts';
export * from './log.ts';
export { renderResultSummary } from './summary.ts';
