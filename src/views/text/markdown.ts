import type { SourcePosition } from '../../errors.ts';
import type { Name, Phrase } from './phrase.ts';
import { showName, showSentence, visible } from './printable.ts';

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

/** Words that notify a person or link an issue or a page, and characters that have a meaning anywhere. */
const special =
  /(?<![A-Za-z0-9_])@(?=[A-Za-z0-9])|#(?=\d)|\bGH-(?=\d)|:(?=\/\/)|(?<=\bwww)\.|[&<>|$]|[\\`*_[\]~]/gi;

function escapeSpecial(found: string): string {
  // A character of no width cuts what would link; the host looks for links after it has read the entities.
  if (/^(?:@|#|GH-)$/i.test(found)) return `${found}&#8203;`;
  return /[&<>|$:.]/.test(found) ? entity(found) : `\\${found}`;
}

/**
 * Escapes a sentence for Markdown as GitHub, Gitea and Forgejo read it, inside a table or outside.
 *
 * A character that is special in any of them is escaped in all. The result mentions nobody and links to no issue or page.
 */
export function escapeMarkdown(text: string): string {
  return showSentence(text)
    .replace(special, escapeSpecial)
    .replace(/^(?:[-+=#](?!&)|\d+(?=[.)](?:\s|$)))/, (found) =>
      /\d/.test(found) ? `${found}\\` : `\\${found}`,
    );
}

/** Shows a name as code, inside a table or outside. */
export function markdownCode(text: string): string {
  const shown = showName(text);
  // A code span has no escapes, and a table cuts it at a pipe. So unusual characters are written as entities.
  if (/^[^`|\\<>& ](?:[^`|\\<>&]*[^`|\\<>& ])?$/.test(shown)) return `\`${shown}\``;
  return `<code>${shown.replace(/[^A-Za-z0-9 ./:-]/gu, entity)}</code>`;
}

/** Gives the page that shows a line of a file; `undefined` where there is none. */
export type PageOf = (at: SourcePosition) => string | undefined;

/** Writes a phrase in Markdown; lines of files that it names become links where `pageOf` knows their page. */
export function phraseToMarkdown(phrase: Phrase, pageOf: PageOf = () => undefined): string {
  const write = ({ name, at }: Name): string => markdownLink(markdownCode(name), at && pageOf(at));
  return phrase
    .map((part) => (typeof part === 'string' ? escapeWords(part) : write(part)))
    .join('');
}

/** Writes phrases as one paragraph in Markdown. */
export function paragraphToMarkdown(phrases: readonly Phrase[]): string {
  return phrases.map((phrase) => phraseToMarkdown(phrase)).join(' ');
}

/** Escapes the words of a phrase; unlike a sentence from outside they keep the spaces at their ends. */
function escapeWords(text: string): string {
  const [, before = '', words = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  return `${before && ' '}${words && escapeMarkdown(words)}${after && ' '}`;
}

/** A column of a table: its heading, and to which side its cells are aligned. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Makes columns that are aligned to one side. */
export function columnsOf(align: Column['align'], ...titles: readonly string[]): Column[] {
  return titles.map((title) => ({ title, align }));
}

/** Writes a table; cells are Markdown already. */
export function markdownTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rules = columns.map(({ align }) => (align === 'right' ? '--:' : ':--'));
  return [line(columns.map(({ title }) => title)), line(rules), ...rows.map(line)].join('\n');
}

/** Writes a block that is folded until the reader opens it; both parts are Markdown already. */
export function markdownDetails(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/**
 * Writes a box that the host shows in colour; on hosts that know none it is a quotation whose first line names its kind.
 *
 * The paragraphs are Markdown already.
 */
export function markdownAlert(kind: 'CAUTION' | 'WARNING', paragraphs: readonly string[]): string {
  const lines = paragraphs
    .filter((text) => text !== '')
    .join('\n\n')
    .split('\n');
  return [`[!${kind}]`, ...lines].map((line) => `> ${line}`.trimEnd()).join('\n');
}

/** Writes a block of code; its fence is longer than any that the text holds. */
export function markdownBlock(language: 'yaml' | 'text' | 'diff', text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  const lines = text.trimEnd().split(/\r?\n/).map(visible);
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

/** Writes a link, when the address is one that a browser should open; else the words alone. */
export function markdownLink(words: string, url: string | undefined): string {
  if (url === undefined || !/^https?:\/\/[^\s<>]+$/.test(url)) return words;
  return `[${words}](${url.replace(/[()]/g, (found) => (found === '(' ? '%28' : '%29'))})`;
}
