import {
  isAttached,
  type MirroredPlacement,
  type OperatorNeed,
  type Placement,
  parseWish,
  placeKey,
  repositoryOf,
} from '../imageset/index.ts';
import { type Change, isOfPlace, isRemoval } from './change.ts';
import type { PlanInput } from './types.ts';

type SuccessorFacts = Pick<PlanInput, 'before' | 'after' | 'state'>;

function packageKey(catalog: string, owner: string): string {
  return `${catalog}\n${owner}`;
}

function catalogsOf(placements: readonly Pick<Placement, 'neededBy'>[]): ReadonlySet<string> {
  return new Set(placements.flatMap(({ neededBy = [] }) => neededBy.map(({ catalog }) => catalog)));
}

/**
 * Makes a function that gives the successors of a catalog: the catalog itself while it is wanted, else the new ones of its
 * repository. Where more catalogs of a repository go than come, a catalog has no successor.
 */
function heirFinder({ before, after }: SuccessorFacts): (catalog: string) => readonly string[] {
  const [old, now] = [catalogsOf(before), catalogsOf(after)];
  const going = Map.groupBy(
    [...old].filter((one) => !now.has(one)),
    repositoryOf,
  );
  const coming = Map.groupBy(
    [...now].filter((one) => !old.has(one)),
    repositoryOf,
  );
  return (catalog) => {
    if (now.has(catalog)) return [catalog];
    const heirs = coming.get(repositoryOf(catalog)) ?? [];
    const { length } = going.get(repositoryOf(catalog)) ?? [];
    return length > heirs.length ? [] : heirs;
  };
}

/** Gives the repositories of mirrored catalogs that are not wanted any more. */
function repositoriesLeft({ after, state }: SuccessorFacts): ReadonlySet<string> {
  const wanted = new Set(after.map(({ target }) => placeKey(target)));
  const left = state.filter((one) => one.kind === 'operatorCatalog' && !wanted.has(placeKey(one)));
  return new Set(left.map(({ origin }) => repositoryOf(origin)));
}

/** Gives the packages that the state names for an image, with the repositories of their catalogs; `undefined`: unknown. */
function packagesInState({ entries = [], imageSets }: MirroredPlacement) {
  const wishes = entries.map(parseWish);
  const isKnown = imageSets.every((name) => wishes.some(({ imageSet }) => imageSet === name));
  const packages = wishes.map(({ entry }) =>
    entry?.kind === 'operator' && entry.part !== undefined
      ? { repository: entry.name, owner: entry.part }
      : undefined,
  );
  return isKnown && packages.length > 0 && !packages.includes(undefined)
    ? packages.filter((one) => one !== undefined)
    : undefined;
}

/** Makes a function that tells whether every operator package that has the image of a place stays with other bundles. */
function successorFinder(facts: SuccessorFacts): (key: string) => boolean {
  const bundles = facts.after.filter(({ kind }) => kind === 'operatorBundle');
  const needs = bundles.flatMap(({ neededBy = [] }) => neededBy);
  const staying = new Set(needs.map((need) => packageKey(need.catalog, need.package)));
  const stayingIn = new Set(
    needs.map((need) => packageKey(repositoryOf(need.catalog), need.package)),
  );
  const heirsOf = heirFinder(facts);
  const left = repositoriesLeft(facts);
  const asked = Map.groupBy(facts.before, ({ target }) => placeKey(target));
  const state = new Map(facts.state.map((placement) => [placeKey(placement), placement]));
  const stays = (need: OperatorNeed): boolean =>
    heirsOf(need.catalog).some((heir) => staying.has(packageKey(heir, need.package)));
  return (key) => {
    const wishes = asked.get(key);
    if (wishes) {
      return wishes.every(
        ({ succeeded, neededBy = [] }) =>
          succeeded || (neededBy.length > 0 && neededBy.every(stays)),
      );
    }
    const mirrored = state.get(key);
    const packages = mirrored && packagesInState(mirrored);
    return (
      packages?.every(
        ({ repository, owner }) =>
          !left.has(repository) && stayingIn.has(packageKey(repository, owner)),
      ) === true
    );
  };
}

/** Marks the images of operators that are deleted while their packages stay with other bundles. */
export function markSucceeded(changes: readonly Change[], facts: SuccessorFacts): Change[] {
  const hasSuccessor = successorFinder(facts);
  return changes.map((change) =>
    change.action === 'delete' && isOfPlace(change) && hasSuccessor(placeKey(change))
      ? { ...change, succeeded: true }
      : change,
  );
}

/**
 * Counts the deletes that have no successor: the place does not name another digest, and the operator packages that had the
 * image do not all stay with other bundles.
 */
export function countLost(changes: readonly Change[]): number {
  const going = new Set(changes.filter(isOfPlace).filter(isRemoval).map(placeKey));
  const isLost = (change: Change): boolean =>
    isOfPlace(change) ? !change.succeeded : going.has(placeKey(change));
  return changes.filter(
    (change) => change.action === 'delete' && !isAttached(change) && isLost(change),
  ).length;
}
