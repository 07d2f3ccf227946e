import type { Outcome, Result } from '../../apply/index.ts';
import { isAttached } from '../../imageset/index.ts';
import {
  placeName,
  refusalSection,
  summaryAllowances,
  summaryLimit,
  targetName,
} from '../plan/index.ts';
import {
  type Allowance,
  columnsOf,
  countBytes,
  cutLines,
  escapeMarkdown,
  fitLimit,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  markdownCode,
  markdownDetails,
  markdownTable,
  paragraphToMarkdown,
  phraseToMarkdown,
  planName,
  type Sections,
  shortDigest,
} from '../text/index.ts';
import { elapsedMs, failuresOf } from './count.ts';
import { describeOutcome, describeResult, describeUndo } from './headline.ts';

const failureColumns = columnsOf('left', 'image', 'what went wrong');

const outcomeColumns = [
  ...columnsOf('left', 'image', 'digest', 'outcome'),
  ...columnsOf('right', 'moved', 'time'),
];

function outcomeRow(outcome: Outcome): string[] {
  const { change } = outcome;
  const [bytes, ms] = outcome.result === 'done' ? [outcome.bytes, outcome.ms] : [0, 0];
  return [
    markdownCode(placeName(change)),
    markdownCode(shortDigest(change.digest)),
    phraseToMarkdown(describeOutcome(outcome)),
    bytes > 0 ? formatBytes(bytes) : '–',
    ms > 0 ? formatDuration(ms) : '–',
  ];
}

function failuresSection(result: Result, { rows }: Allowance): string {
  const failures = failuresOf(result);
  if (failures.length === 0) return '';
  const limit = Math.max(10, rows);
  const shown = failures
    .slice(0, limit)
    .map((one) => [markdownCode(placeName(one.change)), phraseToMarkdown(describeOutcome(one))]);
  const rest = failures.length - shown.length;
  const more = rest > 0 ? `\n\n… and ${formatNumber(rest)} more, in the report.` : '';
  return `#### Failed\n\n${markdownTable(failureColumns, shown)}${more}`;
}

function notesSection({ notes }: Result, { lines }: Allowance): string {
  if (notes.length === 0) return '';
  const items = notes.map((note) => `- ${escapeMarkdown(note)}`);
  return ['#### Mind', '', ...cutLines(items, lines, (rest) => `- … ${rest} more`)].join('\n');
}

function actionSection(result: Result, action: Outcome['change']['action'], rows: number): string {
  const outcomes = result.outcomes.filter(
    ({ change }) => change.action === action && !isAttached(change),
  );
  if (outcomes.length === 0 || rows === 0) return '';
  const table = markdownTable(outcomeColumns, outcomes.slice(0, rows).map(outcomeRow));
  const rest = outcomes.length - rows;
  const more = rest > 0 ? `\n\n… and ${formatNumber(rest)} more, in the report.` : '';
  return markdownDetails(`${action}: ${formatCount(outcomes.length, 'image')}`, table + more);
}

function effortSection(result: Result): string {
  const { requests, writes, retries, bytesReceived, bytesSent } = result.traffic;
  const facts = [
    `${formatDuration(elapsedMs(result))}`,
    `${formatCount(requests, 'request')}, of these ${formatCount(writes, 'write')} and ${formatCount(retries, 'retry', 'retries')}`,
    `${formatBytes(bytesReceived)} received, ${formatBytes(bytesSent)} sent`,
    `${formatCount(result.verified, 'image')} verified`,
  ];
  const plan = `Plan ${phraseToMarkdown(planName(result.plan))}, by ${escapeMarkdown(result.plan.tool)}.`;
  return `${facts.join(' · ')}\n\n${plan}`;
}

/** Writes the job summary of an apply; lists shrink until it fits `limit` bytes. */
export function renderResultSummary(
  result: Result,
  { limit = summaryLimit }: { readonly limit?: number } = {},
): string {
  const render = (allowance: Allowance): Sections => ({
    head: [
      refusalSection(result.waiting?.reasons),
      `## Mirror result · ${markdownCode(targetName(result.plan))}`,
      `**${paragraphToMarkdown(describeResult(result))}**`,
      paragraphToMarkdown(describeUndo(result)),
      failuresSection(result, allowance),
      notesSection(result, allowance),
    ],
    lists: (['mirror', 'retag', 'delete', 'untag', 'hold'] as const).map((action) =>
      actionSection(result, action, allowance.rows),
    ),
    tail: [effortSection(result)],
  });
  return fitLimit(summaryAllowances, render, { limit, measure: countBytes });
}
