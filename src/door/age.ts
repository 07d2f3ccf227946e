import type { PlanRequest } from '../run/index.ts';
import type { Git } from './git.ts';

/** The possible difference between two clocks, in milliseconds: closer times do not order commits. */
const clockSkewMs = 60 * 60 * 1000;

/** Commits that one deepening of a shallow clone brings. */
const deepening = 200;

/** Tells whether a commit is newer than a time: then it cannot be an ancestor of a commit of that time. */
async function isNewer(git: Git, head: string, time: number | undefined): Promise<boolean> {
  const own = await git.timeOf(head);
  return own !== undefined && time !== undefined && own > time;
}

/** The record of a commit that was applied. */
type Applied = Parameters<NonNullable<PlanRequest['isOlderThan']>>[0];

/** Tells by times whether the head is newer than the applied commit. */
async function isNewerThan(git: Git, head: string, { at }: Applied): Promise<boolean> {
  return await isNewer(git, head, at === undefined ? undefined : Date.parse(at) + clockSkewMs);
}

/** Fetches more of the history and asks again. */
async function askDeeper(git: Git, head: string, commit: string): Promise<boolean | undefined> {
  if (!(await git.fetch(commit, deepening))) return undefined;
  if (await git.isAncestor(head, commit)) return true;
  const isWhole = !(await git.isShallow());
  return isWhole || (await isNewer(git, head, await git.timeOf(commit))) ? false : undefined;
}

/**
 * Makes the function that tells whether the head is an ancestor of an applied commit. If the local history does not decide,
 * clear times do, then the host if it can be asked (`compare`), then the history after one deepening.
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
    if (await isNewerThan(git, head, applied)) return false;
    return (await compare?.(head, commit)) ?? (await askDeeper(git, head, commit));
  };
}
