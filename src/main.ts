import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError } from './errors.ts';
import type { Clock } from './log.ts';

/** Everything that a program, which knows no process, gets from one. */
export interface ProcessWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted by the first SIGINT or SIGTERM; the second ends the process at once. */
  readonly signal: AbortSignal;
}

const clock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal && { signal });
  },
  random: () => Math.random(),
};

function watchSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new CancelledError()));
  }
  return controller.signal;
}

/**
 * Runs a program as this process: the composition root's world, and the only catch at the top.
 *
 * Effects: sets the exit code. Anything thrown, even a string, ends in exit code 1 with its stack on stderr.
 */
export async function runProcess(program: (world: ProcessWorld) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await program({ env: process.env, clock, signal: watchSignals() });
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
    process.exitCode = 1;
  }
}
