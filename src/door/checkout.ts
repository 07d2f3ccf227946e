import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Git, openGit } from './git.ts';
import type { ProcessEnv } from './git-runner.ts';
import { nameRepository } from './repository-name.ts';
import { openNow, type Tree } from './tree.ts';

/** A directory tree in which each file has one name, independent of the current directory. */
export interface Checkout {
  /** Real path at which all paths begin: the top level of the work tree or, without git, the directory itself. */
  readonly top: string;
  /** `host/owner/name`, or a `file:` URL. */
  readonly repository: string;
  readonly git: Git | undefined;
  /** The files as they are now: those of the commit, with the edits of the working tree on top. */
  readonly now: Tree;
}

/** Gives the real path of the nearest directory that exists. */
async function realDirectory(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch {
    const parent = dirname(directory);
    return parent === directory ? directory : await realDirectory(parent);
  }
}

/** Opens the checkout that a directory lies in. */
export async function openCheckout(directory: string, env: ProcessEnv): Promise<Checkout> {
  const real = await realDirectory(directory);
  const git = await openGit(real, env);
  const top = git?.top ?? real;
  const origin = await git?.origin();
  const repository = await nameRepository({ top, origin, env });
  return { top, repository, git, now: await openNow(top, git) };
}
