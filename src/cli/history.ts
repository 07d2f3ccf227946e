import type { PastRun } from '../run/index.ts';
import { alignColumns, shortId, visible } from '../views/index.ts';
import { readDataFormat } from './answer.ts';
import { defineCommand } from './command.ts';
import { outputFlags } from './flag-tables.ts';
import { type CommandPlace, formatUndoCommand } from './next-command.ts';
import { readTargetRun } from './settings.ts';

const titles = ['apply', 'when', 'who', 'commit', 'plan', 'done', 'approved by', 'undo'];

function describeCounts({ counts }: PastRun): string {
  const words = Object.entries<number>(counts ?? {}).filter(([, count]) => count > 0);
  return words.map(([word, count]) => `${word} ${count}`).join(', ') || '-';
}

function rowOf(run: PastRun): string[] {
  const { name, at, actor = '-', commit, planDigest, reviews = [], canUndo } = run;
  return [
    name,
    at,
    actor,
    commit?.slice(0, 7) ?? '-',
    shortId(planDigest),
    describeCounts(run),
    reviews.join(', ') || '-',
    canUndo ? `restore --undo ${name}` : '-',
  ].map(visible);
}

function tableOf(runs: readonly PastRun[]): string {
  if (runs.length === 0) return 'Nothing was applied to this target yet.\n';
  const lines = alignColumns(
    [titles, ...runs.map(rowOf)],
    titles.map(() => 'left'),
  );
  return `${lines.join('\n')}\n`;
}

/** Gives the whole command that undoes the newest of these applies that can be undone; nothing where none can. */
function sayUndo(runs: readonly PastRun[], place: CommandPlace): string {
  const newest = runs.find(({ canUndo }) => canUndo);
  return newest
    ? `\nUndo ${visible(newest.name)} with: ${formatUndoCommand(newest.name, place)}\n`
    : '';
}

/** Lists the applies of a target. */
export const historyCommand = defineCommand({
  name: 'history',
  usage: ['history [--output json|yaml] docker://HOST[:PORT][/PATH]'],
  summary: 'list the applies of a target, the newest first',
  flags: outputFlags,
  prepare(parsed, world) {
    const format = readDataFormat(parsed.values.output);
    const run = readTargetRun(parsed, world);
    return async (console) => {
      const runs = await world.jobs.history(run.settings(console));
      const text = format?.(runs) ?? `${tableOf(runs)}${sayUndo(runs, { ...run, parsed })}`;
      world.stdout.write(text);
      return 0;
    };
  },
});
