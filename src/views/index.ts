/**
 * Everything that people see of a plan and of an apply: a comment, a job summary, text for terminals and logs, a report.
 *
 * Each view is a pure function of the plan, or of the events and the result of an apply. So their numbers agree, and two
 * runs of one plan show the same. Nothing is ever parsed back out of a view, except the hidden marker of a comment. A view
 * speaks the reader's words (mirror, delete, untag, keep, hold) and begins with the answer: what happens, how much, and
 * whether it is safe. Every number has a unit and every risk a remedy.
 *
 * Names come from outside and may be hostile. Sentences are phrases: words, and names set apart. They are escaped for
 * their format at the very end (`markdown`, `html`, `text`), so no view has to remember it. A view fits its limit whatever
 * a plan holds: lists shrink in steps (`ladder`), and the report has the rest.
 *
 * The report is one HTML file that opens from disk. Its first rows are markup; a script shows, sorts and pages the others
 * from data. A policy in its head keeps it from asking any network. Its page knows no plan, only tiles, sections and rows,
 * so that the report of an apply looks the same.
 *
 * The layer refuses to know who shows a view, and how a plan is applied.
 */
export {
  commentLimit,
  describeDeleteFiles,
  describePlan,
  describeStale,
  formatFindings,
  hasDeeds,
  markdownFinding,
  renderComment,
  renderFindings,
  renderFindingsSummary,
  renderPlanScreen,
  renderPlanText,
  renderSummary,
  targetName,
} from './plan/index.ts';
export {
  type CheckClosing,
  type CheckDeed,
  type ClosingFacts,
  type ClosingLine,
  checkLines,
  closingLines,
  describeCheck,
  describeCheckFailure,
  formatClosing,
  formatEvent,
  isWhole,
  type MirrorCheck,
  renderApplied,
  renderCheck,
  renderCheckIssue,
  renderResultSummary,
  totalsOf,
} from './result/index.ts';
export {
  alignColumns,
  capitalize,
  escapeLogLine,
  formatBytes,
  formatCount,
  formatDuration,
  parseCommentMarker,
  phraseToText,
  type RunMark,
  shortenDigests,
  shortId,
  visible,
} from './text/index.ts';
export * from './write-report.ts';
