import { isInside, type MirroredPlacement, type TargetArea } from '../imageset/index.ts';
import type { State } from './types.ts';

/**
 * Leaves out of a state what does not lie inside the target: whoever may push a state could name anything.
 *
 * Shape: `outside` is what was left out.
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
