import { compareText } from '../base/index.ts';
import { isAttached, placeKey } from '../imageset/index.ts';
import { otherImageSets } from './candidates.ts';
import { type Change, isOfPlace } from './change.ts';
import { observedTag } from './content.ts';
import type { PlanInput, StaleImages } from './types.ts';

/** Facts by which an image is found that nobody wants. */
export type StaleFacts = Pick<
  PlanInput,
  'state' | 'ownImageSets' | 'observation' | 'withheld' | 'after' | 'explicit'
>;

/** Releases come before what belongs to none. */
function keyOf({ release, kind }: StaleImages['groups'][number]): string {
  return release === undefined ? `~${kind}` : release;
}

/**
 * Finds what is mirrored, what no image set wants any more, and what no change speaks of; `undefined` for nothing.
 *
 * An image that an image set of the run once wanted counts as soon as the image set does not ask for it any more, whether
 * or not a change removes it. An image does not count while an entry that may want it could not be collected.
 * Signatures do not count.
 */
export function findStale(
  changes: readonly Change[],
  { state, ownImageSets, observation, withheld, after, explicit }: StaleFacts,
): StaleImages | undefined {
  if (after.length === 0 || explicit) return undefined;
  const spoken = new Set(changes.filter(isOfPlace).map(placeKey));
  const stale = state.filter((place) => {
    const key = placeKey(place);
    const isOpen = spoken.has(key) || withheld?.has(key) === true;
    const isFree = otherImageSets(place, ownImageSets).length === 0;
    return (
      !isAttached(place) && !isOpen && isFree && observedTag(observation, place).is !== 'absent'
    );
  });
  if (stale.length === 0) return undefined;
  const kept = new Set(changes.map(({ digest }) => digest));
  const sizes = new Map(stale.map(({ digest, size }) => [digest, kept.has(digest) ? 0 : size]));
  const groups = Map.groupBy(stale, ({ release, kind }) => release?.version ?? kind);
  return {
    count: stale.length,
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    groups: [...groups]
      .flatMap(([, [first, ...more]]) => {
        if (!first) return [];
        const { release, kind } = first;
        const count = more.length + 1;
        return [release ? { release: release.version, count } : { kind, count }];
      })
      .sort((a, b) => compareText(keyOf(a), keyOf(b))),
  };
}
