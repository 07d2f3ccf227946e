import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TempRepository } from './temp-repository.ts';

const execute = promisify(execFile);
const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Says what is missing for runs under act, or `undefined`. */
export function missingForAct(): string | undefined {
  try {
    execFileSync('act', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'act is not on PATH';
  }
  return existsSync(join(projectRoot, 'dist/index.js')) ? undefined : 'dist/ is not built';
}

/** Puts the action, as it is published, into a directory. */
export function copyAction(directory: string): void {
  mkdirSync(join(directory, 'dist'), { recursive: true });
  for (const path of ['action.yml', 'package.json', 'dist']) {
    cpSync(join(projectRoot, path), join(directory, path), { recursive: true });
  }
}

/** Puts the action and a workflow that runs it into a repository. */
export function addWorkflow(
  repository: TempRepository,
  inputs: Readonly<Record<string, string>>,
): void {
  copyAction(join(repository.root, 'action'));
  const lines = Object.entries(inputs).map(([name, text]) => `          ${name}: ${text}`);
  repository.write(
    '.github/workflows/mirror.yml',
    [
      'on: [push, pull_request]',
      'jobs:',
      '  mirror:',
      '    runs-on: ubuntu-24.04',
      '    steps:',
      '      - uses: actions/checkout@v4',
      '      - uses: ./action',
      '        with:',
      ...lines,
      '',
    ].join('\n'),
  );
}

/** One run of the workflows of a repository. */
export interface ActRun {
  readonly event: string;
  readonly payload: unknown;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** More words of act. */
  readonly words?: readonly string[];
}

/** How a run ended. */
export interface ActEnd {
  readonly exitCode: number;
  readonly log: string;
  /** The outputs of all steps of the run. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The titles of its warnings, in order. */
  readonly warnings: readonly string[];
}

const labels = ['ubuntu-24.04', 'self-hosted'];

function namedWords(flag: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
}

/** Runs the workflows on this machine, without containers. Its own caches and state lie in `directory`. */
export async function runAct(
  repository: TempRepository,
  directory: string,
  run: ActRun,
): Promise<ActEnd> {
  const eventPath = join(directory, 'event.json');
  writeFileSync(eventPath, JSON.stringify(run.payload));
  const words = [
    run.event,
    ...labels.flatMap((label) => ['-P', `${label}=-self-hosted`]),
    '--eventpath',
    eventPath,
    ...namedWords('--env', run.env),
    ...namedWords('--secret', run.secrets ?? {}),
    ...(run.words ?? []),
  ];
  const path = [join(process.execPath, '..'), process.env['PATH']].join(delimiter);
  const { exitCode, log } = await execute('act', words, {
    cwd: repository.root,
    env: { ...process.env, PATH: path, HOME: directory },
    maxBuffer: 64 * 1024 * 1024,
  }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, log: stdout + stderr }),
    (error: { readonly code?: number; readonly stdout?: string; readonly stderr?: string }) => ({
      exitCode: error.code ?? 1,
      log: `${error.stdout}${error.stderr}`,
    }),
  );
  const warnings = [...log.matchAll(/::warning(?: title=([\w-]+))?.*::/g)];
  const outputs = [...log.matchAll(/::set-output:: ([\w-]+)=(.*)$/gm)];
  return {
    exitCode,
    log,
    warnings: warnings.map(([, title = '']) => title),
    outputs: Object.fromEntries(outputs.map(([, name, text]) => [name, text])),
  };
}
