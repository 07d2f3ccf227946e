import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommandLine, type Screen } from '../../src/cli/index.ts';
import type { ConfigFile } from '../../src/run/index.ts';
import * as run from '../../src/run/index.ts';
import type { Lab } from '../support/lab.ts';
import { fakeClock } from '../support/wire.ts';

/** What a command line came to. */
export interface Ran {
  readonly code: number;
  /** Of both streams. */
  readonly output: string;
}

function recorder(): Screen & { readonly text: string[] } {
  const text: string[] = [];
  return { text, write: (part) => void text.push(part), isTerminal: false, columns: 80 };
}

/** Runs the real command line against a lab; files among the arguments are written beside the workspace first. */
export async function commandLine(
  lab: Pick<Lab, 'workspace' | 'source' | 'target' | 'settings'>,
  argv: readonly (string | ConfigFile)[],
  command: 'mirror' | 'plan' | 'delete',
): Promise<Ran> {
  const screen = recorder();
  const directory = dirname(lab.workspace);
  mkdirSync(directory, { recursive: true });
  const words = argv.map((word) => {
    if (typeof word === 'string') return word;
    const path = join(directory, word.name);
    writeFileSync(path, word.text);
    return path;
  });
  const { env, signatureKeys } = lab.settings();
  writeFileSync(join(directory, 'key.asc'), signatureKeys ?? '');
  const code = await runCommandLine(
    [
      ...(command === 'mirror' ? [] : [command]),
      ...words,
      ...['--workspace', `file://${directory}`, `docker://${lab.target.host}`],
    ],
    {
      jobs: { ...run, demo: async () => 1 },
      env: { ...env, OCP_SIGNATURE_VERIFICATION_PK: join(directory, 'key.asc') },
      clock: fakeClock(),
      version: run.toolVersion,
      stdout: screen,
      stderr: screen,
      directory: process.cwd(),
    },
  );
  return { code, output: screen.text.join('') };
}
