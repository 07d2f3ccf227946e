/**
 * What people see of an apply: lines while it goes on, the last lines of its log, a job summary and a report.
 *
 * All are rendered from events and the result alone, in the words and with the escapes of the views of plans. A failure
 * says at which side, what, and what to do; the last ten lines of a log tell the whole story. This folder does not know
 * how a deed is done, nor who shows what it writes.
 */
export { describeDone, type ResultTotals, totalsOf } from './count.ts';
export { describeResult } from './headline.ts';
export * from './log.ts';
export { renderResultReport } from './report.ts';
export { renderResultSummary } from './summary.ts';
