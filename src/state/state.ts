import { sortedUnique } from '../base/index.ts';
import {
  isInside,
  type MirroredPlacement,
  parseWish,
  placeKey,
  type TargetArea,
  type TargetPlace,
} from '../imageset/index.ts';
import type { AppliedImageSet, AppliedRun, PendingRun, RunId, State } from './types.ts';

/** Runs that a state remembers. */
const maxRuns = 50;

/** The result of an apply, or of a part of one. */
export interface Applied {
  /** Names of the image sets of the run; others keep what they want of a place. */
  readonly ownImageSets: ReadonlySet<string>;
  /** Places that hold what they should: mirrored, retagged, adopted, or kept; `imageSets` names who wants them now. */
  readonly placed: readonly MirroredPlacement[];
  /** Places that are gone: deleted, untagged. */
  readonly removed: readonly TargetPlace[];
  /** Places that the run's image sets no longer want and that something holds: they stay, without those names. */
  readonly released: readonly TargetPlace[];
  /** Texts of the run's image sets, once all of it succeeded; absent: the old texts stay, so that the next diff catches up. */
  readonly imageSets?: readonly AppliedImageSet[] | undefined;
  /** The finished run; absent: nothing was done. */
  readonly run?: AppliedRun | undefined;
}

/** Gives the state of a target that this tool has never written to. */
export function emptyState(): State {
  return { imageSets: [], runs: [], placements: [] };
}

/** Gives the number of the next run, one more than that of any run that is known. */
export function nextRunId({ runs, pending = [] }: State): number {
  return [...runs, ...pending].reduce((highest, { id }) => Math.max(highest, id), 0) + 1;
}

function isRun({ id, token }: RunId): (other: RunId) => boolean {
  return (other) => other.id === id && other.token === token;
}

/** Notes that a run has begun, or its present work; this replaces the earlier note of the run. */
export function notePending(state: State, run: PendingRun): State {
  const isSame = isRun(run);
  return { ...state, pending: [...(state.pending ?? []).filter((one) => !isSame(one)), run] };
}

/** Forgets runs that have begun: they ended, or were killed. */
export function forgetPending(state: State, ended: (run: PendingRun) => boolean): State {
  const { pending = [], ...rest } = state;
  const left = pending.filter((run) => !ended(run));
  return left.length > 0 ? { ...rest, pending: left } : rest;
}

/**
 * Merges what was done into a state.
 *
 * Effects: none; a place in no list stays as it was, which is what a failed deed needs. A second merge of the same facts
 * changes nothing. The last 50 runs are kept.
 */
export function recordApplied(state: State, applied: Applied): State {
  const places = new Map(state.placements.map((placement) => [placeKey(placement), placement]));
  for (const place of applied.released) release(places, placeKey(place), applied.ownImageSets);
  for (const place of applied.removed) places.delete(placeKey(place));
  for (const placement of applied.placed) {
    const key = placeKey(placement);
    const known = places.get(key);
    const others = namesWithout(known?.imageSets ?? [], applied.ownImageSets);
    const imageSets = sortedUnique([...others, ...placement.imageSets]);
    const entries = [
      ...(placement.entries ?? []),
      ...(known?.entries ?? []).filter((wish) => others.includes(parseWish(wish).imageSet)),
    ];
    places.set(key, { ...placement, imageSets, ...(entries.length > 0 && { entries }) });
  }
  return {
    ...state,
    imageSets: mergeTexts(state.imageSets, applied),
    runs: mergeRuns(state.runs, applied.run),
    placements: [...places.values()],
  };
}

/** Forgets places that no longer belong to this tool: they will not be deleted. */
export function forget(state: State, places: readonly TargetPlace[]): State {
  const gone = new Set(places.map(placeKey));
  return { ...state, placements: state.placements.filter((kept) => !gone.has(placeKey(kept))) };
}

/** Adds runs to the history. */
export function withRuns(state: State, runs: readonly AppliedRun[]): State {
  return { ...state, runs: runs.reduce(mergeRuns, state.runs) };
}

function release(
  places: Map<string, MirroredPlacement>,
  key: string,
  ownImageSets: ReadonlySet<string>,
): void {
  const placement = places.get(key);
  if (!placement) return;
  places.set(key, { ...placement, imageSets: namesWithout(placement.imageSets, ownImageSets) });
}

function namesWithout(names: readonly string[], without: ReadonlySet<string>): string[] {
  return names.filter((name) => !without.has(name));
}

function mergeTexts(
  before: readonly AppliedImageSet[],
  { imageSets, ownImageSets }: Applied,
): readonly AppliedImageSet[] {
  if (!imageSets) return before;
  const names = new Set([...ownImageSets, ...imageSets.map(({ name }) => name)]);
  return [...before.filter(({ name }) => !names.has(name)), ...imageSets];
}

function mergeRuns(
  runs: readonly AppliedRun[],
  run: AppliedRun | undefined,
): readonly AppliedRun[] {
  if (!run) return runs;
  const isSame = isRun(run);
  return [...runs.filter((one) => !isSame(one)), run].slice(-maxRuns);
}

/**
 * Leaves out the placements of a state that are outside the target: everybody who may push a state could name any place.
 *
 * Shape: `outside` are the placements that were left out.
 */
export function withinTarget(
  state: State,
  area: TargetArea,
): { readonly state: State; readonly outside: readonly MirroredPlacement[] } {
  const outside = state.placements.filter(({ repository }) => !isInside(area, repository));
  if (outside.length === 0) return { state, outside };
  const placements = state.placements.filter(({ repository }) => isInside(area, repository));
  return { state: { ...state, placements }, outside };
}
