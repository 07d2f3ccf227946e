import { compareText } from '../../base/index.ts';
import type { Change, Holder, Reason } from '../../plan/index.ts';
import { listPhrases, name, type Phrase, say, shortDigest } from '../text/index.ts';

/** Names up to five holders. */
export function holderNames(change: Change): Phrase {
  const holders: readonly Holder[] = change.holders ?? [];
  return listPhrases(
    holders.map((holder) => [name(holder.name)]),
    5,
  );
}

function previousName({ previous }: Change): Phrase {
  return previous === undefined ? say`another digest` : [name(shortDigest(previous))];
}

function replacement({ replacedBy }: Change): Phrase {
  return replacedBy === undefined ? say`another digest` : [name(shortDigest(replacedBy))];
}

type Describe = (change: Change) => Phrase;

const reasons: Readonly<Record<Reason, Describe>> = {
  wanted: () => say`an image set wants it, the target lacks it`,
  missing: () => say`it was mirrored before and is missing in the target`,
  moved: (change) => say`the tag names ${previousName(change)} now`,
  mirrored: () => say`it is there and wanted`,
  adopted: () => say`another tool put it there, and it is what upstream names`,
  removed: () => say`no longer wanted, nothing kept needs it`,
  stale: () => say`no image set wants it`,
  replaced: (change) => say`replaced by ${replacement(change)}, and nothing else names it`,
  shared: (change) => say`${holderNames(change)} needs the same digest`,
  'wanted-elsewhere': (change) => say`image set ${holderNames(change)} wants it`,
  'foreign-tag': (change) => say`tag ${holderNames(change)} points at it`,
  'list-incomplete': () =>
    say`the registry's tag list is incomplete, and a tag that it leaves out may name the digest`,
  'in-kept-index': (change) => say`index ${holderNames(change)} contains it`,
  'kept-subject': (change) => say`${holderNames(change)} refers to it`,
  protected: (change) => say`protected by ${holderNames(change)}`,
  'tag-moved': (change) => say`the tag names ${previousName(change)} now, which is not ours`,
  'not-ours': () => say`nothing says that this tool mirrored it`,
  unreviewed: (change) =>
    change.replacedBy === undefined
      ? say`it waits: its removal was not approved yet`
      : say`replaced by ${replacement(change)}; that it goes was not reviewed yet`,
  unreadable: () => say`a manifest could not be read, so what it shares is unknown`,
};

/** Explains the reason of a change. */
export function describeReason(change: Change): Phrase {
  return reasons[change.reason](change);
}

const byHand = say`Delete it by hand if it should go.`;

/** The remedy for a registry that lists only some of its tags. */
export const mendList = say`Distribution 3.1 on S3 leaves out every tag that begins with another one: upgrade it, or use 3.0 or a filesystem driver. On other registries raise the limit of a page, or report that they cut the list without a Link header.`;

const remedies: Partial<Readonly<Record<Reason, Phrase>>> = {
  'wanted-elsewhere': say`To delete it, take it out of that image set too.`,
  'foreign-tag': say`To delete it, remove that tag first: this tool did not put it there and will not.`,
  'list-incomplete': mendList,
  'in-kept-index': say`It goes with the last index that contains it.`,
  'kept-subject': say`To delete it, remove what refers to it first.`,
  protected: say`To delete it, take the pattern out of ${name('protect')}.`,
  'tag-moved': byHand,
  'not-ours': byHand,
  unreviewed: say`It goes with the next plan that is reviewed.`,
  unreadable: say`Plan again when the registry can serve every manifest of the repository.`,
};

/** Explains how to remove an image that is held. */
export function describeRemedy(change: Change): Phrase {
  return remedies[change.reason] ?? byHand;
}

const reasonWords: Readonly<Record<string, string>> = {
  'wanted-elsewhere': 'wanted by another image set',
  'foreign-tag': 'named by a tag that is not ours',
  'list-incomplete': 'in repositories with an incomplete tag list',
  'in-kept-index': 'part of a kept index',
  'kept-subject': 'referred to by something kept',
  protected: 'protected',
  'tag-moved': 'under a tag that was moved',
  'not-ours': 'not mirrored by this tool',
  unreviewed: 'not reviewed',
  unreadable: 'not readable',
};

/** Counts why several images, or their digests, stay: `3 protected, 1 not readable`, the most frequent first. */
export function summarizeReasons(changes: readonly Change[]): string {
  const counts = Map.groupBy(changes, ({ reason }) => reason);
  return [...counts]
    .map(([reason, found]) => ({ words: reasonWords[reason] ?? reason, count: found.length }))
    .sort((a, b) => b.count - a.count || compareText(a.words, b.words))
    .map(({ words, count }) => `${count} ${words}`)
    .join(', ');
}
