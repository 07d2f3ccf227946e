import { mapParallel } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { isLost, walk } from '../mirror/index.ts';
import {
  type Digest,
  isDigest,
  type Manifest,
  type Platform,
  referrersTag,
  successors,
} from '../oci/index.ts';
import type { Cache } from './cache.ts';
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

/** Tags of signatures, attestations and lists of referrers begin with the digest of what they are about. */
const companionPattern = /^(sha256)-([0-9a-f]{64})(?:\.[a-z]+)?$/;

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

  #knows({ repository, digest }: ArchivedImage): boolean {
    return this.#seen.get(repository)?.has(digest) ?? false;
  }

  async #take(image: ArchivedImage, manifest: Manifest): Promise<void> {
    const { repository } = image;
    const { digest, size } = manifest.descriptor;
    const seen = this.#seen.get(repository) ?? new Set();
    this.#seen.set(repository, seen.add(digest));
    this.links.set(revisionLink(repository, digest), digest);
    this.blobs.set(digest, size);
    for (const blob of successors(manifest).blobs) {
      if ((await this.#cache.files.size(blob.digest)) !== blob.size) throw lost(image, blob.digest);
      this.links.set(layerLink(repository, blob.digest), blob.digest);
      this.blobs.set(blob.digest, blob.size);
    }
  }

  /** Adds the graph of an image. */
  async addGraph(image: ArchivedImage): Promise<void> {
    if (this.#knows(image)) return;
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
      const manifest = await this.#read(digest);
      const subject = manifest && successors(manifest).subject?.digest;
      if (!subject || !this.#isAbout(repository, subject)) continue;
      await this.addGraph({ repository, tag: digest, digest });
    }
    return this.links.size > before;
  }

  async #addCompanion(repository: string, tag: string): Promise<void> {
    const [, algorithm, hex] = companionPattern.exec(tag) ?? [];
    const subject = `${algorithm}:${hex}`;
    if (!isDigest(subject) || !this.#isAbout(repository, subject)) return;
    // A digest's own tag may be an image that is not wanted any more.
    if (tag === referrersTag(subject) && !(await this.#isIndex(repository, tag))) return;
    const digest = await this.#cache.links(repository).tag(tag);
    if (digest) await this.addTagged({ repository, tag, digest });
  }

  /** Reads a manifest that may be of a kind that is not known here. */
  async #read(digest: Digest): Promise<Manifest | undefined> {
    return await this.#cache.files.manifest(digest).catch(() => undefined);
  }

  async #isIndex(repository: string, tag: string): Promise<boolean> {
    const digest = await this.#cache.links(repository).tag(tag);
    const manifest = digest ? await this.#read(digest) : undefined;
    return manifest?.kind === 'index';
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
