import { compareChanges } from '../base/index.ts';
import { placeKey } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import { subjectsOf } from './attached.ts';
import { type Change, isOfPlace, isRemoval } from './change.ts';
import { manifestsBelow } from './content.ts';
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
  /** Images that go too and to which it is attached: it stays as long as one of them does. */
  readonly subjects: readonly Digest[];
  /** Something that stays reaches it: then it must not go. */
  readonly isKept: boolean;
}

type Below = (digest: Digest) => readonly Digest[];

/** Orders digests so that each comes before those below it. */
function parentsFirst(digests: Iterable<Digest>, below: Below): Digest[] {
  const seen = new Set<Digest>();
  const done: Digest[] = [];
  const visit = (digest: Digest): void => {
    if (seen.has(digest)) return;
    seen.add(digest);
    for (const child of below(digest)) visit(child);
    done.push(digest);
  };
  for (const digest of [...digests].reverse()) visit(digest);
  return done.reverse();
}

/** Gives, for each digest that is below another one, those that it is below. */
function invert(digests: Iterable<Digest>, below: Below): ReadonlyMap<Digest, readonly Digest[]> {
  const above = new Map<Digest, Digest[]>();
  for (const digest of digests) {
    for (const one of below(digest)) above.set(one, [...(above.get(one) ?? []), digest]);
  }
  return above;
}

/** Finds the manifests that are attached to each manifest that goes. */
function attachedTo(changes: readonly Change[], doomed: ReadonlySet<Digest>): Below {
  const attached = new Map<Digest, Digest[]>();
  for (const change of changes.filter(isOfPlace)) {
    for (const subject of subjectsOf(change)) {
      if (!doomed.has(subject)) continue;
      attached.set(subject, [...(attached.get(subject) ?? []), change.digest]);
    }
  }
  return (digest) => attached.get(digest) ?? [];
}

/**
 * Gives the manifests that go by their digest, with the children of indexes that nothing kept in their repository needs.
 *
 * Order: by repository, then an index before its children and an image before its signatures, whichever changes name them. A run
 * that stops in between leaves no index without a child and no image without its signature. Each manifest of a repository is
 * given once.
 * @see DESIGN, laws 7 and 11
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
      const children: Below = (digest) => content.get(digest)?.children ?? [];
      const attached = attachedTo(changes, doomed);
      const above = invert(doomed, children);
      const subjects = invert(doomed, attached);
      return parentsFirst(doomed, (digest) => [...children(digest), ...attached(digest)])
        .filter((digest) => doomed.has(digest))
        .map((digest) => ({
          repository,
          digest,
          changes: named.get(digest) ?? [],
          above: above.get(digest) ?? [],
          subjects: subjects.get(digest) ?? [],
          isKept: reach?.has(digest) === true,
        }));
    },
  );
}
