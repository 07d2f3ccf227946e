import type { PlanRequest } from '../run/index.ts';
import type { Git } from './git.ts';

/** How far clocks may be apart, in milliseconds: closer times are not trusted to order commits. */
const clockSkewMs = 60 * 60 * 1000;

/** Commits that one deepening of a shallow clone brings. */
const deepening = 200;

/** Tells by times that a commit is newer than another one: it cannot be its ancestor then. */
async function isNewer(git: Git, head: string, time: number | undefined): Promise<boolean> {
  const own = await git.timeOf(head);
  return own !== undefined && time !== undefined && own > time;
}

/** Decides by times where they are clear, else by more of the history. */
async function askDeeper(
  git: Git,
  head: string,
  { commit, at }: { readonly commit: string; readonly at?: string },
): Promise<boolean | undefined> {
  const appliedAt = at === undefined ? undefined : Date.parse(at) + clockSkewMs;
  if (await isNewer(git, head, appliedAt)) return false;
  if (!(await git.fetch(commit, deepening))) return undefined;
  if (await git.isAncestor(head, commit)) return true;
  const isWhole = !(await git.isShallow());
  return isWhole || (await isNewer(git, head, await git.timeOf(commit))) ? false : undefined;
}

/**
 * Makes the question whether the head is an ancestor of a commit that was applied. In a shallow clone times decide where
 * they are clear, else the history is deepened once.
 *
 * `compare` asks the host, where it can be asked.
 */
export function findAge(
  git: Git,
  head: string,
  compare?: (older: string, newer: string) => Promise<boolean | undefined>,
): NonNullable<PlanRequest['isOlderThan']> {
  return async (applied) => {
    const { commit } = applied;
    if (commit === head) return false;
    const isHere = (await git.resolve(commit)) !== undefined;
    const known = isHere ? await git.isAncestor(head, commit) : undefined;
    if (known || (known === false && !(await git.isShallow()))) return known;
    return (await askDeeper(git, head, applied)) ?? (await compare?.(head, commit));
  };
}
