import type { Document, ParsedNode, YAMLError } from 'yaml';
import type { Span, YamlProblem } from './node.ts';

/** The words of Go's reader for what the parser found, and what an author can do about it. */
const words: Partial<Record<YAMLError['code'], readonly [message: string, advice: string]>> = {
  BAD_INDENT: [
    'did not find expected key',
    'Indent all keys of one mapping, and all items of one list, alike.',
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'mapping values are not allowed in this context',
    'Write the value on its own line, or quote a text that holds ": ".',
  ],
  TAB_AS_INDENT: [
    'found character that cannot start any token',
    'Indent with blanks: YAML allows no tabs there.',
  ],
  MULTILINE_IMPLICIT_KEY: ["could not find expected ':'", 'Add the missing ":" or quote the text.'],
  BAD_SCALAR_START: [
    'found character that cannot start any token',
    'Quote the text: it begins with a character that YAML reserves.',
  ],
  BAD_DQ_ESCAPE: [
    'found unknown escape character',
    'Write the backslash twice, or use single quotes.',
  ],
  BAD_ALIAS: [
    'did not find expected alphabetic or numeric character',
    'Quote a text that begins with "*" or "&".',
  ],
  MISSING_CHAR: [
    "could not find expected ':'",
    'Add the missing ":" after the key, or the missing closing quote or bracket.',
  ],
};

const controlCharacter = /(?![\t\n\r\u0085])\p{Cc}|[\ufffe\uffff]/u;

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function columnOf(text: string, offset: number): number {
  return offset - text.lastIndexOf('\n', offset - 1);
}

/** Mistakes that one sees in a line, whatever the parser made of them. */
const slips: readonly (readonly [RegExp, string])[] = [
  [
    /[\u00a0\u200b\uff1a]/,
    'The line holds a character that only looks like a blank or a colon: type the line again.',
  ],
  [/^ *\t/, 'Indent with blanks: YAML allows no tabs there.'],
  [/^[ \t]*-[\w"']/, 'Write a blank behind the "-".'],
  [/^[ \t]*(?:- +)*[A-Za-z]\w*:[^\s/:]/, 'Write a blank behind the ":".'],
  [/^[ \t]*[A-Za-z]\w*[ \t]*$/, 'Add the missing ":" behind the key.'],
  [
    /^[ \t]*- +[^\s:#]+[ \t]*$/,
    'Write the key of a list entry too, as in "- name: x", and indent the keys of one entry alike.',
  ],
];

/** A key that is right by itself: then its column is wrong. */
const wholeKey = /^[ \t]*(?:- +)*[A-Za-z]\w*:(?:[ \t](?!.*:(?:[ \t]|$)).*)?$/;
const misplaced =
  'Indent the key like those next to it: all keys of one mapping stand in one column.';

/** Errors at which the parser can only say where it gave up. */
const guessed: ReadonlySet<YAMLError['code']> = new Set([
  'BLOCK_AS_IMPLICIT_KEY',
  'MULTILINE_IMPLICIT_KEY',
  'MISSING_CHAR',
]);

/** Gives better advice for the lines in which an error was noticed, the one before first. */
function adviceOn(text: string, { start }: Span): string | undefined {
  const lines = text.slice(0, start).split('\n');
  const here = text.slice(start - (lines.at(-1)?.length ?? 0)).split('\n', 1)[0] ?? '';
  const near = [here, lines.at(-2) ?? ''].map((line) => line.replace(/\r$/, ''));
  const slip = slips.find(([pattern]) => near.some((line) => pattern.test(line)));
  return slip?.[1] ?? (wholeKey.test(near[0] ?? '') ? misplaced : undefined);
}

function problem(text: string, span: Span, said: readonly [string, string]): YamlProblem {
  const [message, advice] = said;
  return {
    code: 'yaml-syntax',
    message: `yaml: line ${lineOf(text, span.start)}: ${message}`,
    detail: `The text is no YAML here: ${message}. ${advice}`,
    span,
  };
}

/**
 * Tells whether an offset lies behind the root node, where Go's reader never looks: behind `...`, behind a closed
 * bracket, or further left than the root began.
 */
function liesBehind(text: string, root: ParsedNode | null, error: YAMLError): boolean {
  const offset = error.pos[0];
  if (!root || offset < root.range[1] || error.code !== 'UNEXPECTED_TOKEN') return false;
  if (/[\]}]/.test(text[offset] ?? '')) return false;
  if (/^\.\.\.(?=\s)/m.test(text.slice(root.range[1], offset))) return true;
  const block = 'flow' in root && !root.flow;
  return !block || columnOf(text, offset) < columnOf(text, root.range[0]);
}

/** Finds the first thing that keeps a text from being YAML, in the words of Go's reader where they are known. */
export function syntaxProblem(
  text: string,
  document: Document.Parsed | undefined,
): YamlProblem | undefined {
  const control = controlCharacter.exec(text);
  if (control) {
    const span = { start: control.index, end: control.index + 1 };
    return {
      ...problem(text, span, ['control characters are not allowed', 'Delete the character.']),
      message: 'yaml: control characters are not allowed',
    };
  }
  const directive = /^\ufeff?%YAML[ \t]+(?!1\.1\b)/m.exec(text);
  if (directive && directive.index === 0) {
    const span = { start: 0, end: directive[0].length };
    return {
      ...problem(text, span, ['found incompatible YAML document', 'Delete the %YAML directive.']),
      message: 'yaml: found incompatible YAML document',
    };
  }
  const error = document?.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0];
  if (!error || liesBehind(text, document.contents, error)) return undefined;
  const span = { start: error.pos[0], end: error.pos[1] };
  const [message, advice] = words[error.code] ?? [
    'did not find expected key',
    `${error.message.replace(/\.$/, '')}.`,
  ];
  const better = guessed.has(error.code) ? adviceOn(text, span) : undefined;
  return problem(text, span, [message, better ?? advice]);
}
