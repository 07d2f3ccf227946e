import type { Diagnostic } from '../diagnostic.ts';
import { openGit } from '../door/index.ts';
import type { Session } from './session.ts';

/**
 * Says that the checkout is not the change that a pull request proposes: then a plan would be about something else, and
 * must not be published for its review. `undefined` when it is the head, its merge with the base, or cannot be told.
 */
export async function findForeignCheckout({
  host,
  event,
}: Session): Promise<Diagnostic | undefined> {
  const head = event.pullRequest?.headSha;
  if (head === undefined) return undefined;
  const git = await openGit(host.env['GITHUB_WORKSPACE'] || '.', host.env);
  const commit = await git?.resolve('HEAD');
  if (git === undefined || commit === undefined || commit === head) return undefined;
  const parents = await git.parents(commit);
  if (parents.length > 1 && parents.includes(head)) return undefined;
  return {
    severity: 'error',
    code: 'checkout-is-not-the-change',
    summary: 'The checkout is not the change of this pull request, so no plan is published.',
    detail: `The checkout is ${commit}; the head of the pull request is ${head}, and the checkout is no merge of it. On pull_request_target, actions/checkout gives the base. Run this action on pull_request.`,
  };
}
