import type { CheckReport } from '../run/index.ts';
import {
  type CheckClosing,
  checkLines,
  describeCheckFailure,
  isWhole,
  renderCheck,
} from '../views/index.ts';
import { type CommandAnswer, detailedExitCode, formatAnswer, readAnswerFormat } from './answer.ts';
import { tellLines } from './closing.ts';
import { defineCommand } from './command.ts';
import { readConfigFiles } from './config-files.ts';
import type { Console } from './console.ts';
import { genericFailure } from './exit-code.ts';
import { restoreFlags, verifyFlags } from './flag-tables.ts';
import { formatRepairCommand } from './next-command.ts';
import { createProgress } from './progress.ts';
import { readTargetRun } from './settings.ts';

function finish(console: Console, report: CheckReport, closing: CheckClosing): number {
  console.live(undefined);
  const lines = checkLines(report, { ...closing, log: console.logPath });
  // The last lines tell a few failures; the log has the others too.
  const told = new Set(lines.map(({ text }) => text));
  for (const text of report.imageFailures.map(describeCheckFailure)) {
    if (!told.has(text)) console.detail(text);
  }
  tellLines(console, lines);
  return isWhole(report) ? 0 : genericFailure;
}

/** Gives a check for programs: its numbers, and each fault with its remedy. */
function answerOf(report: CheckReport, target: string): CommandAnswer {
  const { done, total, signatures, changed, damaged, imageFailures, notes, news } = report;
  const failures = imageFailures.map(({ origin, message, hint }) => ({ origin, message, hint }));
  const counts = { verified: done, total, signatures, damaged, repaired: changed };
  const facts = { ...counts, failures, notes, ...(news && { news }) };
  return {
    json: JSON.stringify(facts, null, 2),
    markdown: renderCheck(report, { target, deed: 'verified' }),
  };
}

/** Checks that everything that was mirrored still lies in the target, whole. */
export const verifyCommand = defineCommand({
  name: 'verify',
  usage: ['verify [--deep] [--repair] [-c FILE…] docker://HOST[:PORT][/PATH]'],
  summary: 'check that the mirror is whole',
  flags: verifyFlags,
  prepare(parsed, world) {
    const run = readTargetRun(parsed, world);
    const format = readAnswerFormat(parsed.values.output);
    return async (console) => {
      if (format !== undefined) console.leaveStdout();
      const files = await readConfigFiles(parsed.values.config);
      run.open(console, 'verify');
      const progress = createProgress(console, world, run.target);
      const verifyDepth = parsed.values.deep ? 'blobs' : 'tags';
      const settings = { ...run.settings(console), verifyDepth } as const;
      const report = await world.jobs.verify(settings, progress, {
        repairs: parsed.values.repair,
        files,
      });
      const canRepair = (report.damaged ?? 0) > 0 && !parsed.values.repair;
      const repair = canRepair ? formatRepairCommand({ ...run, parsed }) : undefined;
      const code = finish(console, report, { deed: 'verified', repair });
      if (format !== undefined)
        world.stdout.write(formatAnswer(answerOf(report, run.target), format));
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
      return finish(console, report, { deed: isDryRun ? 'can restore' : 'restored' });
    };
  },
});
