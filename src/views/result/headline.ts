import type { Outcome, Result, Waiting } from '../../apply/index.ts';
import { staleSentences } from '../plan/index.ts';
import {
  agree,
  capitalize,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  listPhrases,
  name,
  type Phrase,
  say,
  textSentence,
} from '../text/index.ts';
import { countOutcomes, elapsedMs, failuresOf, isUndoable, listCounts } from './count.ts';

/** Describes the outcome of one change: in a word, or in a sentence that names the side and the remedy. */
export function describeOutcome(outcome: Outcome): Phrase {
  if (outcome.result !== 'failed') {
    const detail = outcome.detail === undefined ? '' : `: ${textSentence(outcome.detail)}`;
    return say`${outcome.result}${detail}`;
  }
  const side = outcome.side === undefined ? '' : ` at the ${outcome.side}`;
  const hint = outcome.hint === undefined ? '' : ` ${textSentence(outcome.hint)}`;
  return say`failed${side}: ${textSentence(outcome.message)}${hint}`;
}

function effort(result: Result): Phrase {
  const { bytesSent } = result.traffic;
  const moved = bytesSent > 0 ? `${formatBytes(bytesSent)} in ` : 'Took ';
  return say`${moved}${formatDuration(elapsedMs(result))}.`;
}

/** Deletes wait for all copies, so a failed copy explains why nothing was deleted. */
function deletion(result: Result): Phrase[] {
  const isWaiting = failuresOf(result).some(({ change }) =>
    ['mirror', 'retag', 'keep'].includes(change.action),
  );
  if (result.plan.totals.delete === 0 || countOutcomes(result).deleted > 0) return [];
  if (!isWaiting) return [say`Nothing was deleted.`];
  return [say`Nothing was deleted: deletion waits until everything is mirrored and verified.`];
}

function troubled(result: Result): Phrase[] {
  const counts = countOutcomes(result);
  const all = result.outcomes.length + (result.unmet ?? 0);
  const what =
    counts.failed > 0
      ? say`${formatNumber(counts.failed)} of ${formatCount(all, 'image')} failed`
      : say`Stopped before everything was done`;
  const rest = listCounts({ ...counts, failed: 0 });
  return [
    rest === '' ? say`${what}.` : say`${what}; ${rest}.`,
    ...deletion(result),
    effort(result),
  ];
}

/** Says how a run of the action puts back what was removed, if something was. */
export function describeUndo(result: Result): Phrase[] {
  if (!isUndoable(result)) return [];
  return [
    say`To put back what was removed, run the action with ${name('command: restore')} and ${name(`undo: ${result.run}`)}.`,
  ];
}

/** Names what waits: `5 deletes and 3 untags wait`. */
export function countWaiting({ deletes, untags }: Waiting): string {
  const counts = [
    ...(deletes > 0 ? [formatCount(deletes, 'delete')] : []),
    ...(untags > 0 ? [formatCount(untags, 'untag')] : []),
  ];
  return `${counts.join(' and ')} ${agree(deletes + untags, 'waits', 'wait')}`;
}

function refused(result: Result, waiting: Waiting): Phrase[] {
  const fixes = waiting.reasons.flatMap(({ fix }) => (fix === undefined ? [] : [[name(fix)]]));
  const list = listCounts(countOutcomes(result));
  return [
    say`Refused: ${countWaiting(waiting)} for an approval.`,
    ...(fixes.length > 0
      ? [say`To do them, start the workflow with ${listPhrases(fixes, 3)}.`]
      : []),
    list === '' ? say`There was nothing else to do.` : say`Everything else is done: ${list}.`,
    effort(result),
  ];
}

function describeOutcomes(result: Result): Phrase[] {
  const counts = countOutcomes(result);
  const { keep } = result.plan.totals;
  if (result.waiting && counts.failed + counts.skipped === 0) {
    return refused(result, result.waiting);
  }
  switch (result.status) {
    case 'nothing':
      return [
        say`Nothing to do: ${formatCount(keep, 'image')} ${agree(keep, 'is', 'are')} mirrored and wanted.`,
      ];
    case 'refused':
      return [say`Refused: nothing was changed.`];
    case 'partial':
    case 'failed':
      return troubled(result);
    case 'applied': {
      const list = listCounts(counts) || 'applied';
      return [say`${capitalize(list)}.`, effort(result)];
    }
  }
}

/** Gives the first line of every view of a result; images that no image set wants come last. */
export function describeResult(result: Result): Phrase[] {
  return [...describeOutcomes(result), ...staleSentences(result.plan)];
}
