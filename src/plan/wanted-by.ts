import { sortedUnique } from '../base/index.ts';
import { type Change, isRemoval } from './change.ts';

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
