import type { Outcome } from '../apply/index.ts';
import type { PrunedCache } from '../archive/index.ts';
import { isRemoval } from '../plan/index.ts';
import { parseTarget } from './connect/index.ts';

/** A request to forget what was deleted from a target. */
export interface PruneRequest {
  /** Directory of the cache. */
  readonly cache: string;
  /** `host[:port][/path]` */
  readonly target: string;
  /** The deletions: those that were done count. */
  readonly outcomes: readonly Outcome[];
}

/** Removes what was deleted from a target from the cache too, and everything that no tag there reaches any more. */
export async function pruneCached({ cache, target, outcomes }: PruneRequest): Promise<PrunedCache> {
  const { prefix } = parseTarget(target);
  const start = prefix === '' ? '' : `${prefix}/`;
  const places = outcomes
    .filter(({ change, result }) => result === 'done' && isRemoval(change))
    .filter(({ change }) => change.repository.startsWith(start))
    .map(({ change: { repository, tag } }) => ({
      repository: repository.slice(start.length),
      tag,
    }));
  const { openCache, pruneCache } = await import('../archive/index.ts');
  return await pruneCache(openCache(cache), places);
}
