import { compareText } from '../../base/index.ts';
import type { Change, HoldFacts, Reason } from '../../plan/index.ts';
import { agree, listNamed, name, type Phrase, say, shortDigest } from '../text/index.ts';

function holderNames({ holders = [] }: Change): Phrase {
  const names = holders.map((holder) => holder.name);
  return listNamed(names, 5);
}

/** Lets a word agree with the number of holders. */
function agreeWith({ holders = [] }: Change, one: string, many: string): string {
  return agree(holders.length, one, many);
}

function digestName(digest: string): Phrase {
  return [name(shortDigest(digest))];
}

const byHand = say`Delete it by hand if it should go.`;

/** The remedy for a registry that lists only some of its tags. */
export const mendList = say`Distribution 3.1 on S3 leaves out every tag that begins with another one: upgrade it, or use 3.0 or a filesystem driver. On other registries raise the limit of a page, or report that they cut the list without a Link header.`;

/** The words for a reason for which an image stays. */
interface StayWords {
  /** How to remove the image all the same. */
  readonly remedy: Phrase;
  /** Behind a count: `3 protected`. */
  readonly short: string;
}

type Words<R extends Reason> = {
  readonly why: (change: Change & { readonly reason: R }) => Phrase;
} & (R extends HoldFacts['reason'] ? StayWords : unknown);

const words: { readonly [R in Reason]: Words<R> } = {
  wanted: { why: () => say`an image set wants it, the target lacks it` },
  missing: { why: () => say`it was mirrored before and is missing in the target` },
  moved: { why: ({ previous }) => say`the tag names ${digestName(previous)} now` },
  mirrored: { why: () => say`it is there and wanted` },
  adopted: { why: () => say`another tool put it there, and it is what upstream names` },
  removed: {
    why: ({ outgrown }) =>
      outgrown
        ? say`its catalog moved on to other bundles, nothing kept needs it`
        : say`no longer wanted, nothing kept needs it`,
  },
  stale: { why: () => say`no image set wants it` },
  replaced: {
    why: ({ replacedBy }) => say`replaced by ${digestName(replacedBy)}, and nothing else names it`,
  },
  shared: {
    why: (change) =>
      say`${holderNames(change)} ${agreeWith(change, 'needs', 'need')} the same digest`,
    remedy: byHand,
    short: 'shared',
  },
  'wanted-elsewhere': {
    why: (change) =>
      say`image ${agreeWith(change, 'set', 'sets')} ${holderNames(change)} ${agreeWith(change, 'wants', 'want')} it`,
    remedy: say`To delete it, take it out of that image set too.`,
    short: 'wanted by another image set',
  },
  'foreign-tag': {
    why: (change) =>
      say`${agreeWith(change, 'tag', 'tags')} ${holderNames(change)} ${agreeWith(change, 'points', 'point')} at it`,
    remedy: say`To delete it, remove that tag first: this tool did not put it there and will not.`,
    short: 'named by a tag that is not ours',
  },
  'list-incomplete': {
    why: () =>
      say`the registry's tag list is incomplete, and a tag that it leaves out may name the digest`,
    remedy: mendList,
    short: 'in repositories with an incomplete tag list',
  },
  'in-kept-index': {
    why: (change) => say`index ${holderNames(change)} contains it`,
    remedy: say`It goes with the last index that contains it.`,
    short: 'part of a kept index',
  },
  'subject-stays': {
    why: (change) =>
      change.holders
        ? say`${holderNames(change)} stays, and it belongs to that`
        : say`its image stays`,
    remedy: say`It goes with the image that it belongs to.`,
    short: 'attached to an image that stays',
  },
  'kept-subject': {
    why: (change) => say`${holderNames(change)} refers to it`,
    remedy: say`To delete it, remove what refers to it first.`,
    short: 'referred to by something kept',
  },
  protected: {
    why: (change) => say`protected by ${holderNames(change)}`,
    remedy: say`To delete it, take the pattern out of ${name('protect')}.`,
    short: 'protected',
  },
  'tag-moved': {
    why: ({ previous }) => say`the tag names ${digestName(previous)} now, which is not ours`,
    remedy: byHand,
    short: 'under a tag that was moved',
  },
  'not-ours': {
    why: () => say`nothing says that this tool mirrored it`,
    remedy: byHand,
    short: 'not mirrored by this tool',
  },
  unreviewed: {
    why: ({ replacedBy }) =>
      replacedBy === undefined
        ? say`it waits: its removal was not approved yet`
        : say`replaced by ${digestName(replacedBy)}; that it goes was not reviewed yet`,
    remedy: say`It goes with the next plan that is reviewed.`,
    short: 'not reviewed',
  },
  unreadable: {
    why: () => say`a manifest could not be read, so what it shares is unknown`,
    remedy: say`Plan again when the registry can serve every manifest of the repository.`,
    short: 'not readable',
  },
};

function wordsOf({ reason }: Change) {
  return words[reason] as { readonly why: (change: Change) => Phrase } & Partial<StayWords>;
}

/** Explains the reason of a change. */
export function describeReason(change: Change): Phrase {
  return wordsOf(change).why(change);
}

/** Explains how to remove an image that is held. */
export function describeRemedy(change: Change): Phrase {
  return wordsOf(change).remedy ?? byHand;
}

/** Counts why several images, or their digests, stay: `3 protected, 1 not readable`, the most frequent first. */
export function summarizeReasons(changes: readonly Change[]): string {
  const counts = Map.groupBy(changes, (change) => wordsOf(change).short ?? change.reason);
  return [...counts]
    .sort(([a, left], [b, right]) => right.length - left.length || compareText(a, b))
    .map(([short, { length }]) => `${length} ${short}`)
    .join(', ');
}
