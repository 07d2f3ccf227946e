import type { TargetPlace } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import type { ContentNode, Observation } from './types.ts';

/** Manifests that were read, by digest. */
export type Content = ReadonlyMap<Digest, ContentNode>;

/** The bytes below a manifest, each part counted once. */
export interface Load {
  readonly manifests: ReadonlyMap<Digest, number>;
  readonly blobs: ReadonlyMap<Digest, number>;
  /** Digests of manifests that were not read. */
  readonly unread: readonly Digest[];
}

/** Gives a manifest and all manifests below it, parents first, each once; unread ones are given too. */
export function manifestsBelow(content: Content, root: Digest): readonly Digest[] {
  const found = new Set([root]);
  // A set may grow while it is walked, and still gives each member once.
  for (const digest of found) {
    for (const child of content.get(digest)?.children ?? []) found.add(child);
  }
  return [...found];
}

/** Weighs a manifest with everything below it. */
export function loadOf(content: Content, root: Digest): Load {
  const manifests = new Map<Digest, number>();
  const blobs = new Map<Digest, number>();
  const unread: Digest[] = [];
  for (const digest of manifestsBelow(content, root)) {
    const node = content.get(digest);
    if (node) manifests.set(digest, node.descriptor.size);
    else unread.push(digest);
    for (const blob of node?.blobs ?? []) blobs.set(blob.digest, blob.size);
  }
  return { manifests, blobs, unread };
}

/** Adds up bytes. */
export function sum(sizes: Iterable<number>): number {
  let total = 0;
  for (const size of sizes) total += size;
  return total;
}

/** The digest of one tag in the target. `unseen`: its repository was not looked at. */
export type ObservedTag =
  | { readonly is: 'absent' | 'unresolved' | 'unseen' }
  | { readonly is: 'resolved'; readonly digest: Digest };

/** Looks up a tag in what was observed. */
export function observedTag(observation: Observation, place: TargetPlace): ObservedTag {
  const repository = observation.repositories.get(place.repository);
  if (!repository) return { is: 'unseen' };
  if (!repository.tags.has(place.tag)) return { is: 'absent' };
  const digest = repository.tags.get(place.tag);
  return digest === undefined ? { is: 'unresolved' } : { is: 'resolved', digest };
}
