import type { CheckReport } from '../run/index.ts';
import { escapeMarkdown, markdownTable } from '../views/index.ts';
import { type CommandAnswer, detailedExitCode, formatAnswer, readAnswerFormat } from './answer.ts';
import { tellLog } from './closing.ts';
import { defineCommand } from './command.ts';
import type { Console } from './console.ts';
import { genericFailure } from './exit-code.ts';
import { restoreFlags, verifyFlags } from './flag-tables.ts';
import { createProgress } from './progress.ts';
import { readTargetRun } from './settings.ts';

function finish(console: Console, report: CheckReport, deed: string): number {
  console.live(undefined);
  for (const { origin, message, hint = '' } of report.imageFailures) {
    console.log('error', `${origin}: ${message} ${hint}`.trimEnd());
  }
  for (const note of report.notes) console.result(note);
  console.result(`${deed} ${report.done} / ${report.total}`);
  tellLog(console);
  return report.imageFailures.length === 0 && report.done === report.total ? 0 : genericFailure;
}

/** Gives a check for programs: its numbers, and each fault with its remedy. */
function answerOf({ done, total, imageFailures, notes }: CheckReport): CommandAnswer {
  const failures = imageFailures.map(({ origin, message, hint }) => ({ origin, message, hint }));
  const columns = ['image', 'fault', 'remedy'].map((title) => ({ title, align: 'left' }) as const);
  const rows = failures.map(({ origin, message, hint = '' }) =>
    [origin, message, hint].map(escapeMarkdown),
  );
  const head = `**Verified ${done} / ${total}**`;
  return {
    json: JSON.stringify({ verified: done, total, failures, notes }, null, 2),
    markdown:
      rows.length === 0
        ? head
        : `${head}

${markdownTable(columns, rows)}`,
  };
}

/** Checks that everything that was mirrored still lies in the target, whole. */
export const verifyCommand = defineCommand({
  name: 'verify',
  usage: ['verify [--deep] docker://HOST[:PORT][/PATH]'],
  summary: 'check that the mirror is whole',
  flags: verifyFlags,
  prepare(parsed, world) {
    const run = readTargetRun(parsed, world);
    const format = readAnswerFormat(parsed.values.output);
    return async (console) => {
      if (format !== undefined) console.leaveStdout();
      run.open(console, 'verify');
      const progress = createProgress(console, world, run.target);
      const verifyDepth = parsed.values.deep ? 'blobs' : 'tags';
      const settings = { ...run.settings(console), verifyDepth } as const;
      const report = await world.jobs.verify(settings, progress);
      const code = finish(console, report, 'verified');
      if (format !== undefined) world.stdout.write(formatAnswer(answerOf(report), format));
      if (!parsed.values['detailed-exitcode']) return code;
      return detailedExitCode(0, code === 0 ? 'nothing' : 'changes');
    };
  },
});

/** Puts back what an apply deleted, while the registry still has the blobs. */
export const restoreCommand = defineCommand({
  name: 'restore',
  usage: ['restore [--undo N] [--dry-run] docker://HOST[:PORT][/PATH]'],
  summary: 'put back what an apply deleted',
  flags: restoreFlags,
  prepare(parsed, world) {
    const run = readTargetRun(parsed, world);
    const { undo, 'dry-run': isDryRun } = parsed.values;
    return async (console) => {
      run.open(console, 'restore');
      const progress = createProgress(console, world, run.target);
      const report = await world.jobs.restore(run.settings(console), { undo, isDryRun }, progress);
      return finish(console, report, isDryRun ? 'can restore' : 'restored');
    };
  },
});
