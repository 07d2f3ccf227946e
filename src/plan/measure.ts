import type { Digest } from '../oci/index.ts';
import { type Change, isBring } from './change.ts';
import { type Content, type Load, loadOf, sum } from './content.ts';
import { removedPlaces } from './deletion-order.ts';
import { findKeepRoots, type KeepFacts } from './keep-roots.ts';
import { findReach } from './reach.ts';

type Weigh = (digest: Digest) => Load;

function weigher(content: Content): Weigh {
  const known = new Map<Digest, Load>();
  return (digest) => {
    const load = known.get(digest) ?? loadOf(content, digest);
    known.set(digest, load);
    return load;
  };
}

/** Platforms that are left out are not read, and nobody misses them. */
function isWhole(change: Change, load: Load): boolean {
  if (load.unread.includes(change.digest)) return false;
  return load.unread.length === 0 || (change.platforms?.length ?? 0) > 0;
}

function sizeOf(load: Load): number {
  return sum(load.manifests.values()) + sum(load.blobs.values());
}

/** Adds up what is not counted yet, and counts it. */
function countNew<Key>(sizes: Iterable<readonly [Key, number]>, counted: Set<Key>): number {
  let total = 0;
  for (const [key, size] of sizes) {
    if (counted.has(key)) continue;
    counted.add(key);
    total += size;
  }
  return total;
}

/** Counts what moves: manifests once for each repository, blobs once for the target. */
function mirrorCounter(weigh: Weigh, present: ReadonlySet<Digest>): (change: Change) => number {
  const blobs = new Set(present);
  const manifests = new Set<string>();
  return ({ repository, digest }) => {
    const load = weigh(digest);
    const inRepository = [...load.manifests].map(([below, size]) => {
      return [`${repository}@${below}`, size] as const;
    });
    return countNew(inRepository, manifests) + countNew(load.blobs, blobs);
  };
}

/** Counts the bytes that a plan frees: those that nothing kept reaches, in whatever repository. */
function freeCounter(weigh: Weigh, kept: Iterable<Digest>): (change: Change) => number {
  const counted = new Set<Digest>();
  for (const digest of kept) {
    const { manifests, blobs } = weigh(digest);
    for (const reached of [...manifests.keys(), ...blobs.keys()]) counted.add(reached);
  }
  return ({ digest }) => {
    const { manifests, blobs } = weigh(digest);
    return countNew(manifests, counted) + countNew(blobs, counted);
  };
}

/** The content that stays anywhere in the target: every digest that is named, and everything that it reaches. */
function findKept(changes: readonly Change[], facts: KeepFacts) {
  const { content } = facts.observation;
  const repositories = [...findKeepRoots(changes, removedPlaces(changes), facts).values()];
  return {
    named: repositories.flatMap(({ roots }) => [...roots.keys()]),
    reached: repositories.flatMap((roots) => [...findReach(roots, content).keys()]),
  };
}

/** A kept image has the size that it had when it was mirrored; one that was not read has the size that the state records. */
function bytesKept(changes: readonly Change[], weigh: Weigh): number {
  const countRead = mirrorCounter(weigh, new Set());
  const counted = new Set<Digest>();
  const sizes = changes.map((change) => {
    const { digest, size } = change;
    return weigh(digest).manifests.has(digest)
      ? countRead(change)
      : countNew([[digest, size]], counted);
  });
  return sum(sizes);
}

/**
 * Measures changes, which stand in their canonical order: the first that needs a shared thing counts it.
 *
 * Exact means exact for what is moved and freed. Where a manifest was not read, its size is what the state says.
 */
export function measure(changes: readonly Change[], facts: KeepFacts) {
  const { content, present } = facts.observation;
  const weigh = weigher(content);
  const kept = findKept(changes, facts);
  const countMirror = mirrorCounter(weigh, present);
  const countFree = freeCounter(weigh, kept.reached);
  const measured = changes.map((change) => {
    const load = weigh(change.digest);
    const size = load.unread.length === 0 ? sizeOf(load) : Math.max(sizeOf(load), change.size);
    const frees = change.action === 'delete';
    const bytes = isBring(change) ? countMirror(change) : frees ? countFree(change) : 0;
    return { ...change, size, bytes };
  });
  const moved = measured.filter(isBring);
  const freed = measured.filter(({ action }) => action === 'delete');
  const counts = [...moved, ...freed];
  const isExact =
    counts.every((change) => isWhole(change, weigh(change.digest))) &&
    (freed.length === 0 || kept.named.every((digest) => content.has(digest)));
  return {
    changes: measured,
    bytes: {
      bytesToMirror: sum(moved.map(({ bytes }) => bytes)),
      bytesToFree: sum(freed.map(({ bytes }) => bytes)),
      bytesKept: bytesKept(
        measured.filter(({ action }) => action === 'keep'),
        weigh,
      ),
      bytesAreExact: isExact,
    },
  };
}
