import type { Diagnostic } from '../diagnostic.ts';
import { openGit } from '../door/index.ts';
import type { JobSession } from './session.ts';

function refuse(why: string): Diagnostic {
  return {
    severity: 'error',
    code: 'checkout-is-not-the-change',
    summary: 'The checkout is not the change of this pull request, so no plan is published.',
    detail: `The commit of the checkout ${why}. On pull_request_target, actions/checkout gives the base. Run this action on pull_request.`,
  };
}

/**
 * Refuses a checkout that is not the change of the pull request: its plan would be about something else, and must not be
 * published for review. `undefined` for the head, for its merge with the base, and if the commit is not known.
 */
export async function findForeignCheckout({
  host,
  event,
}: JobSession): Promise<Diagnostic | undefined> {
  const head = event.pullRequest?.headSha;
  if (head === undefined) return undefined;
  const git = await openGit(host.env['GITHUB_WORKSPACE'] || '.', host.env);
  const commit = await git?.resolve('HEAD');
  if (git === undefined || commit === undefined) {
    // By default actions/checkout gives the change on pull_request, and the base on pull_request_target.
    return event.name === 'pull_request_target'
      ? refuse('is not known: the checkout is no git repository')
      : undefined;
  }
  if (commit === head) return undefined;
  const parents = await git.parents(commit);
  if (parents.length > 1 && parents.includes(head)) return undefined;
  return refuse(
    `is ${commit}; the head of the pull request is ${head}, and the checkout is no merge of it`,
  );
}
