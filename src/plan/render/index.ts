/**
 * What people see of a plan: a comment, a job summary, text for terminals and logs, and a report.
 *
 * Each view is a pure function of the plan alone, so that their numbers agree and nothing changes between two runs of
 * the same plan; nothing is ever parsed back out of one, but the hidden marker of a comment. A view speaks the reader's
 * words (mirror, delete, untag, keep, hold) and opens with what decides: what, how much, is it safe. Every number has a
 * unit and every risk a remedy.
 *
 * Names come from outside and may be hostile. Sentences are phrases: words, and names set apart. They get a format,
 * and are escaped for it, at the very end (`markdown`, `html`, `text`), so that no view has to remember to do it.
 * Whatever a plan holds, a view fits its limit: lists shrink in steps (`ladder`), the report has the rest.
 *
 * It refuses to know who shows a view, and what becomes of the plan.
 */
export * from './comment.ts';
export * from './findings.ts';
export { describePlan, hasDeeds } from './headline.ts';
export { type CommentMarker, parseCommentMarker, type RunMark } from './marker.ts';
export { describeOthers } from './not-received.ts';
export * as view from './parts.ts';
export * from './plan-text.ts';
export { renderReport } from './report/index.ts';
export { describeStale } from './stale.ts';
export { renderFindingsSummary, renderSummary, type SummaryOptions } from './summary.ts';
export { escapeCommandMessage, escapeLogLine } from './text.ts';
export * from './units.ts';
