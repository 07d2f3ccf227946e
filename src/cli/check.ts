import { join } from 'node:path';
import { type CheckReport, parseUndoChoice, type UndoChoice } from '../run/index.ts';
import { defineCommand } from './command.ts';
import type { Console } from './console.ts';
import { genericFailure } from './exit-code.ts';
import { restoreFlags, verifyFlags } from './flag-tables.ts';
import { readNesting, readState } from './plan-options.ts';
import { createProgress } from './progress.ts';
import { createSettings } from './settings.ts';
import { inputError, readTargetArgument } from './validate.ts';
import { findWorkingDirectory } from './workspace.ts';

function finish(console: Console, report: CheckReport, deed: string): number {
  console.live('');
  for (const { origin, message, hint = '' } of report.imageFailures) {
    console.log('error', `${origin}: ${message} ${hint}`.trimEnd());
  }
  for (const note of report.notes) console.result(note);
  console.result(`${deed} ${report.done} / ${report.total}`);
  return report.imageFailures.length === 0 && report.done === report.total ? 0 : genericFailure;
}

function open(console: Console, workspace: string, mode: string): void {
  console.openLog(join(workspace, 'logs'));
  console.log('info', `🔀 workflow mode: ${mode}`);
}

/** Checks that everything that was mirrored still lies in the target, whole. */
export const verifyCommand = defineCommand({
  name: 'verify',
  usage: ['verify docker://HOST[:PORT][/PATH]'],
  summary: 'check that the mirror is whole',
  flags: verifyFlags,
  prepare(parsed, world) {
    const target = readTargetArgument(parsed.words);
    const workspace = findWorkingDirectory(parsed.values.workspace);
    const { values } = parsed;
    const stored = { state: readState(values.state), ...readNesting(values) };
    return async (console) => {
      open(console, workspace, 'verify');
      const report = await world.jobs.verify(
        createSettings(parsed, { world, target, workspace, ...stored, log: console }),
        createProgress(console, world.clock, target),
      );
      return finish(console, report, 'verified');
    };
  },
});

/** @throws ConfigError `INPUT_INVALID` */
function readUndo(text: string): UndoChoice {
  const undo = parseUndoChoice(text);
  if (undo !== undefined) return undo;
  throw inputError(`--undo "${text}" is neither the number of an apply nor last`);
}

/** Puts back what an apply deleted, while the registry still has the blobs. */
export const restoreCommand = defineCommand({
  name: 'restore',
  usage: ['restore [--undo N] docker://HOST[:PORT][/PATH]'],
  summary: 'put back what an apply deleted',
  flags: restoreFlags,
  prepare(parsed, world) {
    const target = readTargetArgument(parsed.words);
    const workspace = findWorkingDirectory(parsed.values.workspace);
    const { values } = parsed;
    const stored = { state: readState(values.state), ...readNesting(values) };
    const undo = readUndo(parsed.values.undo);
    return async (console) => {
      open(console, workspace, 'restore');
      const report = await world.jobs.restore(
        createSettings(parsed, { world, target, workspace, ...stored, log: console }),
        undo,
        createProgress(console, world.clock, target),
      );
      return finish(console, report, 'restored');
    };
  },
});
