import type { Digest } from '../oci/index.ts';
import { type Candidate, otherImageSets } from './candidates.ts';
import type { Holder, HoldFacts, StayFacts } from './change.ts';
import { observedTag } from './observed-tag.ts';
import type { Observation } from './types.ts';

/** Why a candidate stays whatever else the repository holds, or the digest that would go. */
export type Claim =
  | { readonly is: 'gone' }
  | { readonly is: 'unknown' }
  | { readonly is: 'ours'; readonly digest: Digest }
  | { readonly is: 'held'; readonly digest: Digest; readonly why: HoldFacts };

/** What claims are judged by. */
export interface ClaimFacts {
  readonly observation: Observation;
  readonly ownImageSets: ReadonlySet<string>;
  /** The pattern of `protect` that names a candidate. */
  readonly protectedBy: (candidate: Candidate) => string | undefined;
  /** Keys of changes that wait until somebody has reviewed them. */
  readonly postponed?: ReadonlySet<string> | undefined;
}

/** Tells whether the tag still names what is ours; upstream's own content is adopted. */
function checkTag(candidate: Candidate, named: Digest | undefined): Claim {
  const { mirrored, wish } = candidate;
  const expected = mirrored?.digest ?? wish?.content?.digest;
  const held = (digest: Digest, why: HoldFacts): Claim => ({ is: 'held', digest, why });
  if (named === undefined) {
    // Listed and not resolved: the state is the proof, and apply looks again before the deed.
    if (mirrored) return { is: 'ours', digest: mirrored.digest };
    const digest = expected ?? wish?.source.digest;
    return digest === undefined ? { is: 'unknown' } : held(digest, { reason: 'unreadable' });
  }
  if (named === expected) return { is: 'ours', digest: named };
  if (!mirrored) return held(named, { reason: 'not-ours' });
  return held(mirrored.digest, { reason: 'tag-moved', previous: named });
}

/** Tells whether the tag of what was mirrored is gone, and its digest lies there still. */
export function isTagless({ place, mirrored }: Candidate, observation: Observation): boolean {
  const there = observation.repositories.get(place.repository);
  if (!mirrored || !there || there.tags.has(place.tag)) return false;
  return there.replaced?.has(mirrored.digest) === true;
}

function heldBy(kind: Holder['kind'], names: readonly string[]) {
  return { holders: names.map((name) => ({ kind, name })) };
}

/** Tells why a removal is forbidden: another image set wants its place, a pattern protects it, or it waits for a review. */
export function forbiddenBy(
  candidate: Candidate,
  changeKey: string,
  facts: ClaimFacts,
): StayFacts | undefined {
  const others = otherImageSets(candidate.mirrored, facts.ownImageSets);
  if (others.length > 0) return { reason: 'wanted-elsewhere', ...heldBy('image-set', others) };
  const pattern = facts.protectedBy(candidate);
  if (pattern !== undefined) return { reason: 'protected', ...heldBy('pattern', [pattern]) };
  return facts.postponed?.has(changeKey) ? { reason: 'unreviewed' } : undefined;
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
