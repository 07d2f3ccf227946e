import { mapParallel } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { isLost, walk } from '../mirror/index.ts';
import { type Digest, type Manifest, type Platform, successors } from '../oci/index.ts';
import { readAttachedTag } from '../signature/index.ts';
import { findLostBlob } from './blob-files.ts';
import type { Cache } from './cache.ts';
import { readAny } from './cache-repository.ts';
import { layerLink, revisionLink, tagIndexLink, tagLink } from './layout.ts';

/** An image of a cache that belongs into an archive. */
export interface ArchivedImage {
  readonly repository: string;
  readonly tag: string;
  readonly digest: Digest;
  readonly platforms?: readonly Platform[] | undefined;
}

/** Everything that images need: the blobs, and the links that say which repository has them. */
export interface ArchivedContent {
  /** Digests by the paths of their links. */
  readonly links: ReadonlyMap<string, Digest>;
  /** Bytes by digest; manifests are blobs too. */
  readonly blobs: ReadonlyMap<Digest, number>;
}

/** Images that are read at the same time. */
const parallel = 16;

function lost(image: ArchivedImage, digest: Digest): ContentError {
  const { repository, tag } = image;
  return new ContentError(
    'ARCHIVE_INCOMPLETE',
    `The cache lacks ${digest} of ${repository}:${tag}, so it cannot be archived.`,
    { hint: 'Run again: what the cache lacks is fetched again.' },
  );
}

class Gathering {
  readonly links = new Map<string, Digest>();
  readonly blobs = new Map<Digest, number>();
  readonly #cache: Cache;
  /** Manifests by repository. */
  readonly #seen = new Map<string, Set<Digest>>();

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  async #take(image: ArchivedImage, manifest: Manifest): Promise<void> {
    const { repository } = image;
    const { digest, size } = manifest.descriptor;
    const seen = this.#seen.get(repository) ?? new Set();
    this.#seen.set(repository, seen.add(digest));
    this.links.set(revisionLink(repository, digest), digest);
    this.blobs.set(digest, size);
    const lostBlob = await findLostBlob(manifest, this.#cache.files);
    if (lostBlob) throw lost(image, lostBlob);
    for (const blob of successors(manifest).blobs) {
      this.links.set(layerLink(repository, blob.digest), blob.digest);
      this.blobs.set(blob.digest, blob.size);
    }
  }

  /** Adds the graph of an image. */
  async addGraph(image: ArchivedImage): Promise<void> {
    const read = (digest: Digest) => this.#cache.files.manifest(digest);
    const nodes = await walk(image.digest, { read, platforms: image.platforms });
    for (const node of nodes) {
      if (isLost(node)) throw lost(image, node.digest);
      if (node.manifest) await this.#take(image, node.manifest);
    }
  }

  async addTagged(image: ArchivedImage): Promise<void> {
    const { repository, tag, digest } = image;
    this.links.set(tagIndexLink(repository, tag, digest), digest);
    this.links.set(tagLink(repository, tag), digest);
    await this.addGraph(image);
  }

  #isAbout(repository: string, subject: Digest): boolean {
    return this.#seen.get(repository)?.has(subject) ?? false;
  }

  /** Adds what lies beside images and is about them; tells whether there was more of it. */
  async addCompanions(repository: string): Promise<boolean> {
    const before = this.links.size;
    const links = this.#cache.links(repository);
    for (const tag of (await links.tags()) ?? []) await this.#addCompanion(repository, tag);
    for (const digest of await links.revisions()) {
      const manifest = await readAny(digest, this.#cache.files);
      const subject = manifest && successors(manifest).subject?.digest;
      if (!subject || !this.#isAbout(repository, subject)) continue;
      await this.addGraph({ repository, tag: digest, digest });
    }
    return this.links.size > before;
  }

  async #addCompanion(repository: string, tag: string): Promise<void> {
    const named = readAttachedTag(tag);
    if (!named || !this.#isAbout(repository, named.subject)) return;
    const digest = await this.#cache.links(repository).tag(tag);
    if (!digest) return;
    // A digest's own tag may be an image that is not wanted any more.
    if (named.form === 'referrers' && !(await this.#isIndex(digest))) return;
    await this.addTagged({ repository, tag, digest });
  }

  async #isIndex(digest: Digest): Promise<boolean> {
    return (await readAny(digest, this.#cache.files))?.kind === 'index';
  }
}

/** Companions of companions: a signature of an attestation; real ones have one or two. */
const maxRounds = 4;

/**
 * Lists everything that images need, and their attachments in their repositories: signatures, attestations, referrers.
 * @throws ContentError `ARCHIVE_INCOMPLETE` when the cache lacks a part.
 */
export async function gatherContent(
  cache: Cache,
  images: readonly ArchivedImage[],
): Promise<ArchivedContent> {
  const gathering = new Gathering(cache);
  await mapParallel(images, parallel, (image) => gathering.addTagged(image));
  const repositories = [...new Set(images.map(({ repository }) => repository))];
  for (const repository of repositories) {
    for (let round = 0; round < maxRounds; round += 1) {
      if (!(await gathering.addCompanions(repository))) break;
    }
  }
  return gathering;
}
