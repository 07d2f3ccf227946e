import { type Diagnostic, hasSeverity } from '../../diagnostic.ts';
import type { Plan } from '../../plan/index.ts';
import {
  type Allowance,
  countCharacters,
  describeRange,
  fitLimit,
  formatCommentMarker,
  formatDuration,
  joinSections,
  markdownCode,
  markdownLink,
  phraseToMarkdown,
  planName,
  type RunMark,
  type Sections,
  say,
} from '../text/index.ts';
import { shownPlan } from './attached.ts';
import { countFindings, markdownFindings } from './findings.ts';
import { hasDeeds } from './headline.ts';
import { notReceivedSection } from './not-received.ts';
import { pageOf, pagesOf } from './pages.ts';
import { commonSections, headlineSection, refusalSection } from './sections.ts';
import { targetName } from './words.ts';

/** Everything that a comment shows beside its plan. */
export interface CommentOptions {
  /** The target as the host's inputs name it, for the marker; else as the plan names it. */
  readonly target?: string | undefined;
  /** Which run writes the comment. */
  readonly mark?: RunMark | undefined;
  /** Characters that fit, the marker included. */
  readonly limit?: number | undefined;
  /** Page of the artifact with the report and the lists. */
  readonly artifactUrl?: string | undefined;
  /** The page of the run that planned. */
  readonly runUrl?: string | undefined;
  /** Address before the commit on pages that show files: `https://github.com/acme/mirrors/blob`. */
  readonly sourceUrl?: string | undefined;
  /** How long planning took. */
  readonly durationMs?: number | undefined;
  /** Reasons why an apply refused the plan. The comment begins with them, and nothing in it counts as a review. */
  readonly refusals?: readonly Diagnostic[] | undefined;
}

/** GitHub's limit for the body of a comment, in characters. */
export const commentLimit = 65_536;

/** The steps in which the lists of a comment shrink. */
export const commentAllowances: readonly Allowance[] = [
  { rows: 200, lines: 50 },
  { rows: 50, lines: 20 },
  { rows: 10, lines: 10 },
  { rows: 10, lines: 3 },
];

/** Writes the title of a comment. */
export function commentTitle(target: string): string {
  return `### Mirror plan · ${markdownCode(target)}`;
}

function isRefused({ refusals = [] }: CommentOptions): boolean {
  return refusals.length > 0;
}

function footer(plan: Plan, options: CommentOptions): string {
  const { artifactUrl, durationMs, runUrl } = options;
  const lead = isRefused(options) ? 'It waits for an approval' : 'Merging applies exactly this';
  const what = phraseToMarkdown(say`${lead}: plan ${planName(plan)}, ${describeRange(plan)}`);
  const parts = [
    what,
    ...(isRefused(options) ? [] : ['a further commit plans again']),
    ...(artifactUrl === undefined ? [] : [markdownLink('report and lists', artifactUrl)]),
    ...(runUrl === undefined ? [] : [markdownLink('run', runUrl)]),
    ...(durationMs === undefined ? [] : [formatDuration(durationMs)]),
  ];
  return parts.join(' · ');
}

function isQuiet(plan: Plan): boolean {
  return !hasDeeds(plan) && plan.totals.hold === 0 && plan.diagnostics.length === 0;
}

/**
 * Writes the comment of a plan for its pull request: Markdown, one line when nothing changes.
 *
 * The first line is a hidden marker that holds the target and the whole digest of the plan; lists shrink until the
 * comment, marker included, fits its limit.
 */
export function renderComment(planned: Plan, options: CommentOptions = {}): string {
  const { limit = commentLimit } = options;
  const plan = shownPlan(planned);
  const shown = targetName(plan);
  const marker = formatCommentMarker({
    ...options.mark,
    target: options.target ?? shown,
    plan: isRefused(options) ? undefined : plan.digest,
  });
  if (isQuiet(plan) && !isRefused(options)) {
    const line = `${headlineSection(plan)} ${markdownCode(shown)}, plan ${phraseToMarkdown(planName(plan))}.`;
    const others = notReceivedSection(plan, { rows: 0, lines: 20 });
    return `${marker}\n${joinSections([line, others])}\n`;
  }
  const common = commonSections(plan);
  const pages = pagesOf(plan, { sourceUrl: options.sourceUrl, commit: options.mark?.head });
  const render = (allowance: Allowance): Sections => {
    const { head, lists = [] } = common({ ...allowance, pages });
    const refusal = refusalSection(options.refusals);
    const first = refusal === '' ? commentTitle(shown) : `${refusal}\n\n${commentTitle(shown)}`;
    return {
      head: [`${marker}\n${first}`, ...head],
      lists: [...lists, notReceivedSection(plan, allowance)],
      tail: [footer(plan, options)],
    };
  };
  return fitLimit(commentAllowances, render, { limit, measure: countCharacters });
}

/** Writes the comment of a run without a plan: each finding with its place and its remedy. */
export function renderFindings(
  findings: readonly Diagnostic[],
  options: CommentOptions & { readonly target: string },
): string {
  const { target, artifactUrl, runUrl, limit = commentLimit } = options;
  const verdict = hasSeverity(findings, 'error') ? 'No plan can be made' : 'No plan was made';
  const counted = findings.length > 0 ? `: ${countFindings(findings)}` : '';
  const marker = formatCommentMarker({ ...options.mark, target, plan: undefined });
  const page = pageOf(options.sourceUrl, options.mark?.head);
  const render = ({ lines }: Allowance): Sections => ({
    head: [
      `${marker}\n${commentTitle(target)}`,
      `**${verdict}${counted}; nothing was or will be changed.**`,
      ...markdownFindings(findings, lines, page),
    ],
    tail: [
      [
        ...(artifactUrl === undefined ? [] : [markdownLink('log and files', artifactUrl)]),
        ...(runUrl === undefined ? [] : [markdownLink('run', runUrl)]),
      ].join(' · '),
    ],
  });
  return fitLimit(commentAllowances, render, { limit, measure: countCharacters });
}
