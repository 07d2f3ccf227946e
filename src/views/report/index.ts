/**
 * The report: one HTML file that opens from disk, with every change and the reason for it.
 *
 * Its first rows are markup; a script shows, sorts and pages the others from data beside them. A policy in its head keeps
 * it from asking any network, so that a hostile name that became markup after all could do nothing.
 *
 * The page refuses to know plans: it is made of tiles, sections and rows, so that the report of an apply looks the same.
 */
export { renderReport } from './plan-report.ts';
export { renderResultReport } from './result-report.ts';
