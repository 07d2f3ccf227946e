/**
 * Views of a plan in the formats of a host: comment, job summary, terminal.
 *
 * `headline` says in one sentence what happens, `risks` collects what a cluster may lose, and `sections` holds the parts
 * that comment and summary share. Each part takes an allowance, the number of rows and lines that it may show, so that a
 * view of any plan fits the limit of its host.
 *
 * The folder refuses to know the report, and what became of the plan.
 */
export { describeAttached, shownPlan } from './attached.ts';
export * from './comment.ts';
export { decisiveRisks } from './conditional-risks.ts';
export * from './findings.ts';
export { changeGroup, groupChanges } from './groups.ts';
export { describePlan, hasDeeds } from './headline.ts';
export type { ListOptions } from './lists.ts';
export { describeNotReceived, retireRemedy } from './not-received.ts';
export * from './plan-text.ts';
export { describeReason, describeRemedy } from './reasons.ts';
export { countResources, diffResources } from './resource-diff.ts';
export type { Risk } from './risk.ts';
export { findUpdateRisks, uniqueRisks } from './risk-index.ts';
export { findRisks } from './risks.ts';
export { actionLists, refusalSection } from './sections.ts';
export * from './stale.ts';
export * from './summary.ts';
export { describeNote, describeTotals } from './totals-rows.ts';
export { actionDone, actionOrder, actionSign, placeName, targetName } from './words.ts';
