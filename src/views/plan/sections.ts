import type { Diagnostic } from '../../diagnostic.ts';
import type { Action, Plan } from '../../plan/index.ts';
import {
  columnsOf,
  cutLines,
  describeEdit,
  escapeMarkdown,
  formatNumber,
  markdownAlert,
  markdownBlock,
  markdownTable,
  paragraphToMarkdown,
  phraseToMarkdown,
  type Sections,
} from '../text/index.ts';
import { describeAttached } from './attached.ts';
import { operatorsSection, resourcesSection } from './cluster-sections.ts';
import { markdownFindings } from './findings.ts';
import { headlineOf } from './headline.ts';
import { type ListOptions, listSections } from './lists.ts';
import { type Pages, pagesOf } from './pages.ts';
import { findRisks } from './risks.ts';
import { describeTotals } from './totals-rows.ts';

/** Writes why a plan, or the rest of one, waits, and how to approve it. Views begin with it. */
export function refusalSection(refusals: readonly Diagnostic[] = []): string {
  if (refusals.length === 0) return '';
  const paragraphs = refusals.flatMap(({ summary, detail = '', fix }) => [
    escapeMarkdown(summary),
    escapeMarkdown(detail),
    ...(fix === undefined ? [] : ['Start the workflow with:', markdownBlock('yaml', fix)]),
  ]);
  return markdownAlert('WARNING', paragraphs);
}

/** Writes the first line, the one bold sentence of a view. */
export function headlineSection(plan: Plan): string {
  return `**${phraseToMarkdown(headlineOf(plan).first)}**`;
}

/** Writes the possible losses of a cluster in a box, and then the rest of the first words. */
function afterHeadline(plan: Plan): readonly string[] {
  const { danger, rest } = headlineOf(plan);
  return [
    danger.length === 0 ? '' : markdownAlert('CAUTION', [paragraphToMarkdown(danger)]),
    paragraphToMarkdown(rest),
  ];
}

const totalsColumns = [
  ...columnsOf('left', ''),
  ...columnsOf('right', 'images', 'size'),
  ...columnsOf('left', ''),
];

function totalsSection(plan: Plan): string {
  const rows = describeTotals(plan).map(({ action, count, size, note }) => [
    action,
    formatNumber(count),
    // A narrow screen must not part a number from its unit.
    size.replaceAll(' ', '\u00a0'),
    phraseToMarkdown(note),
  ]);
  return rows.length > 0 ? markdownTable(totalsColumns, rows) : '';
}

function bullets(title: string, lines: readonly string[], limit: number): string {
  if (lines.length === 0) return '';
  const shown = cutLines(lines, limit, (rest) => `… ${rest} more in the report.`);
  return [`#### ${title}`, '', ...shown.map((line) => `- ${line}`)].join('\n');
}

function whySection({ edits }: Plan, { lines, pages }: ListOptions): string {
  const written = edits.map((edit) =>
    phraseToMarkdown(describeEdit(edit), edit.to === undefined ? pages.base : pages.head),
  );
  return bullets('Why', written, lines);
}

function findingsSection({ diagnostics }: Plan, { lines, pages }: ListOptions): string {
  if (diagnostics.length === 0) return '';
  return `#### Findings\n\n${markdownFindings(diagnostics, lines, pages.head).join('\n\n')}`;
}

/** The order of lists: held and removed images come first, because they need the most attention. */
const listedActions: readonly Action[] = ['hold', 'delete', 'untag', 'mirror', 'retag'];

/** Writes the folded lists of everything that a plan does or holds. Without pages no line is linked. */
export function actionLists(
  plan: Plan,
  options: Omit<ListOptions, 'pages'> & { readonly pages?: Pages },
): readonly string[] {
  const { pages = pagesOf(plan, {}), ...others } = options;
  return listedActions.flatMap((action) => listSections(plan, action, { ...others, pages }));
}

/**
 * Prepares the sections that comment and summary have in common: the headline, totals, reasons, risks, findings, operators,
 * cluster resources.
 *
 * A view is written again for each allowance; whatever does not depend on the allowance is computed once.
 */
export function commonSections(plan: Plan): (options: ListOptions) => Sections {
  const head = [
    headlineSection(plan),
    ...afterHeadline(plan),
    totalsSection(plan),
    paragraphToMarkdown(describeAttached(plan)),
  ];
  const risks = findRisks(plan).map(({ text }) => phraseToMarkdown(text));
  return (options) => ({
    head: [
      ...head,
      bullets('Before you approve', risks, options.lines),
      whySection(plan, options),
      findingsSection(plan, options),
    ],
    lists: [
      operatorsSection(plan, options),
      resourcesSection(plan, options),
      ...actionLists(plan, options),
    ],
  });
}
