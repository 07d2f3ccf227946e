import { sortedUnique } from '../base/index.ts';
import { isImageType } from '../oci/index.ts';
import type { Change, Holder, StayFacts } from './change.ts';
import type { Content } from './content.ts';
import type { Reach } from './reach.ts';

/** Names that a change gives at most; one would do, five show the pattern. */
const maxHolders = 5;

/** Why a manifest stays: with or without its tag. */
export type Verdict = { readonly action: 'untag' | 'hold' } & Exclude<
  StayFacts,
  { previous: unknown }
>;

function because(
  action: Verdict['action'],
  reason: Verdict['reason'],
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

/** Whether all that stays in a repository could be read, some of it might need anything, or not even its tags are known. */
export type SurveyedRest = 'certain' | 'uncertain' | 'unlisted';

/**
 * Chooses the rung for a manifest that is ours to remove.
 *
 * What kept places, foreign tags or kept indexes need stays, and only the tag goes; so does the tag where the list of tags
 * leaves some out. What something refers to as its subject is held; the rest is deleted, unless something that stays in the
 * repository might need it.
 * @see DESIGN, laws 7 and 8
 */
export function chooseRung(reach: Reach | undefined, rest: SurveyedRest): Verdict | undefined {
  if (reach && reach.shared.length > 0) {
    return because('untag', 'shared', ['placement', reach.shared]);
  }
  if (reach && reach.foreign.length > 0) {
    return because('untag', 'foreign-tag', ['tag', reach.foreign]);
  }
  if (reach && reach.subject.length > 0) {
    return because('hold', 'kept-subject', ['subject', reach.subject]);
  }
  if (reach) return because('untag', 'in-kept-index', ['index', reach.index]);
  if (rest === 'unlisted') return { action: 'untag', reason: 'list-incomplete' };
  return rest === 'certain' ? undefined : { action: 'hold', reason: 'unreadable' };
}
