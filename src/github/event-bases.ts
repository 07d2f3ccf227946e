import type { Git } from '../door/index.ts';
import type { Event } from './event.ts';

/**
 * Lists the commits before a change that the event knows, the best first.
 *
 * Pull request: the first parent of the test merge, else the merge base, else the tip of the base branch. Push: the
 * commit before it; none for a new branch.
 */
export async function eventBases(event: Event, git: Git): Promise<string[]> {
  const pull = event.pullRequest;
  if (pull === undefined) return event.before === undefined ? [] : [event.before];
  const head = await git.resolve('HEAD');
  const [first, second] = head === undefined ? [] : await git.parents(head);
  const testMerge = first !== undefined && second !== undefined && second === pull.headSha;
  const candidates = [
    testMerge ? first : undefined,
    pull.baseSha && head ? await git.mergeBase(pull.baseSha, head) : undefined,
    pull.baseSha,
  ];
  return candidates.filter((commit) => commit !== undefined);
}
