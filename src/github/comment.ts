import { messageOf } from '../errors.ts';
import { ApiError } from './api-client.ts';
import type { Notices } from './gaps.ts';
import type { Comment, HostRepository } from './github-api.ts';

/** The content of the hidden marker of a comment: its target, the run that wrote it, and the plan that it shows. */
export interface Marker {
  readonly target: string;
  /** Key of the target and the image sets; comments of older versions have none. */
  readonly key?: string | undefined;
  /** Head commit of the pull request. */
  readonly head?: string | undefined;
  /** `<run id>-<attempt>` */
  readonly run?: string | undefined;
  readonly digest?: string | undefined;
}

/** Reads the hidden marker of a comment. */
export type MarkerReader = (body: string) => Marker | undefined;

/** A comment to show on a pull request. */
export interface StickyComment {
  readonly pull: number;
  readonly target: string;
  /** The key of the comment, then the keys that an earlier run may have given it. */
  readonly keys: readonly string[];
  readonly body: string;
}

/** The accounts of job tokens, for hosts that do not tell the account of a token. */
const jobLogins: readonly string[] = ['github-actions[bot]', 'gitea-actions', 'forgejo-actions'];

/** Tells whether an account is that of the token; `login` is what the host tells of it. */
export function isOwn(author: string | undefined, login: string | undefined): boolean {
  return (login === undefined ? jobLogins : [login]).includes(author ?? '');
}

/** Finds the earlier comment of this account. Anyone can copy our marker; a copy of another account is never edited. */
function findOwn(
  comments: readonly Comment[],
  { target, keys }: StickyComment,
  { login, readMarker }: { readonly login: string | undefined; readonly readMarker: MarkerReader },
): Comment | undefined {
  const own = comments
    .filter(({ author }) => isOwn(author, login))
    .map((comment) => ({ comment, marker: readMarker(comment.body) }))
    .filter(({ marker }) => marker?.target === target);
  for (const key of [...keys, undefined]) {
    const found = own.findLast(({ marker }) => marker?.key === key);
    if (found) return found.comment;
  }
  return undefined;
}

/** Edits our comment. If the host refuses, because the comment belongs to another account, writes a new one. */
async function publish(
  repository: HostRepository,
  sticky: StickyComment,
  own: Comment | undefined,
): Promise<void> {
  if (own?.body === sticky.body) return;
  if (own !== undefined) {
    try {
      return await repository.editComment(own.id, sticky.body);
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 403 && error.status !== 404))
        throw error;
    }
  }
  await repository.createComment(sticky.pull, sticky.body);
}

/**
 * Shows a plan on its pull request: one comment for each target and its image sets, edited by every later plan.
 *
 * Never throws: the token of a pull request from a fork may only read, and other hosts have no comments. The summary and
 * the files hold the same content.
 */
export async function writeComment(
  repository: HostRepository,
  sticky: StickyComment,
  tools: { readonly readMarker: MarkerReader; readonly notices: Pick<Notices, 'miss'> },
): Promise<void> {
  try {
    const { readMarker } = tools;
    const login = await repository.login();
    const comments = await repository.listComments(sticky.pull);
    await publish(repository, sticky, findOwn(comments, sticky, { login, readMarker }));
  } catch (error) {
    const readOnly = error instanceof ApiError && [401, 403, 404].includes(error.status);
    const why = readOnly
      ? 'The token may not write comments. Give the job "pull-requests: write"; pull requests from forks never get it.'
      : messageOf(error);
    tools.notices.miss('comment', { why });
  }
}
