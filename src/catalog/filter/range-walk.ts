import type { BundleGraph } from './graph.ts';
import type { VersionRange } from './range.ts';
import type { Version } from './version.ts';

/**
 * Chooses the names of a channel that a range keeps; none when nothing lies in it.
 *
 * On the chain of replaced entries, the new head is the lowest that has every entry of the range at or below itself; the tail
 * is the first that has none, and goes. What lies between stays, in the range or not, so that the path is not broken; with each
 * stay those of its skips that are in the range.
 * @see spec 5.4, (3) range
 */
export function keepRange(
  graph: BundleGraph,
  range: VersionRange,
  versions: ReadonlyMap<string, Version>,
): ReadonlySet<string> {
  const isIn = (name: string): boolean => {
    const version = versions.get(name);
    return version !== undefined && range.admits(version);
  };
  const inRange = (name: string) => (graph.skips.get(name) ?? []).filter(isIn);
  const found = new Set<string>();
  const steps = graph.chain
    .toReversed()
    .map((name) => {
      for (const one of [name, ...inRange(name)]) if (isIn(one)) found.add(one);
      return { name, atOrBelow: found.size };
    })
    .toReversed();
  const head = steps.findLastIndex(({ atOrBelow }) => atOrBelow === found.size);
  const tail = steps.findIndex(({ atOrBelow }) => atOrBelow === 0);
  const kept = steps.slice(head, tail < 0 ? steps.length : tail);
  return new Set(kept.flatMap(({ name }) => [name, ...inRange(name)]));
}
