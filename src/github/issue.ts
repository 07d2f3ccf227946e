import { messageOf } from '../errors.ts';
import { ApiError } from './api-client.ts';
import { isOwn, type MarkerReader } from './comment.ts';
import type { Notices } from './gaps.ts';
import type { HostRepository } from './github-api.ts';
import type { Issue } from './issues-api.ts';

/** A text for the issue of a target, which is found by its hidden marker. */
export interface StickyIssue {
  readonly target: string;
  readonly title: string;
  readonly body: string;
  /** Ends the issue with this sentence; absent: the mirror is not whole. */
  readonly ending?: string | undefined;
}

/** Statuses by which hosts say that an issue is not in this repository any more: it was moved or deleted. */
const gone: readonly number[] = [301, 404, 410];

/** Statuses by which hosts refuse a token, or have no issues in this repository. */
const refusals: readonly number[] = [401, 403, 404, 410];

function hasStatus(error: unknown, statuses: readonly number[]): boolean {
  return error instanceof ApiError && statuses.includes(error.status);
}

/** Opens our issue, or edits it; several of earlier runs at once stay, and the one that was edited last counts. */
async function publish(
  repository: HostRepository,
  { title, body }: StickyIssue,
  [latest]: readonly Issue[],
): Promise<void> {
  if (latest?.body === body) return;
  try {
    if (latest) return await repository.editIssue(latest.number, { title, body });
  } catch (error) {
    if (!hasStatus(error, gone)) throw error;
  }
  await repository.createIssue({ title, body });
}

/** Closes an issue; the sentence comes after that, so that no run repeats it. One that people locked takes none. */
async function closeOne(repository: HostRepository, ending: string, number: number): Promise<void> {
  await repository.editIssue(number, { state: 'closed' });
  try {
    await repository.createComment(number, ending);
  } catch (error) {
    if (!hasStatus(error, refusals)) throw error;
  }
}

/** Closes every issue of ours, also when one of them cannot be closed. @throws the first failure */
async function close(repository: HostRepository, ending: string, own: readonly Issue[]) {
  const failures: unknown[] = [];
  for (const { number } of own) {
    await closeOne(repository, ending, number).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
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
    const why = hasStatus(error, refusals)
      ? 'The token may not write issues. Give the job "issues: write", and look whether the repository has issues.'
      : messageOf(error);
    tools.notices.miss('issue', { why });
  }
}
