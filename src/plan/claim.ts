import type { Digest } from '../oci/index.ts';
import { type Candidate, otherImageSets } from './candidates.ts';
import { observedTag } from './observed-tag.ts';
import type { Change, Holder, Observation, Reason } from './types.ts';

/** Why a candidate stays whatever else the repository holds, or the digest that would go. */
export type Claim =
  | { readonly is: 'gone' }
  | { readonly is: 'unknown' }
  | { readonly is: 'ours'; readonly digest: Digest }
  | ({ readonly is: 'held'; readonly digest: Digest } & Pick<
      Change,
      'reason' | 'holders' | 'previous'
    >);

/** What claims are judged by. */
export interface ClaimFacts {
  readonly observation: Observation;
  readonly speaksFor: ReadonlySet<string>;
  /** The pattern of `protect` that names a candidate. */
  readonly protectedBy: (candidate: Candidate) => string | undefined;
  /** Keys of changes that wait until somebody has reviewed them. */
  readonly postponed?: ReadonlySet<string> | undefined;
}

function holders(kind: Holder['kind'], names: readonly string[]): Holder[] {
  return names.map((name) => ({ kind, name }));
}

/** Tells whether the tag still names what is ours; upstream's own content is adopted. */
function checkTag(candidate: Candidate, named: Digest | undefined): Claim {
  const { mirrored, wish } = candidate;
  const expected = mirrored?.digest ?? wish?.content?.digest;
  const held = (digest: Digest, reason: Reason): Claim => ({ is: 'held', digest, reason });
  if (named === undefined) {
    // Listed and not resolved: the state is the proof, and apply looks again before the deed.
    if (mirrored) return { is: 'ours', digest: mirrored.digest };
    const digest = expected ?? wish?.source.digest;
    return digest === undefined ? { is: 'unknown' } : held(digest, 'unreadable');
  }
  if (named === expected) return { is: 'ours', digest: named };
  if (!mirrored) return held(named, 'not-ours');
  return { is: 'held', reason: 'tag-moved', digest: mirrored.digest, previous: named };
}

/** Tells whether the tag of what was mirrored is gone, and its digest lies there still. */
export function isTagless({ place, mirrored }: Candidate, observation: Observation): boolean {
  const there = observation.repositories.get(place.repository);
  if (!mirrored || !there || there.tags.has(place.tag)) return false;
  return there.replaced?.has(mirrored.digest) === true;
}

/**
 * Judges a candidate by itself: is it still there, is it ours, does anybody forbid its removal?
 *
 * What other places share with it is a question for later.
 */
export function claimOf(candidate: Candidate, facts: ClaimFacts): Claim {
  const tag = observedTag(facts.observation, candidate.place);
  if (tag.is === 'absent' && !isTagless(candidate, facts.observation)) return { is: 'gone' };
  const claim = checkTag(candidate, tag.is === 'resolved' ? tag.digest : undefined);
  if (claim.is !== 'ours') return claim;
  const { digest } = claim;
  const others = otherImageSets(candidate.mirrored, facts.speaksFor);
  if (others.length > 0) {
    const names = holders('image-set', others);
    return { is: 'held', digest, reason: 'wanted-elsewhere', holders: names };
  }
  const pattern = facts.protectedBy(candidate);
  if (pattern !== undefined) {
    return { is: 'held', digest, reason: 'protected', holders: holders('pattern', [pattern]) };
  }
  if (facts.postponed?.has(candidate.key)) return { is: 'held', digest, reason: 'unreviewed' };
  return tag.is === 'unseen' ? { is: 'held', digest, reason: 'unreadable' } : claim;
}
