import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Env } from './inputs.ts';

const execute = promisify(execFile);

/** Room for the listing of a large repository, in bytes. */
const maxOutputBytes = 64 * 1024 * 1024;

/** Milliseconds after which a fetch counts as hanging. */
const fetchTimeoutMs = 60_000;

/** The questions that the door asks of a repository. Whatever cannot be had is `undefined`. */
export interface Git {
  /** Gives the full name of a commit that is here. */
  resolve(revision: string): Promise<string | undefined>;
  /** Gives the parents that a commit names, even where a shallow clone lacks them. */
  parents(commit: string): Promise<readonly string[]>;
  mergeBase(one: string, other: string): Promise<string | undefined>;
  /** Brings one commit from `origin` without its history; tells whether it is here afterwards. */
  fetch(commit: string): Promise<boolean>;
  /** Lists files below the directory: tracked ones now, or those of a commit. */
  list(commit?: string): Promise<readonly string[] | undefined>;
  /** Lists files whose text has a word: tracked ones now, or those of a commit. */
  search(word: string, commit?: string): Promise<readonly string[] | undefined>;
  /** Gives the text of a file in a commit. */
  read(commit: string, path: string): Promise<string | undefined>;
}

/** Nothing that git starts needs the inputs, which hold secrets. */
function environment(env: Env): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('INPUT_'));
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}

/** The clone may belong to another user, as in a container job: whoever runs this action trusts it. */
const always = ['-c', 'safe.directory=*', '-c', 'core.quotePath=false'];

const commitPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

const yamlFiles = [':(icase)*.yaml', ':(icase)*.yml'];

interface Answer {
  /** What git printed; absent when it failed. */
  readonly text?: string;
  readonly exitCode?: unknown;
}

function split(listing: string | undefined): readonly string[] | undefined {
  return listing?.split('\0').filter((path) => path !== '');
}

type Runner = (words: readonly string[], timeoutMs?: number) => Promise<Answer>;

function openRunner(directory: string, env: Env): Runner {
  const options = { cwd: directory, env: environment(env), maxBuffer: maxOutputBytes };
  return async (words, timeout = 0) => {
    try {
      const { stdout } = await execute('git', [...always, ...words], { ...options, timeout });
      return { text: stdout };
    } catch (error) {
      return { exitCode: (error as { readonly code?: unknown }).code };
    }
  };
}

/**
 * Opens the repository that a directory lies in. Paths are relative to the directory.
 *
 * Only `git` itself is started, never a shell; revisions and paths are passed so that none can become an option.
 */
export function openGit(directory: string, env: Env): Git {
  const run = openRunner(directory, env);
  const resolve = async (revision: string): Promise<string | undefined> => {
    const words = ['rev-parse', '--verify', '--quiet', '--end-of-options'];
    return (await run([...words, `${revision}^{commit}`])).text?.trim();
  };
  return {
    resolve,
    async parents(commit) {
      const text = (await run(['cat-file', 'commit', commit])).text ?? '';
      const [head = ''] = text.split('\n\n', 1);
      return [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].flatMap(([, parent]) => parent ?? []);
    },
    async mergeBase(one, other) {
      return (await run(['merge-base', one, other])).text?.trim();
    },
    async fetch(commit) {
      // The name may come from a state file: only a commit's own name may reach the remote.
      if (!commitPattern.test(commit)) return false;
      const words = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--depth=1'];
      await run([...words, 'origin', commit], fetchTimeoutMs);
      return (await resolve(commit)) !== undefined;
    },
    async list(commit) {
      const words = commit ? ['ls-tree', '-r', '-z', '--name-only', commit] : ['ls-files', '-z'];
      return split((await run(words)).text);
    },
    async search(word, commit) {
      const where = commit === undefined ? [] : [commit];
      const answer = await run([
        'grep',
        '-z',
        '-l',
        '-F',
        '-e',
        word,
        ...where,
        '--',
        ...yamlFiles,
      ]);
      // grep's own way to say that nothing was found.
      if (answer.exitCode === 1) return [];
      return split(answer.text)?.map((line) => (commit ? line.slice(commit.length + 1) : line));
    },
    async read(commit, path) {
      return (await run(['cat-file', 'blob', `${commit}:./${path}`])).text;
    },
  };
}
