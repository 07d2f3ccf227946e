import { placeKey } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { changeKey, isOfPlace } from './change-key.ts';
import { manifestsBelow } from './content.ts';
import { findKeepRoots, type KeepFacts } from './keep-roots.ts';
import { compareChanges } from './order.ts';
import { findReach } from './reach.ts';
import type { Change } from './types.ts';

/** Gives the keys of the places that a plan removes. */
export function removedPlaces(changes: readonly Change[]): ReadonlySet<string> {
  const removed = changes
    .filter(isOfPlace)
    .filter(({ action }) => action === 'delete' || action === 'untag');
  return new Set(removed.map(placeKey));
}

/**
 * Gives the manifests that die with each `delete`: children of an index that nothing kept in its repository needs.
 *
 * Shape: by the key of the change; only changes with such children are in it. Order: parents before children. Each manifest is
 * given once, and not when a `delete` of its own names it.
 * @see DESIGN, law 7
 */
export function deletionClosure(
  plan: { readonly changes: readonly Change[] },
  facts: KeepFacts,
): ReadonlyMap<string, readonly Digest[]> {
  const { content } = facts.observation;
  const roots = findKeepRoots(plan.changes, removedPlaces(plan.changes), facts);
  const deletes = plan.changes.filter(({ action }) => action === 'delete').sort(compareChanges);
  const closure = new Map<string, readonly Digest[]>();
  for (const [repository, changes] of Map.groupBy(deletes, (change) => change.repository)) {
    const kept = roots.get(repository);
    const reach = kept && findReach(kept, content);
    const done = new Set(changes.map(({ digest }) => digest));
    for (const change of changes) {
      const below = manifestsBelow(content, change.digest).filter(
        (digest) => !done.has(digest) && !reach?.has(digest),
      );
      for (const digest of below) done.add(digest);
      if (below.length > 0) closure.set(changeKey(change), below);
    }
  }
  return closure;
}
