/**
 * Words that every view is made of: phrases, units, and the formats in which they are written.
 *
 * A phrase keeps the words of the program apart from names of other people. `markdown`, `html` and `text` escape it for
 * their format, and nothing else may write a name. `ladder` shortens a view step by step until it fits its limit.
 *
 * The folder refuses to know plans and results, apart from the few facts of a plan that each view shows.
 */
export * from './facts.ts';
export * from './html.ts';
export * from './ladder.ts';
export * from './markdown.ts';
export * from './marker.ts';
export { joinPhrases, listNamed, listPhrases, name, nameLine, type Phrase, say } from './phrase.ts';
export { clip, showName, visible } from './printable.ts';
export * from './text.ts';
export * from './units.ts';
