import type { Revision } from '../plan/index.ts';
import type { ConfigFile, PlanRequest } from '../run/index.ts';
import { type ConfigSource, readCommit } from './config-files.ts';
import type { Event } from './event.ts';
import type { Git } from './git.ts';
import { inputError } from './input-values.ts';

/** What decides from where a diff starts. */
export interface BaseFacts {
  readonly source: ConfigSource;
  readonly event: Event;
  /** The input `base`. */
  readonly base: string | undefined;
}

/** Makes a commit readable: it is here, or one fetch brings it. */
async function obtain(git: Git, revision: string): Promise<string | undefined> {
  const here = await git.resolve(revision);
  if (here !== undefined) return here;
  return (await git.fetch(revision)) ? await git.resolve(revision) : undefined;
}

async function filesAt(
  { source }: BaseFacts,
  revision: string,
  from: Revision['from'],
): Promise<{ files: readonly ConfigFile[]; revision: Revision } | undefined> {
  const commit = await obtain(source.git, revision);
  const files = commit === undefined ? undefined : await readCommit(source, commit);
  return commit === undefined || files === undefined
    ? undefined
    : { files, revision: { commit, from } };
}

/**
 * Lists the commits before a change that the event knows, the best first.
 *
 * Pull request: the first parent of the test merge, else the merge base, else the tip of the base branch. Push: the
 * commit before it; none for a new branch.
 */
async function eventBases({ event, source: { git } }: BaseFacts): Promise<string[]> {
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

/**
 * Makes the question for the base of a plan: the commit that was last applied when the state knows one, else what the
 * event says; the input `base` wins over both.
 * @see the laws of the plan: the base of a diff is the last applied commit, so that a dropped run is caught up
 */
export function findBase(facts: BaseFacts): PlanRequest['base'] {
  return async (lastApplied) => {
    if (facts.base !== undefined) {
      const found = await filesAt(facts, facts.base, 'input');
      if (found !== undefined) return found;
      throw inputError(
        'base',
        `the commit ${JSON.stringify(facts.base)} cannot be had.`,
        'Check it out with its history (fetch-depth: 0), or leave the input out.',
      );
    }
    if (lastApplied !== undefined) return await filesAt(facts, lastApplied, 'state');
    for (const commit of await eventBases(facts)) {
      const found = await filesAt(facts, commit, 'event');
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
