import type { Result } from '../../apply/index.ts';
import {
  actionDone,
  actionLists,
  commentAllowances,
  commentLimit,
  commentTitle,
  type ListOptions,
  refusalSection,
  shownPlan,
  targetName,
} from '../plan/index.ts';
import {
  type Allowance,
  countCharacters,
  fitLimit,
  formatCommentMarker,
  formatDuration,
  markdownLink,
  name,
  paragraphToMarkdown,
  phraseToMarkdown,
  planName,
  type RunMark,
  type Sections,
  say,
} from '../text/index.ts';
import { countOutcomes, elapsedMs, failuresOf, listCounts } from './count.ts';
import { countWaiting, describeOutcome, describeResult, describeUndo } from './headline.ts';

/** Everything that a comment shows beside its result. */
export interface AppliedOptions {
  /** The target as the host's inputs name it, for the marker. */
  readonly target?: string | undefined;
  readonly mark?: RunMark | undefined;
  /** The page of the run. */
  readonly runUrl?: string | undefined;
  /** Page of the artifact with the result and the report. */
  readonly artifactUrl?: string | undefined;
  readonly limit?: number | undefined;
}

function headline(result: Result): string {
  const counts = listCounts(countOutcomes(result));
  if (result.status === 'nothing') return '**Applied: nothing was left to do.**';
  if (result.status === 'applied') {
    return `**Applied in ${formatDuration(elapsedMs(result))}: ${counts || 'nothing was left to do'}.**`;
  }
  if (result.waiting) {
    const done = counts === '' ? 'Not applied' : `Applied in part: ${counts}`;
    return `**${done}; ${countWaiting(result.waiting)} for an approval.**`;
  }
  const [first = say`the run stopped.`] = describeResult(result);
  return `**Not applied: ${phraseToMarkdown(first)}**`;
}

function failures(result: Result, { lines }: Allowance): string {
  const failed = failuresOf(result);
  const shown = failed.slice(0, lines).map((one) => {
    const { repository, tag } = one.change;
    return `- ${phraseToMarkdown(say`${name(`${repository}:${tag}`)} ${describeOutcome(one)}`)}`;
  });
  const rest = failed.length - shown.length;
  return [...shown, ...(rest > 0 ? [`- … ${rest} more in the report`] : [])].join('\n');
}

/** Calls what was done as done: everything, or all but the removals that wait. */
function callLists(result: Result): ListOptions['called'] {
  if (result.status === 'applied') return actionDone.all;
  return result.waiting && failuresOf(result).length === 0 ? actionDone.brought : undefined;
}

/**
 * Writes the comment of a plan that was applied, or could not be: Markdown.
 *
 * Its marker names no plan, so that nothing in it counts as a review.
 */
export function renderApplied(result: Result, options: AppliedOptions = {}): string {
  const plan = shownPlan(result.plan);
  const marker = formatCommentMarker({
    ...options.mark,
    target: options.target ?? targetName(plan),
    plan: undefined,
  });
  const links = [
    `Plan ${phraseToMarkdown(planName(plan))}`,
    ...(options.runUrl === undefined ? [] : [markdownLink('run', options.runUrl)]),
    ...(options.artifactUrl === undefined
      ? []
      : [markdownLink('result and report', options.artifactUrl)]),
  ];
  const called = callLists(result);
  const render = (allowance: Allowance): Sections => ({
    head: [
      `${marker}\n${commentTitle(targetName(plan))}`,
      headline(result),
      refusalSection(result.waiting?.reasons),
      failures(result, allowance),
    ],
    lists: result.status === 'nothing' ? [] : actionLists(plan, { ...allowance, called }),
    tail: [paragraphToMarkdown(describeUndo(result)), links.join(' · ')],
  });
  const { limit = commentLimit } = options;
  return fitLimit(commentAllowances, render, { limit, measure: countCharacters });
}
