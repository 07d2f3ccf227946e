import { compareText } from '../base/index.ts';
import { type MirroredPlacement, placeKey, type TargetPlace } from '../imageset/index.ts';
import type { BasePlacement, PlanInput } from './types.ts';

/** A place that nobody of this run wants any more. */
export interface Candidate {
  readonly place: TargetPlace;
  readonly key: string;
  readonly reason: 'removed' | 'stale';
  /** What the state knows of it. */
  readonly mirrored?: MirroredPlacement | undefined;
  /** What the base of the diff asked for. */
  readonly wish?: BasePlacement | undefined;
}

/** Image sets outside this run that want a mirrored place. */
export function otherImageSets(
  mirrored: MirroredPlacement | undefined,
  ownImageSets: ReadonlySet<string>,
): string[] {
  const names = mirrored?.imageSets ?? [];
  return names.filter((name) => !ownImageSets.has(name)).sort(compareText);
}

/**
 * Finds the places that may go: what the change removes, and with `stale` also what nobody wants any more.
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
  for (const wish of before) {
    const key = placeKey(wish.target);
    const known = { place: wish.target, key, wish, mirrored: mirrored.get(key) };
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
