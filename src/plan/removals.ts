import type { Diagnostic } from '../diagnostic.ts';
import { InvariantError } from '../errors.ts';
import { placeKey } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import type { Candidate } from './candidates.ts';
import { isOfPlace } from './change-key.ts';
import { type Claim, claimOf, isTagless } from './claim.ts';
import type { Content } from './content.ts';
import { describePlacement } from './desired.ts';
import { findKeepRoots, type KeepFacts, type RepositoryRoots } from './keep-roots.ts';
import { findReach, hasUnknownReach, type Reach } from './reach.ts';
import { findReplaced, type ReplacedFacts } from './replaced.ts';
import type { Change, Observation } from './types.ts';
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

function toChange(candidate: Candidate, digest: Digest, content: Content): Change {
  const { mirrored, wish, place } = candidate;
  const known = mirrored?.digest === digest ? mirrored : undefined;
  const wished = wish?.content?.digest === digest ? wish.content : undefined;
  const read = content.get(digest)?.descriptor;
  return {
    ...describe(candidate),
    repository: place.repository,
    tag: place.tag,
    digest,
    mediaType: read?.mediaType ?? known?.mediaType ?? wished?.mediaType ?? 'unknown',
    action: 'delete',
    reason: candidate.reason,
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

interface Repository {
  readonly reach: ReadonlyMap<Digest, Reach>;
  readonly rest: SurveyedRest;
}

/** Looks at what stays in one repository, once for all of its candidates. */
function survey(
  roots: RepositoryRoots = { roots: new Map(), hasUnresolved: false },
  removable: readonly [Change, ...Change[]],
  { content, repositories }: Observation,
): Repository {
  const isCertain =
    !hasUnknownReach(roots, content) && !removable.some((change) => isUnreadable(change, content));
  const isUnlisted = repositories.get(removable[0].repository)?.list === 'incomplete';
  return {
    reach: findReach(roots, content),
    rest: isUnlisted ? 'unlisted' : isCertain ? 'certain' : 'uncertain',
  };
}

function held(change: Change, claim: Claim & { readonly is: 'held' }): Change {
  const { reason, holders, previous } = claim;
  return {
    ...change,
    action: 'hold',
    reason,
    ...(holders && { holders }),
    ...(previous && { previous }),
  };
}

/** Judges each candidate by itself: what stays whatever else there is, and what may go. */
function judgeEach(candidates: readonly Candidate[], facts: RemovalFacts) {
  const diagnostics: Diagnostic[] = [];
  const holds: Change[] = [];
  const removable: Change[] = [];
  for (const candidate of candidates) {
    const claim = claimOf(candidate, facts);
    if (claim.is === 'unknown') diagnostics.push(unknownContent(candidate));
    if (claim.is === 'gone' || claim.is === 'unknown') continue;
    const draft = toChange(candidate, claim.digest, facts.observation.content);
    const change = isTagless(candidate, facts.observation)
      ? { ...draft, tagless: true as const }
      : draft;
    if (claim.is === 'held') holds.push(held(change, claim));
    else removable.push(change);
  }
  return { diagnostics, holds, removable };
}

function contentKey({ repository, digest }: Change): string {
  return `${repository}@${digest}`;
}

/** Adds what had the places before; a digest that goes with a place of its own is not named again. */
function withReplaced(
  places: { readonly holds: readonly Change[]; readonly removable: readonly Change[] },
  wanted: readonly Change[],
  facts: RemovalFacts,
) {
  const { holds, removable } = places;
  const going = new Set(removable.map(contentKey));
  const replaced = findReplaced([...wanted, ...removable], facts);
  return {
    holds: [...holds, ...replaced.filter(({ action }) => action === 'hold')],
    removable: [
      ...removable,
      ...replaced.filter((one) => one.action === 'delete' && !going.has(contentKey(one))),
    ],
  };
}

/** What needs a digest that was replaced names it, and has nothing to lose: then there is nothing to say. */
function judgeNextToRest(change: Change, place: Repository | undefined): Change[] {
  const reach = place?.reach.get(change.digest);
  if (reach && !isOfPlace(change)) return [];
  const verdict = chooseRung(reach, place?.rest ?? 'uncertain');
  if (!verdict) return [change];
  // What was replaced has no tag of its own that could go.
  const action = isOfPlace(change) ? verdict.action : 'hold';
  return [{ ...change, ...verdict, action }];
}

/**
 * Decides what becomes of each candidate, next to what is wanted, and of what had the wanted places before.
 *
 * First each by itself; what is left is deleted, untagged or held by what stays in its repository.
 */
export function decideRemovals(
  candidates: readonly Candidate[],
  wanted: readonly Change[],
  facts: RemovalFacts,
): Removals {
  const { diagnostics, ...places } = judgeEach(candidates, facts);
  const { holds, removable } = withReplaced(places, wanted, facts);
  const removing = new Set(removable.filter(isOfPlace).map(placeKey));
  const roots = findKeepRoots([...wanted, ...holds], removing, facts);
  const surveys = new Map<string, Repository>();
  for (const [name, [first, ...more]] of Map.groupBy(removable, ({ repository }) => repository)) {
    if (first) surveys.set(name, survey(roots.get(name), [first, ...more], facts.observation));
  }
  const decided = removable.flatMap((change) =>
    judgeNextToRest(change, surveys.get(change.repository)),
  );
  return { changes: [...holds, ...decided], diagnostics };
}
