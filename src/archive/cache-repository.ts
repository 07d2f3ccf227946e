import { lastOfEach, oneChunk } from '../base/index.ts';
import { ContentError, RegistryError } from '../errors.ts';
import { type Descriptor, type Digest, isDigest, type Manifest, successors } from '../oci/index.ts';
import type { BlobStore, ManifestStore, Repository, TagStore } from '../registry/index.ts';
import { readAttachedTag } from '../signature/index.ts';
import { type BlobFiles, findLostBlob } from './blob-files.ts';
import type { RepositoryLinks } from './links.ts';

/** The parts of a repository of a cache. */
export interface CacheParts {
  readonly registry: string;
  readonly name: string;
  readonly files: BlobFiles;
  readonly links: RepositoryLinks;
}

/** Tells whether a manifest and all of it that the cache should have is there; children that were never wanted may lack. */
async function isWhole(manifest: Manifest, files: BlobFiles): Promise<boolean> {
  if (await findLostBlob(manifest, files)) return false;
  for (const { digest } of successors(manifest).children) {
    const child = await files.manifest(digest);
    if (child && !(await isWhole(child, files))) return false;
  }
  return true;
}

async function lookUp(
  reference: Digest | string,
  { files, links }: CacheParts,
): Promise<Manifest | undefined> {
  if (isDigest(reference)) {
    return (await links.hasRevision(reference)) ? await files.manifest(reference) : undefined;
  }
  const digest = await links.tag(reference);
  const manifest = digest && (await files.manifest(digest));
  // A tag that leads to half an image would be taken for the image.
  return manifest && (await isWhole(manifest, files)) ? manifest : undefined;
}

/** @throws RegistryError as a registry answers that lacks a blob of a manifest */
async function refuseHalf(manifest: Manifest, { files }: CacheParts): Promise<void> {
  const lost = await findLostBlob(manifest, files);
  if (lost === undefined) return;
  throw new RegistryError('UNEXPECTED_STATUS', `The cache lacks the blob ${lost}.`, {
    specCodes: ['MANIFEST_BLOB_UNKNOWN'],
  });
}

function manifestStore(parts: CacheParts): ManifestStore {
  const { files, links } = parts;
  return {
    resolve: async (reference) => (await lookUp(reference, parts))?.descriptor,
    fetch: (reference) => lookUp(reference, parts),
    async push(manifest, tag) {
      const { descriptor, raw } = manifest;
      const { digest } = descriptor;
      await refuseHalf(manifest, parts);
      if ((await files.size(digest)) !== descriptor.size) {
        await files.write(descriptor, oneChunk(raw));
      }
      await links.addRevision(digest);
      if (tag !== undefined) await links.setTag(tag, digest);
    },
    async delete(digest) {
      for (const tag of (await links.tags()) ?? []) {
        if ((await links.tag(tag)) === digest) await links.removeTag(tag);
      }
      return (await links.removeRevision(digest)) ? 'deleted' : 'absent';
    },
  };
}

/** Says that a blob that something names is not there. */
export function lacksBlob({ digest }: Pick<Descriptor, 'digest'>, where: string): RegistryError {
  return new RegistryError('NOT_FOUND', `The blob ${digest} is not in ${where}.`, {
    specCodes: ['BLOB_UNKNOWN'],
  });
}

function blobStore({ files, links, registry }: CacheParts): BlobStore {
  const take = async (digest: Digest): Promise<boolean> => {
    if ((await files.size(digest)) === undefined) return false;
    if (!(await links.hasLayer(digest))) await links.addLayer(digest);
    return true;
  };
  return {
    // A blob that any repository has need not come again: all lie in one place.
    exists: take,
    async fetch(descriptor) {
      if ((await files.size(descriptor.digest)) === undefined)
        throw lacksBlob(descriptor, registry);
      return files.stream(descriptor);
    },
    async push(descriptor, open) {
      await files.write(descriptor, await open());
      await links.addLayer(descriptor.digest);
    },
    mount: async (digest) => ((await take(digest)) ? 'mounted' : 'refused'),
  };
}

function tagStore({ links }: CacheParts): TagStore {
  return {
    list: () => links.tags(),
    async survey() {
      const tags = await links.tags();
      return tags && { tags, list: 'complete' };
    },
    delete: async (tag) => ((await links.removeTag(tag)) ? 'deleted' : 'absent'),
  };
}

function asReferrer({ descriptor, ...manifest }: Manifest): Descriptor {
  const config = manifest.kind === 'image' ? manifest.config.mediaType : undefined;
  const artifactType = manifest.artifactType ?? config;
  return {
    ...descriptor,
    ...(artifactType !== undefined && { artifactType }),
    ...(manifest.annotations && { annotations: manifest.annotations }),
  };
}

/** Gives a manifest of a cache; `undefined` for one that this tool cannot read. */
export async function readAny(digest: Digest, files: BlobFiles): Promise<Manifest | undefined> {
  try {
    return await files.manifest(digest);
  } catch (thrown) {
    if (thrown instanceof ContentError) return undefined;
    throw thrown;
  }
}

/** A manifest's digest, and one of its referrers. */
type AboutIt = readonly [Digest, Descriptor];

/** Lists everything in a repository that is about another manifest: by its own word, and by the tag for it. */
export async function listAllReferrers(
  links: RepositoryLinks,
  files: BlobFiles,
): Promise<readonly AboutIt[]> {
  const found: AboutIt[] = [];
  for (const digest of await links.revisions()) {
    const manifest = await readAny(digest, files);
    const subject = manifest && successors(manifest).subject;
    if (manifest && subject) found.push([subject.digest, asReferrer(manifest)]);
  }
  for (const tag of (await links.tags()) ?? []) {
    for (const one of await listByTag(tag, links, files)) found.push(one);
  }
  return found;
}

async function listByTag(
  tag: string,
  links: RepositoryLinks,
  files: BlobFiles,
): Promise<readonly AboutIt[]> {
  const { subject, form } = readAttachedTag(tag) ?? {};
  if (subject === undefined || form !== 'referrers') return [];
  const tagged = await links.tag(tag);
  // An image may have its own digest for a tag.
  const index = tagged && tagged !== subject ? await readAny(tagged, files) : undefined;
  if (index?.kind !== 'index') return [];
  return successors(index).children.map((one) => [subject, one]);
}

/** Lists the referrers of one manifest. */
async function listReferrers(subject: Digest, { files, links }: CacheParts) {
  const all = await listAllReferrers(links, files);
  const own = all.flatMap(([about, one]) => (about === subject ? [one] : []));
  return lastOfEach(own, ({ digest }) => digest);
}

/** Opens a repository of a cache: it is written and read like one of a registry. */
export function cacheRepository(parts: CacheParts): Repository {
  const { registry, name } = parts;
  return {
    registry,
    name,
    manifests: manifestStore(parts),
    blobs: blobStore(parts),
    tags: tagStore(parts),
    referrers: { list: (subject) => listReferrers(subject, parts) },
  };
}
