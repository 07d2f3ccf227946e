import { compareText } from '../../base/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { type Action, isOfPlace, isRemoval, type Plan } from '../../plan/index.ts';
import {
  type Allowance,
  type Column,
  columnsOf,
  countBytes,
  describeRange,
  fitLimit,
  formatDuration,
  formatNumber,
  markdownCode,
  markdownLink,
  markdownTable,
  name,
  type Phrase,
  phraseToMarkdown,
  phraseToText,
  planName,
  type Sections,
  say,
  shortDigest,
} from '../text/index.ts';
import { shownPlan } from './attached.ts';
import { countFindings, markdownFindings } from './findings.ts';
import { notReceivedSection } from './not-received.ts';
import { pagesOf, type SourcePages } from './pages.ts';
import { commonSections, refusalSection } from './sections.ts';
import { actionOrder, kindName, targetName } from './words.ts';

/** Everything that a job summary shows beside its plan. */
export interface SummaryOptions extends SourcePages {
  /** Bytes that fit. */
  readonly limit?: number | undefined;
  readonly artifactUrl?: string | undefined;
  readonly durationMs?: number | undefined;
  /** Reasons why an apply refused the plan. The summary begins with them. */
  readonly refusals?: readonly Diagnostic[] | undefined;
}

/** GitHub's limit for the summary of one step, in bytes. */
export const summaryLimit = 1_048_576;

/** From the most generous to the smallest. */
export const summaryAllowances: readonly Allowance[] = [
  { rows: 2000, lines: 500 },
  { rows: 500, lines: 100 },
  { rows: 200, lines: 50 },
  { rows: 20, lines: 20 },
  { rows: 10, lines: 5 },
];

function countColumns(first: string): readonly Column[] {
  return [...columnsOf('left', first), ...columnsOf('right', ...actionOrder)];
}

/** Counts the changes of each key by action. */
function countTable(plan: Plan, first: string, keysOf: KeysOf): string {
  const counts = new Map<string, Map<Action, number>>();
  for (const change of plan.changes) {
    for (const key of new Set(keysOf(change))) {
      const found = counts.get(key) ?? new Map<Action, number>();
      counts.set(key, found.set(change.action, (found.get(change.action) ?? 0) + 1));
    }
  }
  const rows = [...counts]
    .sort(([a], [b]) => compareText(a, b))
    .slice(0, 100)
    .map(([key, found]) => [
      first === 'kind' ? key : markdownCode(key),
      ...actionOrder.map((action) => formatNumber(found.get(action) ?? 0)),
    ]);
  return rows.length > 0 ? markdownTable(countColumns(first), rows) : '';
}

type KeysOf = (change: Plan['changes'][number]) => readonly string[];

/** Says which of the two files for other tools is safe to use; nothing where the plan removes nothing. */
function adviseDeleteFiles({ changes }: Plan): Phrase | undefined {
  if (!changes.some((change) => isOfPlace(change) && isRemoval(change))) return undefined;
  return say`For oc-mirror take ${name('delete-images.yaml')}: it leaves out images that something kept shares. Never give it ${name('delete-imageset-config.yaml')}, which is for people to read: by that file oc-mirror can delete images that stay.`;
}

/** Gives the same sentence as lines of a terminal. */
export function describeDeleteFiles(plan: Plan): readonly string[] {
  const advice = adviseDeleteFiles(plan);
  return advice ? [phraseToText(advice)] : [];
}

function computedSection(plan: Plan, options: SummaryOptions): string {
  const { artifactUrl, durationMs, refusals = [] } = options;
  const next = refusals.length > 0 ? 'It waits for an approval.' : 'Applying does exactly this.';
  const how = phraseToMarkdown(
    say`Plan ${planName(plan)}, ${describeRange(plan)}, by ${plan.tool}. ${next}`,
  );
  const sets = plan.imageSets
    .slice(0, 50)
    .map(({ name, digest }) => `${markdownCode(name)} ${markdownCode(shortDigest(digest))}`);
  const advice = adviseDeleteFiles(plan);
  return [
    how,
    ...(advice ? [phraseToMarkdown(advice)] : []),
    ...(sets.length > 0 ? [`Image sets: ${sets.join(', ')}`] : []),
    ...(artifactUrl === undefined ? [] : [markdownLink('Report and lists', artifactUrl)]),
    ...(durationMs === undefined ? [] : [`Planned in ${formatDuration(durationMs)}.`]),
  ].join('\n\n');
}

/**
 * Writes the job summary of a plan: like the comment, with longer lists, and with counts by image set and by kind.
 *
 * Lists shrink until the summary fits its limit.
 */
export function renderSummary(planned: Plan, options: SummaryOptions = {}): string {
  const { limit = summaryLimit } = options;
  const plan = shownPlan(planned);
  const common = commonSections(plan);
  const pages = pagesOf(plan, options);
  const refusal = refusalSection(options.refusals);
  const render = (allowance: Allowance): Sections => {
    const { head, lists = [] } = common({ ...allowance, pages });
    return {
      head: [refusal, `## Mirror plan · ${markdownCode(targetName(plan))}`, ...head],
      lists: [
        ...lists,
        countTable(plan, 'image set', ({ causes }) =>
          causes.map(({ imageSet }) => imageSet),
        ).replace(/^(?=.)/, '#### Counts\n\n'),
        countTable(plan, 'kind', ({ kind }) => [kindName[kind]]),
        notReceivedSection(plan, allowance),
      ],
      tail: [computedSection(plan, options)],
    };
  };
  return fitLimit(summaryAllowances, render, { limit, measure: countBytes });
}

/** Writes the job summary of a run without a plan. */
export function renderFindingsSummary(
  findings: readonly Diagnostic[],
  { target, limit = summaryLimit }: { readonly target: string; readonly limit?: number },
): string {
  const render = ({ lines }: Allowance): Sections => ({
    head: [
      `## Mirror plan · ${markdownCode(target)}`,
      `**No plan can be made: ${countFindings(findings) || 'see the log'}; nothing was or will be changed.**`,
      ...markdownFindings(findings, lines),
    ],
  });
  return fitLimit(summaryAllowances, render, { limit, measure: countBytes });
}
