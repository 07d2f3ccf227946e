import { type Cause, type ImageKind, placeKey, type ReleaseId } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';

/** What can be done with one place of the target. */
export const actions = ['mirror', 'retag', 'keep', 'delete', 'untag', 'hold'] as const;

/** What will be done with one place of the target. */
export type Action = (typeof actions)[number];

/** Reasons for which a digest stays although its place is not wanted: by `untag` only the tag goes, by `hold` nothing. */
export const stayReasons = [
  'shared', // other kept places need the same digest
  'foreign-tag', // a tag that this tool did not put there names the digest, or an index above it
  'in-kept-index', // a kept index has it as a child
  'list-incomplete', // the registry's list leaves tags out, and any of them may name the digest
  'wanted-elsewhere', // another image set of the target wants this place
  'kept-subject', // something kept refers to it as its subject
  'protected', // `protect` names it
  'tag-moved', // the tag names a digest that is not ours
  'unreviewed', // its removal was not reviewed, or `max-delete` allows fewer
  'not-ours', // nothing says that this tool mirrored it, and it is not what upstream names
  'unreadable', // the manifest could not be read, so what it shares is unknown
] as const;

/** Reasons for every other action. */
export const reasonsOf = {
  mirror: [
    'wanted', // an image set wants it and the target lacks it
    'missing', // the state says it was mirrored, the target lacks it
  ],
  retag: ['moved'], // the tag names other content now
  keep: [
    'mirrored', // it is there
    'adopted', // it is there, put by another tool, and is what upstream names
  ],
  delete: [
    'removed', // the change of the configuration removes it
    'stale', // no image set wants it any more (prune: stale)
  ],
  replaced: ['replaced'], // its place names other content from then on, and nothing else names it
} as const;

type ReasonOf<Key extends keyof typeof reasonsOf> = (typeof reasonsOf)[Key][number];

/** Why a digest stays although its place is not wanted. */
export type StayReason = (typeof stayReasons)[number];

/** Why something is done; the closed set of reasons. */
export type Reason = ReasonOf<keyof typeof reasonsOf> | StayReason;

/** Kinds of what holds a digest back. */
export const holderKinds = [
  'placement',
  'image-set',
  'tag',
  'index',
  'subject',
  'pattern',
] as const;

/** What holds a digest back. */
export interface Holder {
  readonly kind: (typeof holderKinds)[number];
  /** `openshift/release:4.16.6-x86_64-cli`, an image set's name, a glob. */
  readonly name: string;
}

/** The facts that every change has. */
export interface ChangeFacts {
  readonly kind: ImageKind;
  readonly repository: string;
  readonly tag: string;
  readonly digest: Digest;
  readonly mediaType: string;
  /** The reference that oc-mirror shows for it. */
  readonly origin: string;
  readonly causes: readonly Cause[];
  readonly release?: ReleaseId;
  readonly component?: string;
  /** `os/architecture` pairs to which an index is limited. */
  readonly platforms?: readonly string[];
  /** Bytes of everything below the manifest, each blob once. */
  readonly size: number;
  /** Bytes that this change alone moves (mirror) or frees (delete); the first change that needs a shared blob counts it. */
  readonly bytes: number;
}

/** The facts that only some changes have. */
interface OwnFacts {
  /** Where it is pulled from, `registry/repository`; the digest is `digest`. */
  readonly source: string;
  /** The digest that the tag names before. */
  readonly previous: Digest;
  /** What the place names instead. */
  readonly replacedBy: Digest;
  /** Its tag is gone already, and the digest lies there still. */
  readonly tagless: true;
  readonly holders: readonly Holder[];
}

/** A change with facts of its own, and with none that belong to other changes. */
type With<Own> = Own extends object
  ? ChangeFacts & Readonly<Own> & { readonly [Other in Exclude<keyof OwnFacts, keyof Own>]?: never }
  : never;

/** Why a digest stays, and what keeps it. */
export type StayFacts = { readonly reason: Exclude<StayReason, 'tag-moved'> } & Partial<
  Pick<OwnFacts, 'holders'>
>;

/** Why a place stays as it is. */
export type HoldFacts = StayFacts | ({ readonly reason: 'tag-moved' } & Pick<OwnFacts, 'previous'>);

/** A place gets its image, or another image than it has. */
export type BringChange =
  | With<{ action: 'mirror'; reason: ReasonOf<'mirror'> } & Pick<OwnFacts, 'source'>>
  | With<{ action: 'retag'; reason: ReasonOf<'retag'> } & Pick<OwnFacts, 'source' | 'previous'>>;

/** A place has what it should have. */
export type KeepChange = With<{ action: 'keep'; reason: ReasonOf<'keep'> }>;

/** A manifest goes, with the tag of its place. */
export type DeleteChange = With<
  { action: 'delete'; reason: ReasonOf<'delete'> } & Partial<Pick<OwnFacts, 'tagless'>>
>;

/** A tag goes, and its manifest stays. */
export type UntagChange = With<
  { action: 'untag' } & StayFacts & Partial<Pick<OwnFacts, 'tagless'>>
>;

/** A place stays although it is not wanted, or is wanted by others alone. */
export type HoldChange = With<{ action: 'hold' } & HoldFacts & Partial<Pick<OwnFacts, 'tagless'>>>;

/** A change of what the tag of a place names, or a decision against one. */
export type PlaceChange = BringChange | KeepChange | DeleteChange | UntagChange | HoldChange;

/** A digest goes that had a place before: the place names another one, so that nothing is untagged. */
export type ReplacedDelete = With<
  { action: 'delete'; reason: ReasonOf<'replaced'> } & Pick<OwnFacts, 'replacedBy'>
>;

/** A digest that had a place before, and that goes or is held. */
export type ReplacedChange =
  | ReplacedDelete
  | With<{ action: 'hold' } & HoldFacts & Pick<OwnFacts, 'replacedBy'>>;

/** One thing that happens, or deliberately does not, to one place of the target or to a digest that had it. */
export type Change = PlaceChange | ReplacedChange;

/** Something is taken away. */
export type RemovalChange = DeleteChange | UntagChange | ReplacedDelete;

/** The decision of a change: its action, its reason and what belongs to these. */
export type Fate<Of extends Change = Change> = Of extends Change
  ? Omit<Of, keyof ChangeFacts>
  : never;

/** Tells whether a change is about the place that it names, and not about a digest that was replaced there. */
export function isOfPlace<One extends { readonly replacedBy?: Digest }>(
  change: One,
): change is Exclude<One, ReplacedChange> {
  return change.replacedBy === undefined;
}

/** Tells whether a change brings an image to a place. */
export function isBring(change: Change): change is BringChange {
  return change.action === 'mirror' || change.action === 'retag';
}

/** Tells whether a change takes something away. */
export function isRemoval(change: Change): change is RemovalChange {
  return change.action === 'delete' || change.action === 'untag';
}

/** Tells whether a change asks for anything to be written to the target. */
export function isDeed(change: Change): change is BringChange | RemovalChange {
  return isBring(change) || isRemoval(change);
}

/** Holds a removal back until it is planned again; an untag says already why its manifest stays. */
export function holdBack(change: RemovalChange): HoldChange | ReplacedChange {
  return change.action === 'untag'
    ? { ...change, action: 'hold' }
    : { ...change, action: 'hold', reason: 'unreviewed' };
}

/** Names what a change is about, each thing once in a plan: `repository:tag`, or `repository@digest` of what was replaced. */
export function changeKey(
  change: Pick<Change, 'repository' | 'tag' | 'digest' | 'replacedBy'>,
): string {
  return isOfPlace(change) ? placeKey(change) : contentKey(change);
}

/** Names a manifest in its repository: `repository@digest`. */
export function contentKey({ repository, digest }: Pick<Change, 'repository' | 'digest'>): string {
  return `${repository}@${digest}`;
}

/** Counts changes by what they do. */
export function countActions(changes: readonly Change[]): Record<Action, number> {
  const counts = { mirror: 0, retag: 0, keep: 0, delete: 0, untag: 0, hold: 0 };
  for (const { action } of changes) counts[action] += 1;
  return counts;
}
