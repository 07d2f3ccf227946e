import { createOnce } from '../base/index.ts';
import { readOnlyRepository } from '../image/index.ts';
import { type Descriptor, type Digest, isDigest, type Manifest, tagPattern } from '../oci/index.ts';
import type { Registries, Repository } from '../registry/index.ts';
import { readAttachedTag } from '../signature/index.ts';
import { type Cache, withoutNetwork } from './cache.ts';
import { lacksBlob, listAllReferrers } from './cache-repository.ts';
import type { CachePlace } from './prune.ts';

/** The places in a cache of what an image set names by tag: `registry/repository:tag` to a place of the cache. */
export type CachedNames = ReadonlyMap<string, CachePlace>;

/** The facts about a cache that stands for sources. */
export interface CachedSourcesOptions {
  readonly names: CachedNames;
  /** The name of the archive in errors. */
  readonly where: string;
}

/** Digests by tags that are made of one: such a tag means the same in every repository. */
type DigestTags = ReadonlyMap<string, Digest>;

/** Descriptors by the digest that they are about. */
type Referrers = ReadonlyMap<Digest, ReadonlyMap<Digest, Descriptor>>;

async function readDigestTags(cache: Cache): Promise<DigestTags> {
  const found = new Map<string, Digest>();
  for (const name of await cache.repositories()) {
    const links = cache.links(name);
    for (const tag of (await links.tags()) ?? []) {
      if (found.has(tag) || !readAttachedTag(tag)) continue;
      const digest = await links.tag(tag);
      if (digest) found.set(tag, digest);
    }
  }
  return found;
}

/** One source as the cache can stand for it. */
interface CachedPlace {
  readonly registry: string;
  readonly name: string;
  readonly cache: Cache;
  readonly digestTags: () => Promise<DigestTags>;
  readonly referrers: () => Promise<Referrers>;
  readonly options: CachedSourcesOptions;
}

async function digestOfTag(tag: string, place: CachedPlace): Promise<Digest | undefined> {
  const { registry, name, cache, options } = place;
  if (!tagPattern.test(tag)) return undefined;
  const known = options.names.get(`${registry}/${name}:${tag}`);
  const named = known && (await cache.links(known.repository).tag(known.tag));
  const found = named ?? (await cache.links(name).tag(tag));
  return found ?? (await place.digestTags()).get(tag);
}

async function readManifest(
  reference: Digest | string,
  place: CachedPlace,
): Promise<Manifest | undefined> {
  const digest = isDigest(reference) ? reference : await digestOfTag(reference, place);
  return digest && (await place.cache.files.manifest(digest));
}

/** Lists the referrers of each manifest in all repositories: copies lie in another repository than their source. */
async function readReferrers(cache: Cache): Promise<Referrers> {
  const found = new Map<Digest, Map<Digest, Descriptor>>();
  for (const name of await cache.repositories()) {
    for (const [subject, one] of await listAllReferrers(cache.links(name), cache.files)) {
      found.set(subject, (found.get(subject) ?? new Map()).set(one.digest, one));
    }
  }
  return found;
}

function sourceAt(place: CachedPlace): Repository {
  const { registry, name, cache, options } = place;
  const exists = async (digest: Digest) => (await cache.files.size(digest)) !== undefined;
  const readOnly = readOnlyRepository(name, {
    place: registry,
    manifest: (reference) => readManifest(reference, place),
    exists,
    async blob(descriptor) {
      if (!(await exists(descriptor.digest))) throw lacksBlob(descriptor, options.where);
      return cache.files.stream(descriptor);
    },
  });
  const tags = async () => (await cache.links(name).tags()) ?? [];
  return {
    ...readOnly,
    tags: {
      ...readOnly.tags,
      list: tags,
      survey: async () => ({ tags: await tags(), list: 'complete' }),
    },
    referrers: {
      list: async (subject) => [...((await place.referrers()).get(subject)?.values() ?? [])],
    },
  };
}

/**
 * Gives a cache as if it were all the registries that its images came from: nothing is sent, and everything is found by digest.
 *
 * A tag is looked for where `names` says that it lies, then at the same path; a tag that is made of a digest in every
 * repository, because signatures lie beside the copies of their images.
 */
export function cachedSources(cache: Cache, options: CachedSourcesOptions): Registries {
  const tags = createOnce<DigestTags>();
  const lists = createOnce<Referrers>();
  const means = {
    cache,
    options,
    digestTags: () => tags.run('', () => readDigestTags(cache)),
    referrers: () => lists.run('', () => readReferrers(cache)),
  };
  return withoutNetwork((registry, name) => sourceAt({ registry, name, ...means }));
}
