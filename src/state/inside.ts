import { type MirroredPlacement, withPrefix } from '../imageset/index.ts';
import type { State } from './types.ts';

/**
 * Tells whether a repository is the mirror's: below the target's prefix, and not among the tool's own repositories.
 *
 * Shape: `prefix` has no slashes at its ends; empty: every repository is below it.
 */
export function isInside(prefix: string, repository: string): boolean {
  const own = withPrefix(prefix, 'imageset-mirror');
  const isBelow = prefix === '' || repository.startsWith(`${prefix}/`);
  return isBelow && repository !== own && !repository.startsWith(`${own}/`);
}

/**
 * Leaves out of a state what does not lie inside the target: whoever may push a state could name anything.
 *
 * Shape: `outside` is what was left out.
 */
export function withinTarget(
  state: State,
  prefix: string,
): { readonly state: State; readonly outside: readonly MirroredPlacement[] } {
  const outside = state.placements.filter(({ repository }) => !isInside(prefix, repository));
  if (outside.length === 0) return { state, outside };
  const placements = state.placements.filter(({ repository }) => isInside(prefix, repository));
  return { state: { ...state, placements }, outside };
}
