import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/** Puts the action and a workflow that runs it into a repository; the outputs go to `outputs.json` in `directory`. */
export function addWorkflow(
  repository: TempRepository,
  directory: string,
  inputs: Readonly<Record<string, string>>,
): void {
  const action = join(repository.root, 'action');
  mkdirSync(join(action, 'dist'), { recursive: true });
  for (const path of ['action.yml', 'package.json', 'dist']) {
    cpSync(join(projectRoot, path), join(action, path), { recursive: true });
  }
  const lines = Object.entries(inputs).map(([name, text]) => `          ${name}: ${text}`);
  repository.write(
    '.github/workflows/mirror.yml',
    [
      'on: [push, pull_request]',
      'jobs:',
      '  mirror:',
      '    runs-on: ubuntu-latest',
      '    steps:',
      '      - uses: actions/checkout@v4',
      '      - uses: ./action',
      '        id: mirror',
      '        with:',
      ...lines,
      '      - if: always()',
      '        env:',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the runner
      '          OUTPUTS: ${{ toJSON(steps.mirror.outputs) }}',
      `        run: printenv OUTPUTS > ${join(directory, 'outputs.json')}`,
      '',
    ].join('\n'),
  );
}

/** One run of the workflow. */
export interface ActRun {
  readonly event: 'push' | 'pull_request';
  readonly payload: unknown;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs the workflow on this machine, without containers, and gives its log and the outputs of the action. */
export async function runAct(repository: TempRepository, directory: string, run: ActRun) {
  const eventPath = join(directory, 'event.json');
  writeFileSync(eventPath, JSON.stringify(run.payload));
  const variables = Object.entries(run.env).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ]);
  const words = [
    run.event,
    '-P',
    'ubuntu-latest=-self-hosted',
    '--eventpath',
    eventPath,
    ...variables,
  ];
  const path = [join(process.execPath, '..'), process.env['PATH']].join(delimiter);
  const log = await execute('act', words, {
    cwd: repository.root,
    env: { ...process.env, PATH: path, HOME: directory },
    maxBuffer: 64 * 1024 * 1024,
  }).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { readonly stdout?: string; readonly stderr?: string }) =>
      `${error.stdout}${error.stderr}`,
  );
  const text = readFileSync(join(directory, 'outputs.json'), 'utf8');
  return { log, outputs: JSON.parse(text) as Readonly<Record<string, string>> };
}
