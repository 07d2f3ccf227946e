import { execFile } from 'node:child_process';
import { isAbsolute, relative } from 'node:path';
import { promisify } from 'node:util';

/** Reads a repository's history; whatever cannot be had is `undefined`. */
export interface GitReader {
  /** Gives the full name of a commit. */
  resolve(revision: string): Promise<string | undefined>;
  /** Gives the text of a file, by its path from the current directory, as it was in a commit. */
  read(commit: string, path: string): Promise<string | undefined>;
  /** Lists paths of YAML files below the current directory, in a commit or, without one, tracked now. */
  list(commit?: string): Promise<readonly string[] | undefined>;
}

const run = promisify(execFile);

/** Configurations are small; 64 MiB is room for the listing of a large repository. */
const maxOutputBytes = 64 * 1024 * 1024;

const isYaml = (path: string) => /\.ya?ml$/i.test(path);

/** Reads a repository by the `git` command, from one of its directories; without a repository every answer is `undefined`. */
export function createGitReader(directory: string): GitReader {
  async function git(...words: string[]): Promise<string | undefined> {
    try {
      return (await run('git', words, { cwd: directory, maxBuffer: maxOutputBytes })).stdout;
    } catch {
      return undefined;
    }
  }

  /** `./` makes git read the path from the directory, not from the top of the repository. */
  function spellPath(path: string): string {
    const near = isAbsolute(path) ? relative(directory, path) : path;
    return near.startsWith('./') || near.startsWith('../') ? near : `./${near}`;
  }

  return {
    async resolve(revision) {
      const name = `${revision}^{commit}`;
      return (await git('rev-parse', '--verify', '--quiet', '--end-of-options', name))?.trim();
    },
    read(commit, path) {
      return git('show', '--end-of-options', `${commit}:${spellPath(path)}`);
    },
    async list(commit) {
      const names =
        commit === undefined
          ? await git('ls-files', '-z')
          : await git('ls-tree', '-r', '-z', '--name-only', '--end-of-options', commit);
      return names?.split('\0').filter(isYaml);
    },
  };
}
