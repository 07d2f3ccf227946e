import type { SourcePosition } from '../../errors.ts';
import type { Action, Plan } from '../../plan/index.ts';
import type { PageOf } from '../text/index.ts';

/** The pages of a host that show the files of a commit. */
export interface SourcePages {
  /** Address before the commit: `https://github.com/acme/mirrors/blob`; absent: the host has no pages. */
  readonly sourceUrl?: string | undefined;
  /** Commit of the files as the author wrote them; absent: the head of the plan. */
  readonly commit?: string | undefined;
}

/** The pages of the files before and after a change. */
export interface Pages {
  readonly base: PageOf;
  readonly head: PageOf;
}

function isInside(file: string): boolean {
  return !file.startsWith('/') && !file.split('/').includes('..');
}

/** Prepares the addresses of lines of one commit; a line of a file outside of the repository has none. */
export function pageOf(sourceUrl: string | undefined, commit: string | undefined): PageOf {
  return ({ file, line }: SourcePosition) =>
    sourceUrl === undefined || commit === undefined || !isInside(file)
      ? undefined
      : `${sourceUrl}/${commit}/${file.split('/').map(encodeURIComponent).join('/')}#L${line}`;
}

/** Prepares the addresses of lines: of the commit that a plan starts from, and of the author's. */
export function pagesOf({ base, head }: Plan, { sourceUrl, commit }: SourcePages): Pages {
  return { base: pageOf(sourceUrl, base.commit), head: pageOf(sourceUrl, commit ?? head.commit) };
}

const asksNow: readonly Action[] = ['mirror', 'retag', 'keep'];

/** Chooses the pages on which the lines of a change stand: an image that goes was asked for in the files before. */
export function pagesFor(action: Action, { base, head }: Pages): PageOf {
  return asksNow.includes(action) ? head : base;
}
