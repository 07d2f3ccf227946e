import { sortedUnique } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { InvariantError } from '../errors.ts';
import { placeKey } from '../imageset/index.ts';
import { type Digest, isImageType } from '../oci/index.ts';
import { keepersOf, subjectsOf } from './attached.ts';
import {
  type Candidate,
  claimOf,
  findReplaced,
  isTagless,
  type ReplacedFacts,
} from './candidates.ts';
import {
  type Change,
  contentKey,
  type DeleteChange,
  type HoldChange,
  type Holder,
  isOfPlace,
  type PlaceChange,
  type ReplacedDelete,
  type StayFacts,
} from './change.ts';
import type { Content } from './content.ts';
import { describePlacement } from './desired.ts';
import { findKeepRoots, type KeepFacts, type RepositoryRoots } from './keep-roots.ts';
import { findReach, hasUnknownReach, type Reach } from './reach.ts';
import type { Observation } from './types.ts';

type RemovalFacts = KeepFacts & ReplacedFacts;

interface Removals {
  readonly changes: readonly Change[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Every candidate was mirrored or asked for, mostly both; the state knows best which image lies there. */
function describe({ mirrored, asked, key }: Candidate) {
  const causes = asked?.causes ?? [];
  const known = mirrored ? { ...mirrored, causes } : asked;
  if (!known) throw new InvariantError(`${key} would be removed, and nobody ever wanted it.`);
  return describePlacement(known);
}

function toChange(candidate: Candidate, digest: Digest, observation: Observation): DeleteChange {
  const { mirrored, asked, place } = candidate;
  const known = mirrored?.digest === digest ? mirrored : undefined;
  const askedContent = asked?.content?.digest === digest ? asked.content : undefined;
  const read = observation.content.get(digest)?.descriptor;
  return {
    ...describe(candidate),
    repository: place.repository,
    tag: place.tag,
    digest,
    mediaType: read?.mediaType ?? known?.mediaType ?? askedContent?.mediaType ?? 'unknown',
    action: 'delete',
    reason: candidate.reason,
    ...(asked?.outgrown && { outgrown: true }),
    ...(isTagless(candidate, observation) && { tagless: true }),
    size: known?.size ?? askedContent?.size ?? 0,
    bytes: 0,
  };
}

function unknownContent({ key, asked }: Candidate): Diagnostic {
  const at = asked?.causes[0]?.at;
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

/** Judges each candidate by itself: some are held whatever else there is, the others may go. */
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

/**
 * Holds an attachment whose image stays or may stay.
 * @see DESIGN, law 11
 */
function holdWithSubject(
  change: Removable,
  reached: ReadonlyMap<Digest, Reach>,
  rest: SurveyedRest,
): Verdict | undefined {
  // A place that goes on to exist names its newer content.
  if (!isOfPlace(change) || subjectsOf(change).length === 0) return undefined;
  const keepers = keepersOf(change, reached);
  if (keepers) return because('hold', 'subject-stays', ['placement', keepers]);
  return rest === 'unlisted' ? { action: 'hold', reason: 'list-incomplete' } : undefined;
}

/** Decides next to what stays in the repository; a replaced digest that something else names has nothing to lose. */
function judgeNextToRest(
  change: Removable,
  reached: ReadonlyMap<Digest, Reach>,
  rest: SurveyedRest,
): readonly Change[] {
  const reach = reached.get(change.digest);
  if (reach && !isOfPlace(change)) return [];
  const verdict = holdWithSubject(change, reached, rest) ?? chooseRung(reach, rest);
  if (!verdict) return [change];
  // A replaced digest has no tag of its own that could go.
  return isOfPlace(change)
    ? [{ ...change, ...verdict }]
    : [{ ...change, ...verdict, action: 'hold' }];
}

/**
 * Decides on each candidate, and on the digests that had the wanted places before.
 *
 * First each is judged by itself; the rest is deleted, untagged or held by the manifests that stay in its repository.
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
      return going.flatMap((change) => judgeNextToRest(change, reach, rest));
    },
  );
  return { changes: [...holds, ...decided], diagnostics };
}

/** Names that a change gives at most; one would do, five show the pattern. */
const maxHolders = 5;

/** Why a manifest stays: with or without its tag. */
type Verdict = { readonly action: 'untag' | 'hold' } & Exclude<StayFacts, { previous: unknown }>;

function because(
  action: Verdict['action'],
  reason: Verdict['reason'],
  [kind, names]: readonly [Holder['kind'], readonly string[]],
): Verdict {
  const holders = sortedUnique(names).slice(0, maxHolders);
  return { action, reason, holders: holders.map((name) => ({ kind, name })) };
}

/** Tells whether the content below a manifest is unknown. */
function isUnreadable(
  { digest, mediaType }: Pick<Change, 'digest' | 'mediaType'>,
  content: Content,
): boolean {
  return !content.has(digest) && !isImageType(mediaType);
}

/** Whether all that stays in a repository could be read, some of it might need anything, or not even its tags are known. */
type SurveyedRest = 'certain' | 'uncertain' | 'unlisted';

/**
 * Chooses the rung for a manifest that is ours to remove.
 *
 * A manifest that kept places, foreign tags or kept indexes need stays, and only the tag goes; so does the tag where the list
 * of tags leaves some out. The subject of a kept manifest is held. The rest is deleted, unless a manifest that stays in the
 * repository might need it.
 * @see DESIGN, laws 7 and 8
 */
function chooseRung(reach: Reach | undefined, rest: SurveyedRest): Verdict | undefined {
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
