import type { Action, Change, Plan } from '../../plan/index.ts';
import {
  alignColumns,
  amountOf,
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

/** Images of each action that a terminal lists; the files have all. */
const maxImages = 20;

/** Edits and risks that a terminal lists. */
const maxLines = 20;

function totalsLines(plan: Plan): string[] {
  const rows = describeTotals(plan).map(({ action, count, size, note }) => [
    `${actionSign[action]} ${action}`,
    formatNumber(count),
    size,
    phraseToText(note),
  ]);
  return alignColumns(rows, ['left', 'right', 'right', 'left']).map((line) => `  ${line}`);
}

function paragraph(title: string, phrases: readonly Phrase[]): string[] {
  if (phrases.length === 0) return [];
  const rest = phrases.length - maxLines;
  const shown = phrases.slice(0, maxLines).map((phrase) => `  * ${phraseToText(phrase)}`);
  return ['', title, ...shown, ...(rest > 0 ? [`  * ${rest} more`] : [])];
}

function resourceLines(plan: Plan): string[] {
  const lines = diffResources(plan);
  if (lines.length === 0) return [];
  const rest = lines.length - maxLines;
  const shown = lines.slice(0, maxLines).map(({ sign, text }) => `  ${sign} ${text}`.trimEnd());
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

function imageLines(plan: Plan, action: Action): string[] {
  const changes = groupChanges(plan, action).flatMap((group) => group.changes);
  if (changes.length === 0) return [];
  const shown = changes.slice(0, maxImages);
  const rest = changes.length - shown.length;
  const lines =
    action === 'hold'
      ? shown.flatMap(heldLines)
      : alignColumns(shown.map(imageRow), ['left', 'left', 'right']).map((line) => `  ${line}`);
  const more = rest > 0 ? [`    ${formatCount(rest, 'more image')} in the plan's files`] : [];
  return ['', `${formatNumber(changes.length)} ${actionList[action]}`, ...lines, ...more];
}

/**
 * Writes a plan for a terminal or a log: the headline, totals, reasons and risks, then images by what becomes of them.
 *
 * A terminal or a runner obeys nothing in it, whatever names it holds.
 */
export function renderPlanText(planned: Plan): string {
  const plan = shownPlan(planned);
  const findings = formatFindings(plan.diagnostics).trimEnd();
  const lines = [
    `Mirror plan for ${targetName(plan)}`,
    '',
    describePlan(plan).map(phraseToText).join(' '),
    '',
    ...totalsLines(plan),
    ...attachedLines(plan).map((line) => `  ${line}`),
    ...paragraph('Why', plan.edits.map(describeEdit)),
    ...paragraph(
      'Before you approve',
      findRisks(plan).map(({ text }) => text),
    ),
    ...resourceLines(plan),
    ...(findings === '' ? [] : ['', 'Findings', ...findings.split('\n')]),
    ...(['mirror', 'retag', 'delete', 'untag', 'hold'] as const).flatMap((action) =>
      imageLines(plan, action),
    ),
    ...paragraph('Not part of this run', describeNotReceived(plan)),
    '',
    phraseToText(say`Plan ${planName(plan)}, ${describeRange(plan)}.`),
  ];
  return `${lines.map(escapeLogLine).join('\n')}\n`;
}
