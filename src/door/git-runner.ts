import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A process environment. */
export type ProcessEnv = Readonly<Record<string, string | undefined>>;

/** Room for the listing of a large repository, in bytes. */
const maxOutputBytes = 256 * 1024 * 1024;

/** The answer of git. */
export interface GitResult {
  /** The output; absent if git failed. */
  readonly bytes?: Buffer;
  readonly exitCode?: unknown;
}

/** Starts git with some arguments, in one directory. */
export type GitRunner = (words: readonly string[], timeoutMs?: number) => Promise<GitResult>;

/** Gives the environment of git without the inputs of the action, which hold secrets. */
function environment(env: ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('INPUT_'));
  return {
    ...Object.fromEntries(kept),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  };
}

/**
 * The clone may belong to another user, as in a container job, so git must not check its owner. In exchange, git starts no
 * program that the configuration of the clone names.
 */
const always = [
  ...['-c', 'safe.directory=*', '-c', 'core.quotePath=false'],
  ...['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'],
];

function openRunner(cwd: string, env: NodeJS.ProcessEnv): GitRunner {
  const options = { cwd, env, maxBuffer: maxOutputBytes, encoding: 'buffer' } as const;
  return async (words, timeout = 0) => {
    try {
      const { stdout } = await execute('git', [...always, ...words], { ...options, timeout });
      return { bytes: stdout };
    } catch (error) {
      return { exitCode: (error as { readonly code?: unknown }).code };
    }
  };
}

/** Variables by which a caller of this program, such as a hook of git, names its own repository. */
const ownRepository = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX'];

async function findTop(directory: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { bytes } = await openRunner(directory, env)(['rev-parse', '--show-toplevel']);
  const top = bytes?.toString().replace(/\n$/, '');
  return top ? await realpath(top).catch(() => undefined) : undefined;
}

/**
 * Finds the work tree that a directory lies in; gives its top level, and a function that starts git there.
 *
 * Only `git` itself is started, never a shell. `undefined` without git, without a repository, and in a bare one.
 */
export async function findWorkTree(
  directory: string,
  env: ProcessEnv,
): Promise<{ readonly top: string; readonly run: GitRunner } | undefined> {
  const whole = environment(env);
  const without = Object.entries(whole).filter(([name]) => !ownRepository.includes(name));
  for (const tried of [whole, Object.fromEntries(without)]) {
    const top = await findTop(directory, tried);
    if (top !== undefined) return { top, run: openRunner(top, tried) };
  }
  return undefined;
}
