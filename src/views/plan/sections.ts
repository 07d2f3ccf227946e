import type { Diagnostic } from '../../diagnostic.ts';
import type { Action, Change, Plan } from '../../plan/index.ts';
import type { Allowance, Phrase } from '../text/index.ts';
import {
  amountOf,
  type Column,
  causeOf,
  describeEdit,
  escapeMarkdown,
  formatBytes,
  formatCount,
  formatNumber,
  markdownBlock,
  markdownCode,
  markdownDetails,
  markdownTable,
  phraseToMarkdown,
  shortDigest,
} from '../text/index.ts';
import { operatorsSection, resourcesSection } from './cluster-sections.ts';
import { markdownFindings } from './findings.ts';
import { type ChangeGroup, cutGroups, groupChanges } from './groups.ts';
import { describePlan } from './headline.ts';
import { describeReason, describeRemedy } from './reasons.ts';
import { findRisks } from './risks.ts';
import { describeTotals } from './totals-rows.ts';
import { actionList, placeName } from './words.ts';

/** Writes why a plan, or the rest of one, waits, and how to approve it. Views begin with it. */
export function refusalSection(refusals: readonly Diagnostic[] = []): string {
  return refusals
    .flatMap(({ summary, detail = '', fix }) => [
      `**${escapeMarkdown(summary)}**`,
      `${escapeMarkdown(detail)}${fix === undefined ? '' : `\n\n${markdownBlock('yaml', fix)}`}`,
    ])
    .join('\n\n');
}

/** Writes the first line. */
export function headlineSection(plan: Plan): string {
  return `**${describePlan(plan).map(phraseToMarkdown).join(' ')}**`;
}

const totalsColumns: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'images', align: 'right' },
  { title: 'size', align: 'right' },
  { title: '', align: 'left' },
];

/** Writes the table of totals. */
function totalsSection(plan: Plan): string {
  const rows = describeTotals(plan).map(({ action, count, size, note }) => [
    action,
    formatNumber(count),
    size,
    phraseToMarkdown(note),
  ]);
  return rows.length > 0 ? markdownTable(totalsColumns, rows) : '';
}

function bullets(title: string, lines: readonly Phrase[], limit: number): string {
  if (lines.length === 0) return '';
  const rest = lines.length - limit;
  const shown = lines.slice(0, limit).map((line) => `- ${phraseToMarkdown(line)}`);
  const more = rest > 0 ? [`- … ${formatNumber(rest)} more in the report.`] : [];
  return [`**${title}**`, '', ...shown, ...more].join('\n');
}

/** Writes what the author changed. */
function whySection({ edits }: Plan, { lines }: Allowance): string {
  return bullets('Why', edits.map(describeEdit), lines);
}

/** Writes the findings of a plan. */
function findingsSection({ diagnostics }: Plan, { lines }: Allowance): string {
  if (diagnostics.length === 0) return '';
  return `**Findings**\n\n${markdownFindings(diagnostics, lines)}`;
}

/** A column of a list, and how its cells are written. */
interface ListColumn extends Column {
  readonly cell: (change: Change) => string;
}

const imageColumn: ListColumn = {
  title: 'image',
  align: 'left',
  cell: (change) => markdownCode(placeName(change)),
};

const reasonColumn: ListColumn = {
  title: 'because',
  align: 'left',
  cell: (change) => phraseToMarkdown(describeReason(change)),
};

const causeColumn: ListColumn = {
  title: 'asked for in',
  align: 'left',
  cell(change) {
    const cause = causeOf(change);
    return cause === '' ? '' : markdownCode(cause);
  },
};

const changeColumns: readonly ListColumn[] = [
  imageColumn,
  { title: 'digest', align: 'left', cell: ({ digest }) => markdownCode(shortDigest(digest)) },
  {
    title: 'size',
    align: 'right',
    cell(change) {
      const amount = amountOf(change);
      return amount === undefined ? '–' : formatBytes(amount);
    },
  },
  reasonColumn,
  causeColumn,
];

const heldColumns: readonly ListColumn[] = [
  imageColumn,
  reasonColumn,
  {
    title: 'if it should go',
    align: 'left',
    cell: (change) => phraseToMarkdown(describeRemedy(change)),
  },
];

/** Gives the text of a column when it is the same for every change. */
function sameForAll({ cell }: ListColumn, changes: readonly Change[]): string | undefined {
  const cells = new Set(changes.map(cell));
  return cells.size === 1 && changes.length > 1 ? [...cells][0] : undefined;
}

/** Writes one group as a table. A text that is the same in every row stands once, above it. */
function groupTable({ title, changes }: ChangeGroup, columns: readonly ListColumn[]): string {
  const told = columns.map((column) => ({ column, same: sameForAll(column, changes) }));
  const common = told.flatMap(({ column, same }) =>
    same === undefined || same === '' || column.align === 'right'
      ? []
      : [`${column.title} ${same}`],
  );
  const varying = told.flatMap(({ column, same }) =>
    same === undefined || column.align === 'right' ? [column] : [],
  );
  const count = formatCount(changes.length, 'image');
  const heading = [`**${escapeMarkdown(title)}**`, count, ...common].join(' · ');
  const rows = changes.map((change) => varying.map(({ cell }) => cell(change)));
  return `${heading}\n\n${markdownTable(varying, rows)}`;
}

/** Writes the folded list of one action by groups, and counts the changes beyond the allowance. */
export function listSection(plan: Plan, action: Action, { rows }: Allowance): string {
  const groups = groupChanges(plan, action);
  const total = plan.totals[action];
  if (total === 0 || rows === 0) return '';
  const columns = action === 'hold' ? heldColumns : changeColumns;
  const tables = cutGroups(groups, rows).map((group) => groupTable(group, columns));
  if (total > rows) tables.push(`… and ${formatNumber(total - rows)} more, in the report.`);
  const summary = `${formatNumber(total)} ${actionList[action]}`;
  return markdownDetails(summary, tables.join('\n\n'));
}

/**
 * Prepares the sections that comment and summary have in common: the headline, totals, reasons, risks, findings, operators,
 * cluster resources.
 *
 * A view is written again for each allowance; whatever does not depend on the allowance is computed once.
 */
export function commonSections(plan: Plan): (allowance: Allowance) => readonly string[] {
  const head = [headlineSection(plan), totalsSection(plan)];
  const risks = findRisks(plan).map(({ text }) => text);
  return (allowance) => [
    ...head,
    whySection(plan, allowance),
    bullets('Before you approve', risks, allowance.lines),
    findingsSection(plan, allowance),
    operatorsSection(plan, allowance),
    resourcesSection(plan, allowance),
  ];
}

/** Joins sections with an empty line between them; empty ones are left out. */
export function joinSections(sections: readonly string[]): string {
  return sections.filter((section) => section !== '').join('\n\n');
}
