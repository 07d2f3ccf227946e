import { messageOf } from '../errors.ts';
import { ApiError } from './api-client.ts';
import { isOwn, type MarkerReader } from './comment.ts';
import type { HostRepository } from './github-api.ts';
import type { Issue } from './issues-api.ts';
import type { Notices } from './notices.ts';

/** A text for the issue of a target, which is found by its hidden marker. */
export interface StickyIssue {
  readonly target: string;
  readonly title: string;
  readonly body: string;
  /** Ends the issue with this sentence; absent: the mirror is not whole. */
  readonly ending?: string | undefined;
}

/** Opens our issue, or edits it; several of earlier runs at once stay, and the one that was edited last counts. */
async function publish(
  repository: HostRepository,
  { title, body }: StickyIssue,
  own: readonly Issue[],
): Promise<void> {
  const [latest] = own;
  if (latest === undefined) await repository.createIssue({ title, body });
  else if (latest.body !== body) await repository.editIssue(latest.number, { title, body });
}

/** Closes every issue of ours; the sentence comes after that, so that no run repeats it. */
async function close(repository: HostRepository, ending: string, own: readonly Issue[]) {
  for (const { number } of own) {
    await repository.editIssue(number, { state: 'closed' });
    await repository.createComment(number, ending);
  }
}

async function findOwn(
  repository: HostRepository,
  target: string,
  readMarker: MarkerReader,
): Promise<readonly Issue[]> {
  const login = await repository.login();
  const { issues, isCut } = await repository.openIssues();
  const own = issues.filter(
    ({ author, body }) => isOwn(author, login) && readMarker(body)?.target === target,
  );
  if (own.length === 0 && isCut) throw new Error('There are more open issues than are read.');
  return own;
}

/** Statuses by which hosts refuse a token, or have no issues in this repository. */
const refusals: readonly number[] = [401, 403, 404, 410];

/**
 * Shows a check in one issue for each target: opened when the mirror is not whole, edited by later checks, and closed when it
 * is whole again. Only issues that this account opened count: anybody can copy our marker.
 *
 * Never throws: a token may not write issues, and a repository may have none. The summary holds the same content.
 */
export async function writeIssue(
  repository: HostRepository,
  sticky: StickyIssue,
  tools: { readonly readMarker: MarkerReader; readonly notices: Pick<Notices, 'miss'> },
): Promise<void> {
  const { target, ending } = sticky;
  try {
    const own = await findOwn(repository, target, tools.readMarker);
    if (ending === undefined) await publish(repository, sticky, own);
    else await close(repository, ending, own);
  } catch (error) {
    const isRefused = error instanceof ApiError && refusals.includes(error.status);
    const why = isRefused
      ? 'The token may not write issues. Give the job "issues: write", and look whether the repository has issues.'
      : messageOf(error);
    tools.notices.miss('issue', { why });
  }
}
