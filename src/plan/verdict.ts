import { isImageType } from '../oci/index.ts';
import type { Content } from './content.ts';
import { sortedUnique } from './order.ts';
import type { Reach } from './reach.ts';
import type { Change, Holder } from './types.ts';

/** Names that a change gives at most; one would do, five show the pattern. */
const maxHolders = 5;

/** What becomes of a candidate. */
export type Verdict = Pick<Change, 'action' | 'reason' | 'holders'>;

function because(
  action: 'untag' | 'hold',
  reason: Change['reason'],
  [kind, names]: readonly [Holder['kind'], readonly string[]],
): Verdict {
  const holders = sortedUnique(names).slice(0, maxHolders);
  return { action, reason, holders: holders.map((name) => ({ kind, name })) };
}

/** Tells whether nobody knows what a manifest has below it. */
export function isUnreadable(
  { digest, mediaType }: Pick<Change, 'digest' | 'mediaType'>,
  content: Content,
): boolean {
  return !content.has(digest) && !isImageType(mediaType);
}

/** Whether all that stays in a repository could be read, or some of it might need anything. */
export type SurveyedRest = 'certain' | 'uncertain';

/**
 * Chooses the rung for a manifest that is ours to remove.
 *
 * What our own kept places need stays, and only the tag goes; what others need is held; the rest is deleted, unless
 * something that stays in the repository might need it.
 * @see DESIGN, laws 7 and 8
 */
export function chooseRung(reach: Reach | undefined, rest: SurveyedRest): Verdict | undefined {
  if (reach && reach.shared.length > 0) {
    return because('untag', 'shared', ['placement', reach.shared]);
  }
  if (reach && reach.foreign.length > 0) {
    return because('hold', 'foreign-tag', ['tag', reach.foreign]);
  }
  if (reach && reach.subject.length > 0) {
    return because('hold', 'kept-subject', ['subject', reach.subject]);
  }
  if (reach) return because('untag', 'in-kept-index', ['index', reach.index]);
  return rest === 'certain' ? undefined : { action: 'hold', reason: 'unreadable' };
}
