import { ContentError } from '../errors.ts';
import { type Digest, type Manifest, successors } from '../oci/index.ts';
import { readAttachedTag } from '../signature/index.ts';
import type { Cache } from './cache.ts';
import type { RepositoryLinks } from './links.ts';

/** A place of a cache. */
export interface CachePlace {
  readonly repository: string;
  readonly tag: string;
}

/** The result of pruning a cache. */
export interface PrunedCache {
  readonly tags: number;
  readonly manifests: number;
  readonly blobs: number;
  /** Bytes of the blobs. */
  readonly bytes: number;
}

/** One repository, with everything that is worth keeping of it. */
interface Kept {
  readonly links: RepositoryLinks;
  readonly manifests: Set<Digest>;
  readonly blobs: Set<Digest>;
  /** A manifest that cannot be read is there: it may need anything of its repository. */
  isUnclear: boolean;
}

async function readManifest(
  digest: Digest,
  { files }: Cache,
): Promise<Manifest | 'unclear' | undefined> {
  try {
    return await files.manifest(digest);
  } catch (thrown) {
    if (thrown instanceof ContentError) return 'unclear';
    throw thrown;
  }
}

/** Marks a manifest and everything below it. */
async function mark(digest: Digest, kept: Kept, cache: Cache): Promise<void> {
  const open = [digest];
  for (const one of open) {
    if (kept.manifests.has(one)) continue;
    kept.manifests.add(one);
    const manifest = await readManifest(one, cache);
    if (manifest === 'unclear') kept.isUnclear = true;
    if (manifest === undefined || manifest === 'unclear') continue;
    const { blobs, children } = successors(manifest);
    for (const blob of blobs) kept.blobs.add(blob.digest);
    for (const child of children) open.push(child.digest);
  }
}

/** Gives the digest that a tag is about; `undefined` for the tag of an image. */
async function subjectOf(tag: string, links: RepositoryLinks): Promise<Digest | undefined> {
  const subject = readAttachedTag(tag)?.subject;
  // An image by digest has its own digest for a tag.
  return subject && (await links.tag(tag)) !== subject ? subject : undefined;
}

/** Gives the digests of tags that are about something that is kept. */
async function attachedByTag({ links, manifests }: Kept): Promise<readonly Digest[]> {
  const found: Digest[] = [];
  for (const tag of (await links.tags()) ?? []) {
    const subject = await subjectOf(tag, links);
    const digest = subject && manifests.has(subject) ? await links.tag(tag) : undefined;
    if (digest) found.push(digest);
  }
  return found;
}

/** Gives the manifests that say themselves that they are about something that is kept. */
async function attachedBySubject(kept: Kept, cache: Cache): Promise<readonly Digest[]> {
  const found: Digest[] = [];
  for (const digest of await kept.links.revisions()) {
    if (kept.manifests.has(digest)) continue;
    const manifest = await readManifest(digest, cache);
    if (manifest === 'unclear') kept.isUnclear = true;
    else if (manifest?.subject && kept.manifests.has(manifest.subject.digest)) found.push(digest);
  }
  return found;
}

/** Marks attachments of kept manifests, and attachments of these, until there are no more. */
async function markAttached(kept: Kept, cache: Cache): Promise<void> {
  for (let before = -1; before !== kept.manifests.size; ) {
    before = kept.manifests.size;
    const attached = [...(await attachedByTag(kept)), ...(await attachedBySubject(kept, cache))];
    for (const digest of attached) await mark(digest, kept, cache);
  }
}

/** Removes what is not kept of a repository; gives how many tags and manifests went. */
async function sweep({ links, manifests, blobs }: Kept) {
  const gone = { tags: 0, manifests: 0 };
  for (const tag of (await links.tags()) ?? []) {
    const digest = await links.tag(tag);
    if (digest && manifests.has(digest)) continue;
    await links.removeTag(tag);
    gone.tags += 1;
  }
  for (const digest of await links.revisions()) {
    if (manifests.has(digest)) continue;
    await links.removeRevision(digest);
    gone.manifests += 1;
  }
  for (const digest of await links.layers()) {
    if (!blobs.has(digest)) await links.removeLayer(digest);
  }
  return gone;
}

async function pruneRepository(name: string, cache: Cache) {
  const links = cache.links(name);
  const kept: Kept = { links, manifests: new Set(), blobs: new Set(), isUnclear: false };
  for (const tag of (await links.tags()) ?? []) {
    const digest = (await subjectOf(tag, links)) ? undefined : await links.tag(tag);
    if (digest) await mark(digest, kept, cache);
  }
  await markAttached(kept, cache);
  const gone = kept.isUnclear ? { tags: 0, manifests: 0 } : await sweep(kept);
  return { gone, needed: [...(await links.revisions()), ...(await links.layers())] };
}

/**
 * Removes tags from a cache, and then everything that no tag reaches: manifests, and blobs that no repository has.
 *
 * Signatures and other referrers stay with what they are about, and go with it. A repository with a manifest that cannot be
 * read keeps everything.
 */
export async function pruneCache(
  cache: Cache,
  places: readonly CachePlace[],
): Promise<PrunedCache> {
  const pruned = { tags: 0, manifests: 0, blobs: 0, bytes: 0 };
  for (const { repository, tag } of places) {
    if (await cache.links(repository).removeTag(tag)) pruned.tags += 1;
  }
  const needed = new Set<Digest>();
  for (const name of await cache.repositories()) {
    const found = await pruneRepository(name, cache);
    pruned.tags += found.gone.tags;
    pruned.manifests += found.gone.manifests;
    for (const digest of found.needed) needed.add(digest);
  }
  for (const digest of await cache.files.digests()) {
    if (needed.has(digest)) continue;
    pruned.bytes += (await cache.files.size(digest)) ?? 0;
    pruned.blobs += 1;
    await cache.files.remove(digest);
  }
  return pruned;
}
