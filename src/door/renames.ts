import { type ConfigFile, pairRenames } from '../run/index.ts';
import type { Checkout } from './checkout.ts';
import type { Git } from './git.ts';

import { openCommit } from './tree.ts';

/** An image set of the base that the head does not have under the same name. */
export interface GoneFile extends ConfigFile {
  readonly identity: string;
}

/** Gives the full name of a commit, after fetching it if it is missing. */
export async function obtain(git: Git | undefined, revision: string): Promise<string | undefined> {
  const here = await git?.resolve(revision);
  if (here !== undefined) return here;
  return (await git?.fetch(revision)) ? await git?.resolve(revision) : undefined;
}

/** Lists the files of the commits of missing image sets, as far as the commits can be fetched. */
async function listCommits(git: Git | undefined, gone: readonly GoneFile[]) {
  const paths = new Map<string, ReadonlySet<string>>();
  for (const commit of new Set(gone.flatMap((file) => file.commit ?? []))) {
    const here = await obtain(git, commit);
    const tree = git && here ? await openCommit(git, here) : undefined;
    if (tree) paths.set(commit, new Set(tree.tracked.map(({ path }) => path)));
  }
  return paths;
}

/**
 * Finds renames as git does: the old path no longer exists, the new one is new, and half of the text is the same. An image
 * set that was known by a given name may have had any path.
 */
export async function findRenames(
  { git }: Checkout,
  gone: readonly GoneFile[],
  come: readonly ConfigFile[],
): Promise<ReadonlyMap<ConfigFile, GoneFile>> {
  if (gone.length === 0 || come.length === 0) return new Map();
  const commits = await listCommits(git, gone);
  return pairRenames(gone, come, (before, after) => {
    if (before.path === undefined) return true;
    const then = before.commit === undefined ? undefined : commits.get(before.commit);
    return then?.has(before.path) === true && !then.has(after.path ?? '');
  });
}
