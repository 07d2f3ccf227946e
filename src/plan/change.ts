import type { InferOutput } from 'valibot';
import { isAttached, placeKey } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import type { changeSchema } from './plan-schema.ts';

/** A value of a schema, which nothing changes. */
export type Frozen<Value> = Value extends string | number | boolean
  ? Value
  : { readonly [Key in keyof Value]: Frozen<Value[Key]> };

type KeysOf<Union> = Union extends unknown ? keyof Union : never;

/** A union whose variants have none of the keys of the others. */
type Apart<Union, Keys extends PropertyKey = KeysOf<Union>> = Union extends unknown
  ? Union & { readonly [Other in Exclude<Keys, keyof Union>]?: never }
  : never;

/** One thing that happens, or deliberately does not, to one place of the target or to a digest that had it. */
export type Change = Apart<Frozen<InferOutput<typeof changeSchema>>>;

/** The action of a change. */
export type Action = Change['action'];

/** Why it is done; the closed set of reasons. */
export type Reason = Change['reason'];

/** The thing that holds a digest back. */
export type Holder = NonNullable<Change['holders']>[number];

/** A digest that had a place before goes or is held: the place names another one, so that nothing is untagged. */
export type ReplacedChange = Extract<Change, { readonly replacedBy: Digest }>;

/** A change of what the tag of a place names, or a decision against one. */
export type PlaceChange = Exclude<Change, ReplacedChange>;

/** A place gets its image, or another image than it has. */
export type BringChange = Extract<Change, { readonly action: 'mirror' | 'retag' }>;

/** A place has what it should have. */
export type KeepChange = Extract<Change, { readonly action: 'keep' }>;

/** Something is taken away. */
export type RemovalChange = Extract<Change, { readonly action: 'delete' | 'untag' }>;

/** A manifest goes, with the tag of its place. */
export type DeleteChange = Extract<PlaceChange, { readonly action: 'delete' }>;

/** A digest that had a place before goes. */
export type ReplacedDelete = Extract<ReplacedChange, { readonly action: 'delete' }>;

/** A place stays although it is not wanted, or is wanted by others alone. */
export type HoldChange = Extract<PlaceChange, { readonly action: 'hold' }>;

type Untag = Extract<Change, { readonly action: 'untag' }>;

/** The facts that every change has. */
export type ChangeFacts = Omit<Untag, 'action' | 'reason' | OwnFact>;

type OwnFact = 'source' | 'previous' | 'replacedBy' | 'tagless' | 'holders';

/** Why a digest stays, and what keeps it. */
export type StayFacts = Pick<Untag, 'reason' | 'holders'>;

/** Why a place stays as it is. */
export type HoldFacts =
  | StayFacts
  | Pick<Extract<HoldChange, { readonly reason: 'tag-moved' }>, 'reason' | 'previous'>;

/** The decision of a change: its action, its reason and what belongs to these. */
export type Decision<Of extends Change = Change> = Of extends Change
  ? Omit<Of, keyof ChangeFacts>
  : never;

/** Tells whether a change is about the place that it names, and not about a digest that was replaced there. */
export function isOfPlace<One extends { readonly replacedBy?: Digest }>(
  change: One,
): change is Exclude<One, ReplacedChange> {
  return change.replacedBy === undefined;
}

/** Tells whether a change only follows from a move upstream: no edit asks for it, so it must not stop a run. */
export function followsUpstream(change: Change): boolean {
  return !isOfPlace(change) || change.outgrown === true;
}

/** Tells whether each run makes an image anew from the data of the day: the image of an earlier review cannot be made again. */
export function isMadeDaily({ kind }: Pick<Change, 'kind'>): boolean {
  return kind === 'cincinnatiGraph';
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

/** Facts behind a hold on which later decisions rely; they ask for these and never for a reason. */
interface HoldNature {
  /** It may pass: the next plan decides again. */
  readonly passes?: true;
  /** It waits for a review or a higher `max-delete` alone. */
  readonly awaitsReview?: true;
  /** It is not proven that the image is ours: it counts by what its tag names, like any other tag. */
  readonly isUnproven?: true;
}

const natures: Readonly<Record<HoldFacts['reason'], HoldNature>> = {
  shared: {},
  'foreign-tag': {},
  'in-kept-index': {},
  'list-incomplete': { passes: true },
  'wanted-elsewhere': {},
  'subject-stays': {},
  'kept-subject': {},
  protected: {},
  'tag-moved': {},
  unreviewed: { passes: true, awaitsReview: true },
  'not-ours': { isUnproven: true },
  unreadable: { passes: true, isUnproven: true },
};

/** Tells a fact about a change that is held; false for every other change. */
export function isHeld(change: Change, fact: keyof HoldNature): boolean {
  return change.action === 'hold' && natures[change.reason][fact] === true;
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

function count(changes: readonly Change[]): Record<Action, number> {
  const counts = { mirror: 0, retag: 0, keep: 0, delete: 0, untag: 0, hold: 0 };
  for (const { action } of changes) counts[action] += 1;
  return counts;
}

/** Counts changes of images by action, and changes of signatures apart from them, if there are any. */
export function countActions(
  changes: readonly Change[],
): Record<Action, number> & { readonly signatures?: Record<Action, number> } {
  const attached = changes.filter(isAttached);
  return {
    ...count(changes.filter((change) => !isAttached(change))),
    ...(attached.length > 0 && { signatures: count(attached) }),
  };
}
