import type { CheckReport } from '../run/index.ts';
import { defineCommand } from './command.ts';
import type { Console } from './console.ts';
import { genericFailure } from './exit-code.ts';
import { restoreFlags, targetFlags } from './flag-tables.ts';
import { createProgress } from './progress.ts';
import { readTargetRun } from './settings.ts';

function finish(console: Console, report: CheckReport, deed: string): number {
  console.live('');
  for (const { origin, message, hint = '' } of report.imageFailures) {
    console.log('error', `${origin}: ${message} ${hint}`.trimEnd());
  }
  for (const note of report.notes) console.result(note);
  console.result(`${deed} ${report.done} / ${report.total}`);
  return report.imageFailures.length === 0 && report.done === report.total ? 0 : genericFailure;
}

/** Checks that everything that was mirrored still lies in the target, whole. */
export const verifyCommand = defineCommand({
  name: 'verify',
  usage: ['verify docker://HOST[:PORT][/PATH]'],
  summary: 'check that the mirror is whole',
  flags: targetFlags,
  prepare(parsed, world) {
    const run = readTargetRun(parsed, world);
    return async (console) => {
      run.open(console, 'verify');
      const progress = createProgress(console, world.clock, run.target);
      return finish(console, await world.jobs.verify(run.settings(console), progress), 'verified');
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
      const progress = createProgress(console, world.clock, run.target);
      const report = await world.jobs.restore(run.settings(console), { undo, isDryRun }, progress);
      return finish(console, report, isDryRun ? 'can restore' : 'restored');
    };
  },
});
