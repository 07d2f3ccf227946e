import { compareChanges } from '../base/index.ts';
import { placeKey } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { type Change, isOfPlace, isRemoval } from './change.ts';
import { type Content, manifestsBelow } from './content.ts';
import { findKeepRoots, type KeepFacts } from './keep-roots.ts';
import { findReach } from './reach.ts';

/** Gives the keys of the places that a plan removes. */
export function removedPlaces(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.filter(isOfPlace).filter(isRemoval).map(placeKey));
}

/** One manifest that goes from one repository. */
export interface DoomedManifest {
  readonly repository: string;
  readonly digest: Digest;
  /** The deletes that name it; none for what goes along with an index. */
  readonly changes: readonly Change[];
  /** Indexes that go too and have it as a child: it stays as long as one of them does. */
  readonly above: readonly Digest[];
  /** Something that stays reaches it: then it must not go. */
  readonly isKept: boolean;
}

/** Orders digests so that an index comes before its children. */
function parentsFirst(digests: Iterable<Digest>, content: Content): Digest[] {
  const seen = new Set<Digest>();
  const done: Digest[] = [];
  const visit = (digest: Digest): void => {
    if (seen.has(digest)) return;
    seen.add(digest);
    for (const child of content.get(digest)?.children ?? []) visit(child);
    done.push(digest);
  };
  for (const digest of [...digests].reverse()) visit(digest);
  return done.reverse();
}

/**
 * Gives the manifests that go by their digest, with the children of indexes that nothing kept in their repository needs.
 *
 * Order: by repository, then an index before its children, whichever changes name them: whoever stops in between leaves no
 * index without a child. Each manifest of a repository is given once.
 * @see DESIGN, law 7
 */
export function deletionOrder(
  plan: { readonly changes: readonly Change[] },
  facts: KeepFacts,
): readonly DoomedManifest[] {
  const { content } = facts.observation;
  const roots = findKeepRoots(plan.changes, removedPlaces(plan.changes), facts);
  const deletes = plan.changes.filter(({ action }) => action === 'delete').sort(compareChanges);
  return [...Map.groupBy(deletes, ({ repository }) => repository)].flatMap(
    ([repository, changes]) => {
      const kept = roots.get(repository);
      const reach = kept && findReach(kept, content);
      const named = Map.groupBy(changes, ({ digest }) => digest);
      const below = [...named.keys()].flatMap((digest) => manifestsBelow(content, digest));
      const doomed = new Set([...named.keys(), ...below.filter((digest) => !reach?.has(digest))]);
      const above = new Map<Digest, Digest[]>();
      for (const digest of doomed) {
        for (const child of content.get(digest)?.children ?? []) {
          above.set(child, [...(above.get(child) ?? []), digest]);
        }
      }
      return parentsFirst(doomed, content)
        .filter((digest) => doomed.has(digest))
        .map((digest) => ({
          repository,
          digest,
          changes: named.get(digest) ?? [],
          above: above.get(digest) ?? [],
          isKept: reach?.has(digest) === true,
        }));
    },
  );
}
