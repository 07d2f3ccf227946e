import { type Diagnostic, hasSeverity } from '../../diagnostic.ts';
import type { Plan } from '../../plan/index.ts';
import {
  type Allowance,
  countCharacters,
  describeRange,
  fitLimit,
  formatCommentMarker,
  formatDuration,
  markdownCode,
  markdownLink,
  phraseToMarkdown,
  planName,
  type RunMark,
  say,
} from '../text/index.ts';
import { countFindings, markdownFindings } from './findings.ts';
import { hasDeeds } from './headline.ts';
import { notReceivedSection } from './not-received.ts';
import {
  commonSections,
  headlineSection,
  joinSections,
  listSection,
  refusalSection,
} from './sections.ts';
import { withShortNames } from './short-names.ts';
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
  /** How long planning took. */
  readonly durationMs?: number | undefined;
  /** Reasons why an apply refused the plan. The comment begins with them, and nothing in it counts as a review. */
  readonly refusals?: readonly Diagnostic[] | undefined;
}

/** GitHub's limit for the body of a comment, in characters. */
export const commentLimit = 65_536;

const allowances: readonly Allowance[] = [
  { rows: 200, lines: 50 },
  { rows: 50, lines: 20 },
  { rows: 10, lines: 10 },
  { rows: 0, lines: 10 },
  { rows: 0, lines: 3 },
];

/** The facts of the hidden first line of a comment. */
interface Marked {
  readonly target: string;
  readonly plan?: string | undefined;
  readonly mark?: RunMark | undefined;
}

function withMarker(body: string, { target, plan, mark }: Marked): string {
  return `${formatCommentMarker({ ...mark, target, plan })}\n${body}\n`;
}

function heading(target: string): string {
  return `### Mirror plan · ${markdownCode(target)}`;
}

function isRefused({ refusals = [] }: CommentOptions): boolean {
  return refusals.length > 0;
}

function footer(plan: Plan, options: CommentOptions): string {
  const { artifactUrl, durationMs } = options;
  const lead = isRefused(options) ? 'It waits for an approval' : 'Merging applies exactly this';
  const what = phraseToMarkdown(say`${lead}: plan ${planName(plan)}, ${describeRange(plan)}`);
  const parts = [
    what,
    ...(artifactUrl === undefined ? [] : [markdownLink('report and lists', artifactUrl)]),
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
  const plan = withShortNames(planned);
  const shown = targetName(plan);
  const target = options.target ?? shown;
  if (isQuiet(plan) && !isRefused(options)) {
    const line = `${headlineSection(plan)} ${markdownCode(shown)}, plan ${phraseToMarkdown(planName(plan))}.`;
    const others = notReceivedSection(plan, { rows: 0, lines: 20 });
    return withMarker(joinSections([line, others]), {
      target,
      plan: plan.digest,
      mark: options.mark,
    });
  }
  const common = commonSections(plan);
  const render = (allowance: Allowance): string => {
    const sections = [
      refusalSection(options.refusals),
      heading(shown),
      ...common(allowance),
      ...(['hold', 'delete', 'untag', 'mirror', 'retag'] as const).map((action) =>
        listSection(plan, action, allowance),
      ),
      notReceivedSection(plan, allowance),
      footer(plan, options),
    ];
    return withMarker(joinSections(sections), {
      target,
      plan: isRefused(options) ? undefined : plan.digest,
      mark: options.mark,
    });
  };
  return fitLimit(allowances, render, {
    limit: options.limit ?? commentLimit,
    measure: countCharacters,
  });
}

/** Writes the comment of a run without a plan: each finding with its place and its remedy. */
export function renderFindings(
  findings: readonly Diagnostic[],
  options: CommentOptions & { readonly target: string },
): string {
  const { target, limit = commentLimit, artifactUrl } = options;
  const verdict = hasSeverity(findings, 'error') ? 'No plan can be made' : 'No plan was made';
  const counted = findings.length > 0 ? `: ${countFindings(findings)}` : '';
  const render = ({ lines }: Allowance): string => {
    const sections = [
      heading(target),
      `**${verdict}${counted}; nothing was or will be changed.**`,
      markdownFindings(findings, lines),
      artifactUrl === undefined ? '' : markdownLink('log and files', artifactUrl),
    ];
    return withMarker(joinSections(sections), { target, mark: options.mark });
  };
  return fitLimit(allowances, render, { limit, measure: countCharacters });
}

/**
 * Writes the text that replaces a comment whose plan is no longer valid. Its marker names no plan, so that nobody can
 * approve the old one.
 */
export function renderSuperseded(
  plan: Pick<Plan, 'digest' | 'target'>,
  { target, reason }: { readonly target?: string | undefined; readonly reason: string },
): string {
  const text = say`Plan ${planName(plan)} no longer holds: ${reason}`;
  const body = `${heading(targetName(plan))}\n\n${phraseToMarkdown(text)}`;
  return withMarker(body, { target: target ?? targetName(plan) });
}
