import { placeKey } from '../imageset/index.ts';
import type { Change } from './types.ts';

/** Tells whether a change is about the place that it names, and not about a digest that was replaced there. */
export function isOfPlace({ replacedBy }: Pick<Change, 'replacedBy'>): boolean {
  return replacedBy === undefined;
}

/** Names what a change is about, each thing once in a plan: `repository:tag`, or `repository@digest` of what was replaced. */
export function changeKey(
  change: Pick<Change, 'repository' | 'tag' | 'digest' | 'replacedBy'>,
): string {
  return isOfPlace(change) ? placeKey(change) : `${change.repository}@${change.digest}`;
}
