/**
 * Words that every view is made of: phrases, units, and the formats in which they are written.
 *
 * A phrase keeps the words of the program apart from names of other people. `markdown`, `html` and `text` escape it for
 * their format, and nothing else may write a name. `ladder` shortens a view step by step until it fits its limit.
 *
 * The folder refuses to know plans and results, apart from the few facts of a plan that each view shows.
 */
export {
  amountOf,
  causeOf,
  describeEdit,
  describeRange,
  formatPosition,
  planName,
} from './facts.ts';
export { embedJson, escapeHtml, htmlCode, htmlSentence, phraseToHtml } from './html.ts';
export {
  type Allowance,
  countBytes,
  countCharacters,
  fitLimit,
  joinSections,
  type Sections,
} from './ladder.ts';
export {
  type Column,
  escapeMarkdown,
  markdownAlert,
  markdownBlock,
  markdownCode,
  markdownDetails,
  markdownLink,
  markdownTable,
  type PageOf,
  paragraphToMarkdown,
  phraseToMarkdown,
} from './markdown.ts';
export {
  type CommentMarker,
  formatCommentMarker,
  parseCommentMarker,
  type RunMark,
} from './marker.ts';
export { joinPhrases, listPhrases, name, nameLine, type Phrase, say } from './phrase.ts';
export { clip, showName, visible } from './printable.ts';
export {
  alignColumns,
  capitalize,
  escapeCommandMessage,
  escapeLogLine,
  phraseToText,
  textSentence,
} from './text.ts';
export * from './units.ts';
