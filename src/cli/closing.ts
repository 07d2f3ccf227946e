import type { Result } from '../apply/index.ts';
import { type ClosingFacts, type ClosingLine, closingLines } from '../views/index.ts';
import type { Console } from './console.ts';
import { type CommandPlace, formatUndoCommand } from './next-command.ts';

/** The word before each line of the closing; a result needs none. */
const beginnings: Readonly<Record<ClosingLine['verb'], string>> = {
  done: '',
  failed: 'failed: ',
  waits: 'waits: ',
  note: '',
  new: 'new upstream: ',
  repair: 'repair with: ',
  undo: 'undo with: ',
  free: '',
  see: 'see: ',
};

/** Ends an apply or a delete with its deeds, failures, waiting deletes, the undo, log and report. */
export function tellClosing(
  console: Console,
  result: Result,
  place: CommandPlace & Pick<ClosingFacts, 'report' | 'resources'>,
): void {
  const { run } = result;
  const { report, resources } = place;
  const undo = run === undefined ? undefined : formatUndoCommand(run, place);
  const facts = { undo, report, resources, log: console.logPath };
  tellLines(console, closingLines(result, facts));
}

/** Ends a command with its last lines; failures are errors. */
export function tellLines(console: Console, lines: readonly ClosingLine[]): void {
  for (const { verb, text } of lines) {
    const line = `${beginnings[verb]}${text}`;
    if (verb === 'failed') console.log('error', line);
    else console.result(line);
  }
}

/** Names the log of a command that changes nothing, or that has no result of its own. */
export function tellLog(console: Console): void {
  if (console.logPath !== undefined) console.result(`see: log ${console.logPath}`);
}
