import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sortedUnique } from '../base/index.ts';
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

/** Joins repository and path to the identity of an image set: `github.com/acme/mirrors//clusters/prod.yaml`. */
export function identityOf(repository: string, path: string): string {
  return `${repository}//${path}`;
}

/** Tells whether a user may give this name to image sets: it must not look like an identity. */
export function isGivenName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,199}$/.test(text) && !text.includes('//');
}

/** Splits an identity. One without a path is a given name, or a path that an older version recorded. */
export function readIdentity(identity: string): {
  readonly repository: string;
  readonly path: string | undefined;
} {
  const scheme = identity.startsWith('file://') ? 'file://'.length : 0;
  const end = identity.indexOf('//', scheme);
  if (end < 0) return { repository: identity, path: undefined };
  return { repository: identity.slice(0, end), path: identity.slice(end + 2) };
}

/** Hex digits of a key: short enough for names, long enough that two keys of one repository differ. */
const keyLength = 12;

/**
 * Names a target together with the image sets that a run is about.
 *
 * Order and repetition of the identities make no difference. Comments, artifacts, caches and directories of a run carry
 * the key, so that two jobs of a matrix never use each other's.
 * @param target `host[:port][/path]`
 */
export function runKey(target: string, identities: Iterable<string>): string {
  const text = JSON.stringify([target, ...sortedUnique(identities)]);
  return createHash('sha256').update(text).digest('hex').slice(0, keyLength);
}
