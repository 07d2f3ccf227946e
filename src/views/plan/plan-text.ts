import type { Action, Change, Plan } from '../../plan/index.ts';
import {
  alignColumns,
  amountOf,
  cutLines,
  describeEdit,
  describeRange,
  escapeLogLine,
  formatBytes,
  formatCount,
  formatNumber,
  type Phrase,
  phraseToText,
  planName,
  say,
  shortDigest,
} from '../text/index.ts';
import { attachedLines, shownPlan } from './attached.ts';
import { formatFindings } from './findings.ts';
import { groupChanges } from './groups.ts';
import { describePlan } from './headline.ts';
import { describeNotReceived } from './not-received.ts';
import { describeReason, describeRemedy } from './reasons.ts';
import { diffResources } from './resource-diff.ts';
import { findRisks } from './risks.ts';
import { describeTotals } from './totals-rows.ts';
import { actionList, actionSign, placeName, targetName } from './words.ts';

/** The amounts that a text shows: images of each action, and lines of edits, risks and resources. */
interface Amounts {
  readonly images: number;
  readonly lines: number;
}

/** The most that is shown; the files have all. */
const most: Amounts = { images: 20, lines: 20 };

/** The amounts to try where a text has to fit a screen, the most first. */
const steps: readonly Amounts[] = [
  most,
  { images: 10, lines: 12 },
  { images: 5, lines: 8 },
  { images: 3, lines: 5 },
  { images: 0, lines: 5 },
  { images: 0, lines: 3 },
  { images: 0, lines: 1 },
];

function totalsLines(plan: Plan): string[] {
  const rows = describeTotals(plan).map(({ action, count, size, note }) => [
    `${actionSign[action]} ${action}`,
    formatNumber(count),
    size,
    phraseToText(note),
  ]);
  const lines = [
    ...alignColumns(rows, ['left', 'right', 'right', 'left']),
    ...attachedLines(plan),
  ].map((line) => `  ${line}`);
  return lines.length > 0 ? ['', ...lines] : [];
}

function paragraph(title: string, phrases: readonly Phrase[], { lines }: Amounts): string[] {
  if (phrases.length === 0) return [];
  const items = phrases.map((phrase) => `  * ${phraseToText(phrase)}`);
  return ['', title, ...cutLines(items, lines, (rest) => `  * ${rest} more`)];
}

function resourceLines(plan: Plan, amounts: Amounts): string[] {
  const lines = diffResources(plan);
  if (lines.length === 0) return [];
  const rest = lines.length - amounts.lines;
  const shown = lines
    .slice(0, amounts.lines)
    .map(({ sign, text }) => `  ${sign} ${text}`.trimEnd());
  const more = rest > 0 ? [`    ${formatCount(rest, 'more line')} in the report`] : [];
  return ['', 'Cluster resources', ...shown, ...more];
}

function imageRow(change: Change): string[] {
  const amount = amountOf(change);
  const bytes = amount === undefined ? '' : formatBytes(amount);
  return [`${actionSign[change.action]} ${placeName(change)}`, shortDigest(change.digest), bytes];
}

function heldLines(change: Change): string[] {
  const why = say`${describeReason(change)}. ${describeRemedy(change)}`;
  return [`  ! ${placeName(change)}`, `      ${phraseToText(why)}`];
}

function imageLines(plan: Plan, action: Action, { images }: Amounts): string[] {
  const changes = groupChanges(plan, action).flatMap((group) => group.changes);
  if (changes.length === 0 || images === 0) return [];
  const shown = changes.slice(0, images);
  const rest = changes.length - shown.length;
  const lines =
    action === 'hold'
      ? shown.flatMap(heldLines)
      : alignColumns(shown.map(imageRow), ['left', 'left', 'right']).map((line) => `  ${line}`);
  const more = rest > 0 ? [`    ${formatCount(rest, 'more image')} in the plan's files`] : [];
  return ['', `${formatNumber(changes.length)} ${actionList[action]}`, ...lines, ...more];
}

function planLines(plan: Plan, amounts: Amounts, findings: string): readonly string[] {
  const lines = [
    `Mirror plan for ${targetName(plan)}`,
    '',
    describePlan(plan).map(phraseToText).join(' '),
    ...totalsLines(plan),
    ...paragraph('Why', plan.edits.map(describeEdit), amounts),
    ...paragraph(
      'Before you approve',
      findRisks(plan).map(({ text }) => text),
      amounts,
    ),
    ...resourceLines(plan, amounts),
    ...(findings === '' ? [] : ['', 'Findings', ...findings.split('\n')]),
    ...(['mirror', 'retag', 'delete', 'untag', 'hold'] as const).flatMap((action) =>
      imageLines(plan, action, amounts),
    ),
    ...paragraph('Not part of this run', describeNotReceived(plan), amounts),
    '',
    phraseToText(say`Plan ${planName(plan)}, ${describeRange(plan)}.`),
  ];
  return lines.map(escapeLogLine);
}

/**
 * Writes a plan for a terminal or a log: the headline, totals, reasons and risks, then images by what becomes of them.
 *
 * A terminal or a runner obeys nothing in it, whatever names it holds.
 */
export function renderPlanText(planned: Plan): string {
  const plan = shownPlan(planned);
  const findings = formatFindings(plan.diagnostics).trimEnd();
  return `${planLines(plan, most, findings).join('\n')}\n`;
}

/** Counts the rows that lines take on a screen, which breaks long ones. */
function countRows(lines: readonly string[], columns: number): number {
  const rows = lines.map((line) => Math.max(1, Math.ceil(line.length / columns)));
  return rows.reduce((sum, count) => sum + count, 0);
}

/**
 * Writes a plan for one screen of so many rows and columns, without its findings: lists shrink until the text fits, and the
 * files have the rest. The headline, the totals and the first line of each list are shown on the smallest screen too.
 */
export function renderPlanScreen(
  planned: Plan,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string {
  const plan = shownPlan(planned);
  const texts = steps.map((amounts) => planLines(plan, amounts, ''));
  const fitting = texts.find((lines) => countRows(lines, columns) <= rows);
  return `${(fitting ?? texts.at(-1) ?? []).join('\n')}\n`;
}
