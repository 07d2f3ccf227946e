import { sortedUnique } from '../base/index.ts';
import type { ReleaseId } from '../imageset/index.ts';
import { isOfPlace, isRemoval } from './change.ts';
import type { Plan } from './types.ts';

/** What of one image set a plan removes, in the words of that image set. */
export interface RemovedWishes {
  readonly releases: readonly ReleaseId[];
  /** Indexes of `additionalImages`, ascending. */
  readonly additionalImages: readonly number[];
}

function removedChanges({ changes }: Pick<Plan, 'changes'>) {
  return changes.filter(isOfPlace).filter(isRemoval);
}

/** Gives the names of the image sets of which a plan removes something, sorted. */
export function imageSetsWithRemovals(plan: Pick<Plan, 'changes'>): readonly string[] {
  const causes = removedChanges(plan).flatMap((change) => change.causes);
  return sortedUnique(causes.map(({ imageSet }) => imageSet));
}

/**
 * Gives what a plan removes of one image set's wishes.
 *
 * A release counts when the plan removes it as a whole; what is held as a whole, or wanted by others, does not.
 */
export function findRemovedWishes(
  plan: Pick<Plan, 'changes' | 'releases'>,
  imageSet: string,
): RemovedWishes {
  const additional = new Set<number>();
  const releases = new Set<string>();
  for (const { causes, release } of removedChanges(plan)) {
    const own = causes.filter((cause) => cause.imageSet === imageSet);
    if (own.length > 0 && release) releases.add(release.digest);
    for (const { path } of own) {
      const index = /\badditionalImages\[(\d+)\]/.exec(path)?.[1];
      if (index !== undefined) additional.add(Number(index));
    }
  }
  return {
    releases: plan.releases.removed.filter(({ digest }) => releases.has(digest)),
    additionalImages: [...additional].sort((a, b) => a - b),
  };
}
