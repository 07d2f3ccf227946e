import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runCommandLine, type Screen } from '../../src/cli/index.ts';
import type { ConfigFile } from '../../src/run/index.ts';
import * as run from '../../src/run/index.ts';
import type { Lab } from './lab.ts';
import { fakeClock } from './wire.ts';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

type Surroundings = Pick<Lab, 'workspace' | 'target' | 'settings'>;

/** The end of a command line. */
export interface Ran {
  /** `null` of a process that was killed. */
  readonly code: number | null;
  /** Of both streams. */
  readonly output: string;
}

/** A command line in a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
}

function recorder(): Screen & { readonly text: string[] } {
  const text: string[] = [];
  return { text, write: (part) => void text.push(part), isTerminal: false, columns: 80, rows: 24 };
}

/** Writes files among the arguments beside the workspace; gives the whole command line and its environment. */
function prepare(lab: Surroundings, argv: readonly (string | ConfigFile)[]) {
  const directory = dirname(lab.workspace);
  mkdirSync(directory, { recursive: true });
  const words = argv.map((word) => {
    if (typeof word === 'string') return word;
    const path = join(directory, word.name);
    writeFileSync(path, word.text);
    return path;
  });
  const key = join(directory, 'key.asc');
  const { env, signatureKeys } = lab.settings();
  writeFileSync(key, signatureKeys ?? '');
  return {
    directory,
    words: [...words, '--workspace', `file://${directory}`, `docker://${lab.target.host}`],
    env: { ...env, OCP_SIGNATURE_VERIFICATION_PK: key },
  };
}

/** Runs the real command line against a lab, in this process. */
export async function commandLine(
  lab: Surroundings,
  argv: readonly (string | ConfigFile)[],
): Promise<Ran> {
  const screen = recorder();
  const { words, env } = prepare(lab, argv);
  const code = await runCommandLine(words, {
    jobs: { ...run, demo: async () => 1 },
    env,
    clock: fakeClock(),
    program: 'imageset-mirror',
    version: run.toolVersion,
    stdout: screen,
    stderr: screen,
    directory: process.cwd(),
  });
  return { code, output: screen.text.join('') };
}

/** Starts the command line in a process of its own; `shell` is a command that the shell does first. */
export function startCommandLine(
  lab: Surroundings,
  argv: readonly (string | ConfigFile)[],
  shell = ':',
): Running {
  const { directory, words, env } = prepare(lab, argv);
  const script = `${shell} && exec "$0" "$@"`;
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn('sh', ['-c', script, process.execPath, program, ...words], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME: directory, NODE_COMPILE_CACHE, ...env },
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, 'close').then(async ([code]) => ({
    code: code as number | null,
    output: (await output).join(''),
  }));
  return { child, ended };
}
