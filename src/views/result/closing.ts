import type { Result } from '../../apply/index.ts';
import { placeName } from '../plan/index.ts';
import { cutLines, formatCount, phraseToText, textSentence } from '../text/index.ts';
import { countOutcomes, describeDone, failuresOf, isUndoable } from './count.ts';
import { describeOutcome } from './headline.ts';

/** The facts of a run that its last lines need beside the result. */
export interface ClosingFacts {
  /** The command or the inputs that undo it, ready to be pasted. */
  readonly undo?: string | undefined;
  readonly log?: string | undefined;
  readonly report?: string | undefined;
  /** The directory of the cluster resources, where the run wrote them. */
  readonly resources?: string | undefined;
}

/** One of the last lines: a word to find it by, and a text on one line. */
export interface ClosingLine {
  readonly verb: 'done' | 'failed' | 'waits' | 'note' | 'new' | 'repair' | 'undo' | 'free' | 'see';
  readonly text: string;
}

/** Failures that the last lines repeat. */
const mostFailures = 5;

function failureLines(result: Result): ClosingLine[] {
  const failures = failuresOf(result);
  const lines = failures.map((failure) => {
    const what = phraseToText(describeOutcome(failure));
    return textSentence(`${placeName(failure.change)} ${what}`);
  });
  const shown = cutLines(lines, mostFailures, (rest) => `and ${rest} more`);
  return shown.map((text) => ({ verb: 'failed', text }));
}

function waitingLines({ waiting }: Result): ClosingLine[] {
  if (!waiting) return [];
  const what = [
    ...(waiting.deletes > 0 ? [formatCount(waiting.deletes, 'delete')] : []),
    ...(waiting.untags > 0 ? [formatCount(waiting.untags, 'untag')] : []),
  ];
  return [
    { verb: 'waits', text: `${what.join(' and ')} for an approval: approve ${waiting.digest}` },
  ];
}

/** Says how the bytes of deleted images come free: by the command of the registry, where it is known. */
function describeCollection({ collect = 'see its manual' }: Result): string {
  return `the registry's own garbage collection frees the bytes (${collect})`;
}

/**
 * Gives the last lines of an apply for every door, in this order: the deeds, failures with their remedies, removals that wait
 * for an approval, notes, the undo where something was removed, the garbage collection, report and log.
 */
export function closingLines(result: Result, facts: ClosingFacts = {}): readonly ClosingLine[] {
  const { undo, log, report, resources } = facts;
  const see = [
    ...(report ? [`report ${report}`] : []),
    ...(resources ? [`cluster resources ${resources}`] : []),
    ...(log ? [`log ${log}`] : []),
  ];
  return [
    { verb: 'done', text: `${result.status}: ${describeDone(result)}` },
    ...failureLines(result),
    ...waitingLines(result),
    ...result.notes.map((note) => ({ verb: 'note', text: textSentence(note) }) as const),
    ...(undo && isUndoable(result) ? [{ verb: 'undo', text: undo } as const] : []),
    ...(countOutcomes(result).deleted > 0
      ? [{ verb: 'free', text: describeCollection(result) } as const]
      : []),
    ...(see.length > 0 ? [{ verb: 'see', text: see.join(' · ') } as const] : []),
  ];
}
