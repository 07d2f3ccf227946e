import { sortedUnique } from '../base/index.ts';
import {
  type MirroredPlacement,
  type PinnedPlacement,
  placeKey,
  type TargetPlace,
} from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { type BasePlacement, type PlanOptions, replacedDigests } from '../plan/index.ts';
import type { State, TagLists } from '../state/index.ts';

/** The facts that decide which requests a plan needs. */
export interface Question {
  readonly wanted: readonly PinnedPlacement[];
  readonly base: readonly BasePlacement[];
  readonly state: readonly MirroredPlacement[];
  readonly prune: PlanOptions['prune'];
  /** Whether this registry lists all its tags, as a standing probe found. */
  readonly tagLists?: TagLists | undefined;
  /** Runs that have begun and did not say that they ended. */
  readonly pending?: State['pending'] | undefined;
}

/** A place that somebody named. `isNew`: it is only wanted; neither the state nor the base knows it. */
export interface KnownPlace extends TargetPlace {
  readonly isNew: boolean;
}

/** The places of a question, sorted by what is known of them. */
export interface Index {
  readonly wanted: ReadonlyMap<string, PinnedPlacement>;
  readonly state: ReadonlyMap<string, MirroredPlacement>;
  /** Places of each repository that may go. */
  readonly leaving: ReadonlyMap<string, readonly TargetPlace[]>;
  /** Digests of each repository that had a place before and may go. */
  readonly replaced: ReadonlyMap<string, ReadonlySet<Digest>>;
  /** Places of each repository that are wanted, or that the state or the base knows. */
  readonly known: ReadonlyMap<string, readonly KnownPlace[]>;
  readonly repositories: readonly string[];
  readonly tagLists: Question['tagLists'];
}

type Places = Index['state'];

/** Each place once; of what nobody knows yet, the wish alone. */
function knownPlaces({ wanted, base, state }: Question): KnownPlace[] {
  const places = new Map<string, KnownPlace>();
  const add = ({ repository, tag }: TargetPlace, isNew: boolean): void => {
    places.set(placeKey({ repository, tag }), { repository, tag, isNew });
  };
  for (const { target } of wanted) add(target, true);
  for (const { target } of base) add(target, false);
  for (const place of state) add(place, false);
  return [...places.values()];
}

/** Finds the digests that had these places before and may go; none with `prune: none`. */
function replacedIn({ wanted, prune }: Question, leaving: readonly TargetPlace[], state: Places) {
  const replaced = new Map<string, Set<Digest>>();
  const add = ({ repository, tag }: TargetPlace, now: Digest | undefined): void => {
    const mirrored = state.get(placeKey({ repository, tag }));
    for (const digest of mirrored ? replacedDigests(mirrored, now ?? mirrored.digest) : []) {
      replaced.set(repository, (replaced.get(repository) ?? new Set()).add(digest));
    }
  };
  if (prune === 'none') return replaced;
  for (const { target, content } of wanted) add(target, content.digest);
  for (const place of leaving) add(place, undefined);
  return replaced;
}

/** Sorts a question by repositories. */
export function indexOf(question: Question): Index {
  const { wanted, base, prune } = question;
  const wantedPlaces = new Map(wanted.map((one) => [placeKey(one.target), one]));
  const state = new Map(question.state.map((one) => [placeKey(one), one]));
  const places = [
    ...(prune === 'none' ? [] : base.map(({ target }) => target)),
    ...(prune === 'stale' ? question.state : []),
  ];
  const leaving = places.filter((place) => !wantedPlaces.has(placeKey(place)));
  const asked = [...wanted.map(({ target }) => target), ...leaving];
  return {
    wanted: wantedPlaces,
    state,
    leaving: Map.groupBy(leaving, ({ repository }) => repository),
    replaced: replacedIn(question, leaving, state),
    known: Map.groupBy(knownPlaces(question), ({ repository }) => repository),
    tagLists: question.tagLists,
    repositories: sortedUnique(asked.map(({ repository }) => repository)),
  };
}
