/**
 * The report: one HTML file that opens from disk, with every change and why it is made.
 *
 * Its first rows are markup, all others data beside them, which the script shows, sorts and pages. A policy in its head
 * keeps it from asking any network, so that a hostile name that became markup after all could do nothing. The page
 * knows no plan: it is tiles, sections and rows, so that the report of an apply looks the same.
 */
export {
  computedSection,
  type Fact,
  factsSection,
  findingsSection,
  listSection,
} from './notes.ts';
export { type ReportPage, renderPage, type Tile } from './page.ts';
export { renderReport } from './plan-report.ts';
export { releasesSection } from './releases.ts';
export { listRows, type ReportRow } from './rows.ts';
