import {
  type Cause,
  causeAt,
  type EntryName,
  type ImageSet,
  type MirroredPlacement,
  parseWish,
  placeKey,
  repositoryOf,
} from '../imageset/index.ts';
import type { BasePlacement } from '../plan/index.ts';
import type { Gathered } from './gather.ts';
import { asBase } from './stored.ts';

/** The facts by which it is known which bundles a catalog has left behind. */
export interface OutgrownFacts {
  /** The image sets of the base. */
  readonly before: readonly ImageSet[];
  readonly head: Pick<Gathered, 'placements'>;
  readonly was: Pick<Gathered, 'placements'>;
  readonly state: readonly MirroredPlacement[];
  readonly ownImageSets: ReadonlySet<string>;
}

/** Finds an entry of operators in the image sets of the base. */
function causesOf({ kind, name, part }: EntryName, before: readonly ImageSet[]): Cause[] {
  if (kind !== 'operator') return [];
  return before.flatMap((imageSet) =>
    (imageSet.mirror.operators ?? []).flatMap(({ catalog, packages = [] }, entry): Cause[] => {
      if (repositoryOf(catalog) !== name) return [];
      if (part === undefined) {
        return packages.length === 0 ? [causeAt(imageSet, 'operators', entry)] : [];
      }
      return packages.flatMap((one, index) =>
        one.name === part ? [causeAt(imageSet, 'operators', entry, 'packages', index)] : [],
      );
    }),
  );
}

/** Tells of an image of operators whether what needed it stays with other bundles. */
function successorFinder({ head }: OutgrownFacts) {
  const needs = head.placements.flatMap(({ neededBy = [] }) => neededBy);
  const staying = new Set(needs.map((need) => `${repositoryOf(need.catalog)}\n${need.package}`));
  const repositories = new Set(head.placements.map(({ target }) => target.repository));
  return ({ repository }: MirroredPlacement, entries: readonly EntryName[]): boolean =>
    entries.every(({ name, part }) =>
      // An entry for all packages does not say which: the next bundle mostly lies in the same repository.
      part === undefined ? repositories.has(repository) : staying.has(`${name}\n${part}`),
    );
}

/**
 * Finds the images of operators that an entry of the base asked for when it was applied, and asks for no more: its catalog moved
 * on, and both sides of a diff are collected from the catalog of now.
 *
 * Only images of the run's own image sets, of which the state says the entry; those that either side asks for are left out.
 */
export function findOutgrown(facts: OutgrownFacts): readonly BasePlacement[] {
  const { before, head, was, state, ownImageSets } = facts;
  const asked = new Set(
    [...head.placements, ...was.placements].map(({ target }) => placeKey(target)),
  );
  const hasSuccessor = successorFinder(facts);
  return state.flatMap((mirrored): BasePlacement[] => {
    const { kind, imageSets, entries = [] } = mirrored;
    const isOfOperator = kind === 'operatorBundle' || kind === 'operatorRelatedImage';
    const isOurs = imageSets.length > 0 && imageSets.every((name) => ownImageSets.has(name));
    if (!isOfOperator || !isOurs || asked.has(placeKey(mirrored))) return [];
    const wishes = entries.flatMap((wish) => parseWish(wish).entry ?? []);
    const causes = wishes.flatMap((entry) => causesOf(entry, before));
    if (causes.length === 0) return [];
    const placement = { ...asBase(mirrored, causes), outgrown: true } as const;
    return [hasSuccessor(mirrored, wishes) ? { ...placement, succeeded: true } : placement];
  });
}
