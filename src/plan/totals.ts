import type { Action, Change } from './types.ts';

/** Counts changes by what they do. */
export function countActions(changes: readonly Change[]): Record<Action, number> {
  const counts = { mirror: 0, retag: 0, keep: 0, delete: 0, untag: 0, hold: 0 };
  for (const { action } of changes) counts[action] += 1;
  return counts;
}
