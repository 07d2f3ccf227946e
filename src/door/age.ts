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

/** What is known of a commit that was applied. */
type Applied = Parameters<NonNullable<PlanRequest['isOlderThan']>>[0];

/** Tells by times that the head is newer than what was applied. */
async function isNewerThan(git: Git, head: string, { at }: Applied): Promise<boolean> {
  return await isNewer(git, head, at === undefined ? undefined : Date.parse(at) + clockSkewMs);
}

/** Decides by more of the history. */
async function askDeeper(git: Git, head: string, commit: string): Promise<boolean | undefined> {
  if (!(await git.fetch(commit, deepening))) return undefined;
  if (await git.isAncestor(head, commit)) return true;
  const isWhole = !(await git.isShallow());
  return isWhole || (await isNewer(git, head, await git.timeOf(commit))) ? false : undefined;
}

/**
 * Makes the question whether the head is an ancestor of a commit that was applied. Where the history that is here does not
 * tell, times decide if they are clear, then the host if it can be asked (`compare`), then the history, deepened once.
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
