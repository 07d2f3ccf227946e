import { compareChanges, compareText } from '../base/index.ts';
import { type MirroredPlacement, placeKey, type TargetPlace } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import {
  changeKey,
  type Holder,
  type HoldFacts,
  type PlaceChange,
  type ReplacedChange,
  type ReplacedDelete,
  type StayFacts,
} from './change.ts';
import { observedTag } from './content.ts';
import { describePlacement } from './desired.ts';
import type { BasePlacement, Observation, ObservedRepository, PlanInput } from './types.ts';
import { stateByPlace } from './wanted.ts';

/** A place that no image set of this run wants any more. */
export interface Candidate {
  readonly place: TargetPlace;
  readonly key: string;
  readonly reason: 'removed' | 'stale';
  /** The image that the state knows there. */
  readonly mirrored?: MirroredPlacement | undefined;
  /** The image that the base of the diff asked for. */
  readonly asked?: BasePlacement | undefined;
}

/** Names the image sets outside this run that want a mirrored place. */
export function otherImageSets(
  mirrored: MirroredPlacement | undefined,
  ownImageSets: ReadonlySet<string>,
): string[] {
  const names = mirrored?.imageSets ?? [];
  return names.filter((name) => !ownImageSets.has(name)).sort(compareText);
}

/**
 * Finds the places that may go: those that the change removes, and with `stale` also those that no image set wants.
 *
 * Order: none; each place once, as `removed` where both apply.
 */
export function findCandidates(
  input: Pick<PlanInput, 'options' | 'state' | 'ownImageSets'>,
  before: readonly BasePlacement[],
  wanted: ReadonlySet<string>,
): Candidate[] {
  const { prune } = input.options;
  if (prune === 'none') return [];
  const candidates = new Map<string, Candidate>();
  const mirrored = new Map(input.state.map((placement) => [placeKey(placement), placement]));
  for (const asked of before) {
    const key = placeKey(asked.target);
    const known = { place: asked.target, key, asked, mirrored: mirrored.get(key) };
    if (!wanted.has(key)) candidates.set(key, { ...known, reason: 'removed' });
  }
  if (prune === 'removed') return [...candidates.values()];
  for (const [key, placement] of mirrored) {
    const isFree = otherImageSets(placement, input.ownImageSets).length === 0;
    if (wanted.has(key) || candidates.has(key) || !isFree) continue;
    const { repository, tag } = placement;
    const place = { repository, tag };
    candidates.set(key, { place, key, mirrored: placement, reason: 'stale' });
  }
  return [...candidates.values()];
}

/** The digest that would go, or why a candidate stays whatever else the repository holds. */
type Claim =
  | { readonly is: 'gone' }
  | { readonly is: 'unknown' }
  | { readonly is: 'ours'; readonly digest: Digest }
  | { readonly is: 'held'; readonly digest: Digest; readonly why: HoldFacts };

/** The facts by which candidates are judged. */
export interface ClaimFacts {
  readonly observation: Observation;
  readonly ownImageSets: ReadonlySet<string>;
  /** The pattern of `protect` that names a candidate. */
  readonly protectedBy: (candidate: Candidate) => string | undefined;
  /** Keys of changes that wait for a review. */
  readonly postponed?: ReadonlySet<string> | undefined;
}

/** Tells whether the tag still names an image of ours; upstream's own content is adopted. */
function checkTag(candidate: Candidate, named: Digest | undefined): Claim {
  const { mirrored, asked } = candidate;
  const expected = mirrored?.digest ?? asked?.content?.digest;
  const held = (digest: Digest, why: HoldFacts): Claim => ({ is: 'held', digest, why });
  if (named === undefined) {
    // Listed and not resolved: the state is the proof, and apply looks again before the deed.
    if (mirrored) return { is: 'ours', digest: mirrored.digest };
    const digest = expected ?? asked?.source?.digest;
    return digest === undefined ? { is: 'unknown' } : held(digest, { reason: 'unreadable' });
  }
  if (named === expected) return { is: 'ours', digest: named };
  if (!mirrored) return held(named, { reason: 'not-ours' });
  return held(mirrored.digest, { reason: 'tag-moved', previous: named });
}

/** Tells whether the tag of a mirrored image is gone while its digest still lies there. */
export function isTagless({ place, mirrored }: Candidate, observation: Observation): boolean {
  const there = observation.repositories.get(place.repository);
  if (!mirrored || !there || there.tags.has(place.tag)) return false;
  return there.replaced?.has(mirrored.digest) === true;
}

function heldBy(kind: Holder['kind'], names: readonly string[]) {
  return { holders: names.map((name) => ({ kind, name })) };
}

/** Tells why a removal is forbidden: another image set wants its place, a pattern protects it, or it waits for a review. */
function forbiddenBy(candidate: Candidate, key: string, facts: ClaimFacts): StayFacts | undefined {
  const others = otherImageSets(candidate.mirrored, facts.ownImageSets);
  if (others.length > 0) return { reason: 'wanted-elsewhere', ...heldBy('image-set', others) };
  const pattern = facts.protectedBy(candidate);
  if (pattern !== undefined) return { reason: 'protected', ...heldBy('pattern', [pattern]) };
  return facts.postponed?.has(key) ? { reason: 'unreviewed' } : undefined;
}

/**
 * Judges a candidate by itself: is it still there, is it ours, does anybody forbid its removal?
 *
 * Whether other places share its content is decided later.
 */
export function claimOf(candidate: Candidate, facts: ClaimFacts): Claim {
  const tag = observedTag(facts.observation, candidate.place);
  if (tag.is === 'absent' && !isTagless(candidate, facts.observation)) return { is: 'gone' };
  const claim = checkTag(candidate, tag.is === 'resolved' ? tag.digest : undefined);
  if (claim.is !== 'ours') return claim;
  const unseen = tag.is === 'unseen' ? ({ reason: 'unreadable' } as const) : undefined;
  const why = forbiddenBy(candidate, candidate.key, facts) ?? unseen;
  return why ? { is: 'held', digest: claim.digest, why } : claim;
}

/** The facts by which digests are judged that had a place before. */
export type ReplacedFacts = ClaimFacts &
  Pick<PlanInput, 'state' | 'options' | 'postponed' | 'withheld'>;

/** Gives the digests of ours that a place had before it named `now`; each once. */
export function replacedDigests(mirrored: MirroredPlacement | undefined, now: Digest): Digest[] {
  if (!mirrored) return [];
  const had = new Set([mirrored.digest, ...(mirrored.replaced ?? [])]);
  had.delete(now);
  return [...had];
}

/** Gives the digests that lie in a repository: those that tags name, and untagged ones that were asked for by digest. */
function digestsIn({ tags, replaced }: ObservedRepository): ReadonlySet<Digest | undefined> {
  return new Set([...tags.values(), ...(replaced ?? [])]);
}

function judge(
  change: ReplacedDelete,
  mirrored: MirroredPlacement,
  facts: ReplacedFacts,
): ReplacedChange {
  const place = { repository: change.repository, tag: change.tag };
  const candidate = { place, key: placeKey(place), mirrored, reason: 'removed' } as const;
  const why = forbiddenBy(candidate, changeKey(change), facts);
  return why ? { ...change, action: 'hold', ...why } : change;
}

/** The digests that lie in each repository. */
type Lying = ReadonlyMap<string, ReadonlySet<Digest | undefined>>;

/** Gives the digests that had the place of a change and still lie there. */
function replacedAt(
  { repository, tag, digest: now, causes }: PlaceChange,
  mirrored: MirroredPlacement,
  { content, there }: { readonly content: Observation['content']; readonly there: Lying },
): readonly ReplacedDelete[] {
  const digests = replacedDigests(mirrored, now).filter((digest) =>
    there.get(repository)?.has(digest),
  );
  return digests.map((digest) => {
    const known = digest === mirrored.digest ? mirrored : undefined;
    return {
      ...describePlacement({ ...mirrored, causes }),
      repository,
      tag,
      digest,
      replacedBy: now,
      mediaType: content.get(digest)?.descriptor.mediaType ?? known?.mediaType ?? 'unknown',
      action: 'delete' as const,
      reason: 'replaced' as const,
      size: known?.size ?? 0,
      bytes: 0,
    };
  });
}

/**
 * Finds the digests that had a place and have it no more: a catalog with another filter, an image whose tag moved. No list
 * names them, so later runs could not find them.
 *
 * `changes`: of places. Gives each digest once, as `delete`, or as `hold` where it is forbidden; the rest of the repository is
 * looked at later. Gives none with `prune: none`, none that is gone, and none of a place that is withheld.
 */
export function findReplaced(
  changes: readonly PlaceChange[],
  facts: ReplacedFacts,
): readonly ReplacedChange[] {
  if (facts.options.prune === 'none') return [];
  const state = stateByPlace(facts.state);
  const { content, repositories } = facts.observation;
  const there = new Map([...repositories].map(([name, found]) => [name, digestsIn(found)]));
  const drafts = changes.toSorted(compareChanges).flatMap((change) => {
    const mirrored = state.get(placeKey(change));
    return mirrored
      ? replacedAt(change, mirrored, { content, there }).map((draft) => ({ draft, mirrored }))
      : [];
  });
  const isWithheld = ({ draft }: (typeof drafts)[number]) => facts.withheld?.has(placeKey(draft));
  const withheld = new Set(drafts.filter(isWithheld).map(({ draft }) => changeKey(draft)));
  const found = new Map<string, ReplacedChange>();
  for (const { draft, mirrored } of drafts) {
    const key = changeKey(draft);
    // A hold at one of its places holds it.
    if (withheld.has(key) || found.get(key)?.action === 'hold') continue;
    const judged = judge(draft, mirrored, facts);
    if (!found.has(key) || judged.action === 'hold') found.set(key, judged);
  }
  return [...found.values()];
}
