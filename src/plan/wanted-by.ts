import { sortedUnique } from '../base/index.ts';
import type { Change } from './types.ts';

/**
 * Gives the image sets of the run that want a change's place once the plan is done, sorted; none for what goes.
 *
 * A held place may still be wanted by one image set after another gave it up: the state has to remember which.
 */
export function wantedBy({ action, causes, holders = [] }: Change): readonly string[] {
  if (action === 'delete' || action === 'untag') return [];
  const names = sortedUnique(causes.map(({ imageSet }) => imageSet));
  if (action !== 'hold') return names;
  const holding = holders.filter(({ kind }) => kind === 'image-set').map(({ name }) => name);
  return names.filter((name) => holding.includes(name));
}
