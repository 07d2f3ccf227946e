/**
 * The parts that views are made of, for views of other data than plans: phrases, formats, limits, the page of a report.
 */
export { planName } from './facts.ts';
export { htmlSentence } from './html.ts';
export { type Allowance, countBytes, countCharacters, fitLimit } from './ladder.ts';
export {
  type Column,
  escapeMarkdown,
  markdownCode,
  markdownDetails,
  markdownTable,
  phraseToMarkdown,
} from './markdown.ts';
export { joinPhrases, listPhrases, name, type Phrase, say } from './phrase.ts';
export { printable } from './printable.ts';
export { describeReason, describeRemedy } from './reasons.ts';
export {
  computedSection,
  type Fact,
  factsSection,
  findingsSection,
  listRows,
  listSection,
  type ReportPage,
  type ReportRow,
  releasesSection,
  renderPage,
  type Tile,
} from './report/index.ts';
export { headlineSection, joinSections, refusalSection } from './sections.ts';
export { staleSentences } from './stale.ts';
export { summaryAllowances, summaryLimit } from './summary.ts';
export { escapeLogLine, phraseToText, textSentence } from './text.ts';
export { placeName, targetName } from './words.ts';
