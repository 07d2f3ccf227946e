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

/** Gives the top level of a work tree and the commit that is checked out, by one process. */
async function findTop(directory: string, env: NodeJS.ProcessEnv) {
  const words = ['rev-parse', '--revs-only', '--show-toplevel', 'HEAD^{commit}'];
  const text = (await openRunner(directory, env)(words)).bytes?.toString() ?? '';
  const [, top = '', head] = /^(.*?)\n(?:([0-9a-f]{40,64})\n)?$/s.exec(text) ?? [];
  const real = top && (await realpath(top).catch(() => undefined));
  return real ? { top: real, head } : undefined;
}

/** A work tree. */
export interface WorkTree {
  /** Real path of the top level. */
  readonly top: string;
  /** The commit that is checked out; `undefined` before the first one. */
  readonly head: string | undefined;
  /** Starts git at the top level. */
  readonly run: GitRunner;
}

/**
 * Finds the work tree that a directory lies in.
 *
 * Only `git` itself is started, never a shell. `undefined` without git, without a repository, and in a bare one.
 */
export async function findWorkTree(
  directory: string,
  env: ProcessEnv,
): Promise<WorkTree | undefined> {
  const whole = environment(env);
  const without = Object.entries(whole).filter(([name]) => !ownRepository.includes(name));
  for (const tried of [whole, Object.fromEntries(without)]) {
    const found = await findTop(directory, tried);
    if (found !== undefined) return { ...found, run: openRunner(found.top, tried) };
  }
  return undefined;
}
