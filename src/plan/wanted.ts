import { compareText } from '../base/index.ts';
import {
  type Cause,
  type MirroredPlacement,
  type PinnedPlacement,
  type Placement,
  placeKey,
} from '../imageset/index.ts';
import { joinPlatforms } from './platforms.ts';

/** Indexes what lies in the target, as far as the state knows. */
export function stateByPlace(
  state: readonly MirroredPlacement[],
): ReadonlyMap<string, MirroredPlacement> {
  return new Map(state.map((placement) => [placeKey(placement), placement]));
}

function compareCauses(a: Cause, b: Cause): number {
  return (
    compareText(a.imageSet, b.imageSet) ||
    a.at.line - b.at.line ||
    a.at.column - b.at.column ||
    compareText(a.path, b.path)
  );
}

/** Joins causes: sorted as people read them, by file and line, each once. */
export function joinCauses(causes: readonly Cause[]): Cause[] {
  const unique = new Map(causes.map((cause) => [`${cause.imageSet}\n${cause.path}`, cause]));
  return [...unique.values()].sort(compareCauses);
}

function compareWishes(a: Placement, b: Placement): number {
  const [first, second] = [joinCauses(a.causes)[0], joinCauses(b.causes)[0]];
  return (
    (first && second ? compareCauses(first, second) : 0) ||
    compareText(a.origin, b.origin) ||
    compareText(JSON.stringify(a.source), JSON.stringify(b.source)) ||
    compareText(a.release?.version ?? '', b.release?.version ?? '')
  );
}

/**
 * Joins wishes for one place: the first by file and line gives the image, all that want the same content give causes.
 *
 * A wish for other content at the same place is dropped; whoever collected has reported it.
 */
function join<P extends Placement>(wishes: readonly P[], contentOf: (wish: P) => unknown): P[] {
  const groups = new Map<string, P[]>();
  for (const wish of wishes) {
    const key = placeKey(wish.target);
    const group = groups.get(key);
    if (group) group.push(wish);
    else groups.set(key, [wish]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group.sort(compareWishes);
    if (!first) return [];
    const same = group.filter((wish) => contentOf(wish) === contentOf(first));
    return [{ ...first, causes: joinCauses(same.flatMap(({ causes }) => causes)) }];
  });
}

/** Gives what is wanted, one placement for each place, with the platforms of all that want it. */
export function joinWanted(after: readonly PinnedPlacement[]): PinnedPlacement[] {
  const wishes = Map.groupBy(
    after,
    ({ target, content }) => `${placeKey(target)}@${content.digest}`,
  );
  return join(after, ({ content }) => content.digest).map(({ platforms: _, ...placement }) => {
    const key = `${placeKey(placement.target)}@${placement.content.digest}`;
    const platforms = joinPlatforms(wishes.get(key) ?? []);
    return platforms.length > 0 ? { ...placement, platforms } : placement;
  });
}

/** Gives what was wanted, one placement for each place, whatever content it had. */
export function joinBefore<P extends Placement>(before: readonly P[]): P[] {
  return join(before, () => '');
}
