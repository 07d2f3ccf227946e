import { placeKey } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import {
  type Change,
  changeKey,
  contentKey,
  deletionOrder,
  isBring,
  isOfPlace,
  type Observation,
  type PlaceChange,
  type Plan,
  type PlanInput,
  type RemovalChange,
  wantedBy,
} from '../plan/index.ts';
import type { State } from '../state/index.ts';

/** Gives a manifest and all that it has below it. */
export function wholeOf(digest: Digest, { content }: Observation): readonly Digest[] {
  const whole = new Set([digest]);
  for (const one of whole) for (const child of content.get(one)?.children ?? []) whole.add(child);
  return [...whole];
}

/** Gives the places that a plan fills, or that an image set begins to want: nobody else may know of that yet. */
export function newlyWanted({ changes }: Plan, { placements }: State): readonly PlaceChange[] {
  const known = new Map(placements.map((placement) => [placeKey(placement), placement]));
  return changes.filter(isOfPlace).filter((change) => {
    if (isBring(change)) return true;
    const names = wantedBy(change);
    const placement = known.get(placeKey(change));
    const isKnown =
      placement?.digest === change.digest &&
      names.every((name) => placement.imageSets.includes(name));
    return names.length > 0 && !isKnown;
  });
}

/** Names what a run relies on when these places are filled or kept. */
export function claimsOf(changes: readonly Change[], observation: Observation): readonly string[] {
  const claims = changes.flatMap((change) => [
    placeKey(change),
    ...wholeOf(change.digest, observation).map((digest) => contentKey({ ...change, digest })),
  ]);
  return [...new Set(claims)];
}

/** Names what each removal takes away, by the key of its change. */
export function deletesOf(
  removals: readonly RemovalChange[],
  { plan, input }: { readonly plan: Plan; readonly input: PlanInput },
): ReadonlyMap<string, readonly string[]> {
  const doomed = new Set(deletionOrder(plan, input).map(contentKey));
  return new Map(
    removals.map((change) => {
      const place = isOfPlace(change) ? [placeKey(change)] : [];
      if (change.action !== 'delete') return [changeKey(change), place];
      const digests = wholeOf(change.digest, input.observation)
        .map((digest) => contentKey({ ...change, digest }))
        .filter((key) => doomed.has(key));
      return [changeKey(change), [...place, ...digests]];
    }),
  );
}
