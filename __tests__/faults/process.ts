import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ConfigFile } from '../../src/run/index.ts';
import type { Lab } from '../support/lab.ts';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** A command line in a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves at its end; the code is `null` when it was killed. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** Starts a mirror run in a process of its own; `shell` is a command that the shell does first. */
export function startMirror(
  lab: Pick<Lab, 'workspace' | 'target' | 'settings'>,
  file: ConfigFile,
  shell = ':',
): Running {
  const directory = dirname(lab.workspace);
  mkdirSync(directory, { recursive: true });
  const [config, key] = [join(directory, file.name), join(directory, 'key.asc')];
  const { env, signatureKeys } = lab.settings();
  writeFileSync(config, file.text);
  writeFileSync(key, signatureKeys ?? '');
  const words = ['-c', config, '--workspace', `file://${directory}`, `docker://${lab.target.host}`];
  const script = `${shell} && exec "$0" "$@"`;
  const child = spawn('sh', ['-c', script, process.execPath, program, ...words], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env, OCP_SIGNATURE_VERIFICATION_PK: key },
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, 'close').then(async ([code]) => ({
    code: code as number | null,
    output: (await output).join(''),
  }));
  return { child, ended };
}
