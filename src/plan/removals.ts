import type { Diagnostic } from '../diagnostic.ts';
import { InvariantError } from '../errors.ts';
import { placeKey } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import type { Candidate } from './candidates.ts';
import {
  type Change,
  contentKey,
  type DeleteChange,
  type HoldChange,
  isOfPlace,
  type PlaceChange,
  type ReplacedDelete,
} from './change.ts';
import { claimOf, isTagless } from './claim.ts';
import { describePlacement } from './desired.ts';
import { findKeepRoots, type KeepFacts, type RepositoryRoots } from './keep-roots.ts';
import { findReach, hasUnknownReach, type Reach } from './reach.ts';
import { findReplaced, type ReplacedFacts } from './replaced.ts';
import type { Observation } from './types.ts';
import { chooseRung, isUnreadable, type SurveyedRest } from './verdict.ts';

/** What removals are decided by. */
export type RemovalFacts = KeepFacts & ReplacedFacts;

/** What became of the candidates. */
export interface Removals {
  readonly changes: readonly Change[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Every candidate was mirrored or wished for, mostly both; the state knows best what lies there. */
function describe({ mirrored, wish, key }: Candidate) {
  const causes = wish?.causes ?? [];
  const known = mirrored ? { ...mirrored, causes } : wish;
  if (!known) throw new InvariantError(`${key} would be removed, and nobody ever wanted it.`);
  return describePlacement(known);
}

function toChange(candidate: Candidate, digest: Digest, observation: Observation): DeleteChange {
  const { mirrored, wish, place } = candidate;
  const known = mirrored?.digest === digest ? mirrored : undefined;
  const wished = wish?.content?.digest === digest ? wish.content : undefined;
  const read = observation.content.get(digest)?.descriptor;
  return {
    ...describe(candidate),
    repository: place.repository,
    tag: place.tag,
    digest,
    mediaType: read?.mediaType ?? known?.mediaType ?? wished?.mediaType ?? 'unknown',
    action: 'delete',
    reason: candidate.reason,
    ...(isTagless(candidate, observation) && { tagless: true }),
    size: known?.size ?? wished?.size ?? 0,
    bytes: 0,
  };
}

function unknownContent({ key, wish }: Candidate): Diagnostic {
  const at = wish?.causes[0]?.at;
  return {
    severity: 'warning',
    code: 'unknown-content',
    summary: 'A tag that is no longer wanted could not be looked up; it stays.',
    detail: `Nobody knows what ${key} names, so it is not touched.`,
    text: key,
    ...(at && { at }),
  };
}

/** Tells how much is known of what stays in a repository. */
function surveyRest(
  name: string,
  { roots, removable }: { readonly roots: RepositoryRoots; readonly removable: readonly Change[] },
  { content, repositories }: Observation,
): SurveyedRest {
  if (repositories.get(name)?.list === 'incomplete') return 'unlisted';
  const isUncertain =
    hasUnknownReach(roots, content) || removable.some((change) => isUnreadable(change, content));
  return isUncertain ? 'uncertain' : 'certain';
}

/** Judges each candidate by itself: what stays whatever else there is, and what may go. */
function judgeEach(candidates: readonly Candidate[], facts: RemovalFacts) {
  const diagnostics: Diagnostic[] = [];
  const holds: HoldChange[] = [];
  const removable: DeleteChange[] = [];
  for (const candidate of candidates) {
    const claim = claimOf(candidate, facts);
    if (claim.is === 'unknown') diagnostics.push(unknownContent(candidate));
    if (claim.is === 'gone' || claim.is === 'unknown') continue;
    const change = toChange(candidate, claim.digest, facts.observation);
    if (claim.is === 'held') holds.push({ ...change, action: 'hold', ...claim.why });
    else removable.push(change);
  }
  return { diagnostics, holds, removable };
}

type Removable = DeleteChange | ReplacedDelete;

/** Adds the digests that had the places before; one that goes with a place of its own is not named again. */
function withReplaced(
  places: { readonly holds: readonly HoldChange[]; readonly removable: readonly DeleteChange[] },
  wanted: readonly PlaceChange[],
  facts: RemovalFacts,
) {
  const holds: Change[] = [...places.holds];
  const removable: Removable[] = [...places.removable];
  const going = new Set(removable.map(contentKey));
  for (const change of findReplaced([...wanted, ...places.removable], facts)) {
    if (change.action === 'hold') holds.push(change);
    else if (!going.has(contentKey(change))) removable.push(change);
  }
  return { holds, removable };
}

/** Decides next to what stays in the repository; a replaced digest that something else names has nothing to lose. */
function judgeNextToRest(
  change: Removable,
  reach: Reach | undefined,
  rest: SurveyedRest,
): readonly Change[] {
  if (reach && !isOfPlace(change)) return [];
  const verdict = chooseRung(reach, rest);
  if (!verdict) return [change];
  // A replaced digest has no tag of its own that could go.
  return isOfPlace(change)
    ? [{ ...change, ...verdict }]
    : [{ ...change, ...verdict, action: 'hold' }];
}

/**
 * Decides what becomes of each candidate, next to what is wanted, and of what had the wanted places before.
 *
 * First each by itself; what is left is deleted, untagged or held by what stays in its repository.
 */
export function decideRemovals(
  candidates: readonly Candidate[],
  wanted: readonly PlaceChange[],
  facts: RemovalFacts,
): Removals {
  const { diagnostics, ...places } = judgeEach(candidates, facts);
  const { holds, removable } = withReplaced(places, wanted, facts);
  const removing = new Set(removable.filter(isOfPlace).map(placeKey));
  const roots = findKeepRoots([...wanted, ...holds], removing, facts);
  const decided = [...Map.groupBy(removable, ({ repository }) => repository)].flatMap(
    ([name, going]) => {
      const kept = roots.get(name) ?? { roots: new Map(), hasUnresolved: false };
      const reach = findReach(kept, facts.observation.content);
      const rest = surveyRest(name, { roots: kept, removable: going }, facts.observation);
      return going.flatMap((change) => judgeNextToRest(change, reach.get(change.digest), rest));
    },
  );
  return { changes: [...holds, ...decided], diagnostics };
}
