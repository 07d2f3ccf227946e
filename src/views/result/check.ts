import type { Diagnostic } from '../../diagnostic.ts';
import { commentLimit, markdownFindings, summaryAllowances, summaryLimit } from '../plan/index.ts';
import {
  type Allowance,
  capitalize,
  clip,
  columnsOf,
  countBytes,
  countCharacters,
  cutLines,
  escapeMarkdown,
  fitLimit,
  formatCommentMarker,
  formatCount,
  formatNumber,
  markdownCode,
  markdownLink,
  markdownTable,
  type Sections,
  shortenDigests,
  textSentence,
} from '../text/index.ts';
import type { ClosingLine } from './closing.ts';

/** An image, or a part of an image set, that is not as it should be. */
export interface CheckFailure {
  readonly origin: string;
  readonly message: string;
  readonly hint?: string;
}

/** The result of a look at a target: images of a total that are whole, and the others; `done` and `total` count images alone. */
export interface MirrorCheck {
  readonly done: number;
  readonly total: number;
  /** Signatures and attestations; absent: there are none. */
  readonly signatures?: { readonly done: number; readonly total: number };
  /** Images and signatures that were written; absent: none can be. */
  readonly changed?: number;
  /** Images and signatures that were missing or damaged, before any repair; tags that name another image do not count. */
  readonly damaged?: number;
  readonly imageFailures: readonly CheckFailure[];
  readonly notes: readonly string[];
  /** There was nothing to do: a note says why, and no count is shown. */
  readonly isIdle?: boolean;
  /** Suggestions: content that sources have by now and the mirror lacks; absent: it was not looked for. */
  readonly news?: readonly Diagnostic[];
}

/** The deed that a check counts. */
export type CheckDeed = 'verified' | 'restored' | 'can restore';

/** Tells whether everything is there. */
export function isWhole({ done, total, imageFailures }: MirrorCheck): boolean {
  return done === total && imageFailures.length === 0;
}

/** Counts what was checked: `verified 190 / 191 images, 8 / 8 signatures, repaired 3 of 4`. */
export function describeCheck(check: MirrorCheck, deed: CheckDeed): string {
  const { done, total, signatures, changed, damaged = 0 } = check;
  const attached = signatures
    ? `, ${signatures.done} / ${formatCount(signatures.total, 'signature')}`
    : '';
  const repaired =
    changed !== undefined && damaged > 0 ? `, repaired ${changed} of ${damaged}` : '';
  return `${deed} ${done} / ${formatCount(total, 'image')}${attached}${repaired}`;
}

/** Says in one line what is wrong with an image, and the remedy. */
export function describeCheckFailure({ origin, message, hint = '' }: CheckFailure): string {
  const fault = `${origin}: ${shortenDigests(message)}`.replace(/\.?$/, '.');
  return textSentence(`${fault} ${hint}`);
}

/** Writes a change of one value: `maxVersion: 4.16.5 → 4.16.6. `. */
function describeChange({ text, fix = '' }: Diagnostic): string {
  const [, key, after] = /^(\w+): (.+)$/.exec(fix) ?? [];
  return key === undefined ? '' : `${key}: ${text} → ${after}. `;
}

/** Says in one line what is new upstream, and the line of the configuration that brings it. */
function describeNews(found: Diagnostic): string {
  const { detail, summary, at } = found;
  const where = at === undefined ? '' : `${at.file}:${at.line}: `;
  return textSentence(`${where}${describeChange(found)}${detail ?? summary}`);
}

/** Failures and news that the last lines repeat. */
const mostRepeated = 5;

/** Gives the first lines of a list, and the number of the others. */
function repeat(verb: ClosingLine['verb'], texts: readonly string[], most: number): ClosingLine[] {
  return cutLines(texts, most, (rest) => `and ${rest} more`).map((text) => ({ verb, text }));
}

/** The facts of a run that its last lines need beside the check. */
export interface CheckClosing {
  readonly deed: CheckDeed;
  /** The command that repairs, ready to be pasted; shown only where there is something to repair. */
  readonly repair?: string | undefined;
  readonly log?: string | undefined;
}

/**
 * Gives the last lines of a check for every door: the count, failures with their remedies, notes, what is new upstream, the
 * command that repairs, the log.
 */
export function checkLines(
  check: MirrorCheck,
  { deed, repair, log }: CheckClosing,
): readonly ClosingLine[] {
  const { imageFailures, notes, news = [] } = check;
  return [
    ...(check.isIdle ? [] : [{ verb: 'done', text: describeCheck(check, deed) } as const]),
    ...repeat('failed', imageFailures.map(describeCheckFailure), mostRepeated),
    ...notes.map((note) => ({ verb: 'note', text: textSentence(note) }) as const),
    ...repeat('new', news.map(describeNews), 4 * mostRepeated),
    ...(repair === undefined || isWhole(check) ? [] : [{ verb: 'repair', text: repair } as const]),
    ...(log === undefined ? [] : [{ verb: 'see', text: `log ${log}` } as const]),
  ];
}

const failureColumns = columnsOf('left', 'image', 'fault', 'remedy');

function failuresSection({ imageFailures }: MirrorCheck, rows: number): string {
  if (imageFailures.length === 0) return '';
  const shown = imageFailures
    .slice(0, rows)
    .map(({ origin, message, hint = '' }) => [
      markdownCode(origin),
      escapeMarkdown(shortenDigests(message)),
      escapeMarkdown(hint),
    ]);
  const rest = imageFailures.length - shown.length;
  const more = rest > 0 ? `\n\n… and ${formatNumber(rest)} more, in the log.` : '';
  return `${markdownTable(failureColumns, shown)}${more}`;
}

function notesSection({ notes }: MirrorCheck, lines: number): string {
  const items = notes.map((note) => `- ${escapeMarkdown(note)}`);
  return cutLines(items, lines, (rest) => `- … ${rest} more`).join('\n');
}

function newsSection({ news = [] }: MirrorCheck, lines: number): string {
  if (news.length === 0) return '';
  return ['#### New upstream', ...markdownFindings(news, lines)].join('\n\n');
}

/** Everything that a summary of a check shows beside it. */
export interface CheckOptions {
  readonly target: string;
  readonly deed: CheckDeed;
  /** Bytes that fit. */
  readonly limit?: number;
}

function checkSections(check: MirrorCheck, { rows, lines }: Allowance): readonly string[] {
  return [failuresSection(check, rows), notesSection(check, lines), newsSection(check, lines)];
}

const headings: Readonly<Record<CheckDeed, string>> = {
  verified: 'Mirror check',
  restored: 'Mirror restored',
  'can restore': 'Mirror restore, tried only',
};

/** Writes a check in Markdown; its lists shrink until it fits. */
export function renderCheck(
  check: MirrorCheck,
  { target, deed, limit = summaryLimit }: CheckOptions,
): string {
  const render = (allowance: Allowance): Sections => ({
    head: [
      `### ${headings[deed]} · ${markdownCode(target)}`,
      ...(check.isIdle ? [] : [`**${capitalize(describeCheck(check, deed))}.**`]),
      ...checkSections(check, allowance),
    ],
  });
  return fitLimit(summaryAllowances, render, { limit, measure: countBytes });
}

/** The characters of a target in a title; GitHub refuses titles of more than 256. */
const longestTarget = 200;

/** The key of the marker of issues: no comment on a plan has it. */
const issueKey = 'verify';

/**
 * Writes the issue of a mirror that is not whole: its title, and its body with a hidden marker in its first line.
 *
 * Runs that find the same write the same, apart from the link to the run.
 */
export function renderCheckIssue(
  check: MirrorCheck,
  { target, runUrl }: { readonly target: string; readonly runUrl?: string | undefined },
): { readonly title: string; readonly body: string } {
  const marker = formatCommentMarker({ target, plan: undefined, key: issueKey });
  const render = (allowance: Allowance): Sections => ({
    head: [
      `${marker}\n**The mirror ${markdownCode(target)} is not whole: ${describeCheck(check, 'verified')}.**`,
      ...checkSections(check, allowance),
    ],
    tail: [
      'The next check edits this issue, and closes it when the mirror is whole again.',
      markdownLink('The run with its log', runUrl),
    ],
  });
  return {
    title: `The mirror ${clip(textSentence(target), longestTarget)} is not whole`,
    body: fitLimit(summaryAllowances, render, { limit: commentLimit, measure: countCharacters }),
  };
}
