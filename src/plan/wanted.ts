import { compareText, sortedUnique } from '../base/index.ts';
import {
  type Cause,
  type MirroredPlacement,
  type PinnedPlacement,
  placeKey,
} from '../imageset/index.ts';
import { type Change, isRemoval } from './change.ts';
import { joinPlatforms } from './platforms.ts';
import type { BasePlacement } from './types.ts';

/** Indexes the images that the state knows in the target. */
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
function joinCauses(causes: readonly Cause[]): Cause[] {
  const unique = new Map(causes.map((cause) => [`${cause.imageSet}\n${cause.path}`, cause]));
  return [...unique.values()].sort(compareCauses);
}

function comparePlacements(a: BasePlacement, b: BasePlacement): number {
  const [first, second] = [joinCauses(a.causes)[0], joinCauses(b.causes)[0]];
  return (
    (first && second ? compareCauses(first, second) : 0) ||
    compareText(a.origin, b.origin) ||
    compareText(JSON.stringify(a.source ?? ''), JSON.stringify(b.source ?? '')) ||
    compareText(a.release?.version ?? '', b.release?.version ?? '')
  );
}

/**
 * Joins the placements of each place: the first by file and line gives the image, all with the same content give causes.
 *
 * A placement of other content at the same place is dropped; the collectors have reported it.
 */
function join<P extends BasePlacement>(
  placements: readonly P[],
  contentOf: (one: P) => unknown,
): P[] {
  const groups = Map.groupBy(placements, ({ target }) => placeKey(target));
  return [...groups.values()].flatMap((group) => {
    const [first] = group.sort(comparePlacements);
    if (!first) return [];
    const same = group.filter((one) => contentOf(one) === contentOf(first));
    return [{ ...first, causes: joinCauses(same.flatMap(({ causes }) => causes)) }];
  });
}

/** Gives the wanted placements, one for each place, with the platforms of all that want it. */
export function joinWanted(after: readonly PinnedPlacement[]): PinnedPlacement[] {
  const byContent = Map.groupBy(
    after,
    ({ target, content }) => `${placeKey(target)}@${content.digest}`,
  );
  return join(after, ({ content }) => content.digest).map(({ platforms: _, ...placement }) => {
    const key = `${placeKey(placement.target)}@${placement.content.digest}`;
    const platforms = joinPlatforms(byContent.get(key) ?? []);
    return platforms.length > 0 ? { ...placement, platforms } : placement;
  });
}

/** Gives the placements that were wanted, one for each place, whatever content it had. */
export function joinBefore<P extends BasePlacement>(before: readonly P[]): P[] {
  return join(before, () => '');
}

/**
 * Gives the image sets of the run that want a change's place once the plan is done, sorted; none for what goes.
 *
 * A held place may still be wanted by one image set after another gave it up: the state has to remember which.
 */
export function wantedBy(change: Change): readonly string[] {
  if (isRemoval(change)) return [];
  const names = sortedUnique(change.causes.map(({ imageSet }) => imageSet));
  if (change.action !== 'hold') return names;
  const holding = (change.holders ?? [])
    .filter(({ kind }) => kind === 'image-set')
    .map(({ name }) => name);
  return names.filter((name) => holding.includes(name));
}
