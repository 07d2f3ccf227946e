import { messageOf } from '../errors.ts';
import { ApiError, type Comment, type Repository } from './github-api.ts';
import type { Notices } from './notices.ts';

/** What a hidden marker says of a comment: the target it is about, and the plan that it shows. */
export interface Marker {
  readonly target: string;
  readonly digest?: string | undefined;
}

/** Reads the hidden marker of a comment. */
export type MarkerReader = (body: string) => Marker | undefined;

/** A comment to show on a pull request. */
export interface StickyComment {
  readonly pull: number;
  readonly target: string;
  readonly body: string;
}

function findOwn(
  comments: readonly Comment[],
  target: string,
  readMarker: MarkerReader,
): Comment | undefined {
  // A stranger may copy our marker: such a comment is neither edited nor believed.
  const own = comments.filter((comment) => comment.trusted);
  return own.findLast((comment) => readMarker(comment.body)?.target === target);
}

/** Edits the comment; one that belongs to somebody else cannot be edited, then a new one is made. */
async function publish(
  repository: Repository,
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
 * Shows a plan on its pull request: one comment for each target, edited by every later plan.
 *
 * Never throws: a pull request from a fork has a token that may only read, other hosts have no such interface. The
 * summary and the files hold the same.
 */
export async function writeComment(
  repository: Repository,
  sticky: StickyComment,
  tools: { readonly readMarker: MarkerReader; readonly notices: Notices },
): Promise<void> {
  try {
    const comments = await repository.listComments(sticky.pull);
    await publish(repository, sticky, findOwn(comments, sticky.target, tools.readMarker));
  } catch (error) {
    const readOnly = error instanceof ApiError && [401, 403, 404].includes(error.status);
    const why = readOnly
      ? 'The token may not write comments. Give the job "pull-requests: write"; pull requests from forks never get it.'
      : messageOf(error);
    tools.notices.warn(
      'no-comment',
      'The plan could not be shown as a comment.',
      `${why} The job summary and the artifact hold the same; nothing else changes.`,
    );
  }
}
