import { createOnce } from '../base/index.ts';
import { InvariantError } from '../errors.ts';
import { type Descriptor, type Digest, isDigest, type Manifest, tagPattern } from '../oci/index.ts';
import type { Registries, Repository } from '../registry/index.ts';
import { type Cache, withoutNetwork } from './cache.ts';
import { lacksBlob, listReferrers } from './cache-repository.ts';

/** The places in a cache of what an image set names by tag: `registry/repository:tag` to a place of the cache. */
export type CachedNames = ReadonlyMap<
  string,
  { readonly repository: string; readonly tag: string }
>;

/** The facts about a cache that stands for sources. */
export interface CachedSourcesOptions {
  readonly names: CachedNames;
  /** The name of the archive in errors. */
  readonly where: string;
}

/** Tags that are made of a digest: they mean the same in every repository. */
const digestTagPattern = /^sha256-[0-9a-f]{64}(?:\.[a-z]+)?$/;

function refuse(): never {
  throw new InvariantError('An archive was written to as if it were a registry.');
}

/** The sum of all repositories of a cache. */
interface Whole {
  /** Digests by tags that are made of one. */
  readonly signatures: ReadonlyMap<string, Digest>;
  readonly repositories: readonly string[];
}

async function readWhole(cache: Cache): Promise<Whole> {
  const repositories = await cache.repositories();
  const signatures = new Map<string, Digest>();
  for (const name of repositories) {
    const links = cache.links(name);
    for (const tag of (await links.tags()) ?? []) {
      const digest = digestTagPattern.test(tag) ? await links.tag(tag) : undefined;
      if (digest && !signatures.has(tag)) signatures.set(tag, digest);
    }
  }
  return { signatures, repositories };
}

/** One source as the cache can stand for it. */
interface CachedPlace {
  readonly registry: string;
  readonly name: string;
  readonly cache: Cache;
  readonly whole: () => Promise<Whole>;
  readonly options: CachedSourcesOptions;
}

async function digestOfTag(tag: string, place: CachedPlace): Promise<Digest | undefined> {
  const { registry, name, cache, options } = place;
  if (!tagPattern.test(tag)) return undefined;
  const known = options.names.get(`${registry}/${name}:${tag}`) ?? { repository: name, tag };
  const found = await cache.links(known.repository).tag(known.tag);
  return found ?? (await place.whole()).signatures.get(tag);
}

async function readManifest(
  reference: Digest | string,
  place: CachedPlace,
): Promise<Manifest | undefined> {
  const digest = isDigest(reference) ? reference : await digestOfTag(reference, place);
  return digest && (await place.cache.files.manifest(digest));
}

async function referrersOf(subject: Digest, place: CachedPlace): Promise<readonly Descriptor[]> {
  const { cache } = place;
  const { repositories } = await place.whole();
  const having: string[] = [];
  for (const name of repositories) {
    if (await cache.links(name).hasRevision(subject)) having.push(name);
  }
  const found = await Promise.all(
    having.map((name) => listReferrers(subject, { files: cache.files, links: cache.links(name) })),
  );
  return [...new Map(found.flat().map((one) => [one.digest, one])).values()];
}

function sourceAt(place: CachedPlace): Repository {
  const { registry, name, cache, options } = place;
  const tags = async () => (await cache.links(name).tags()) ?? [];
  return {
    registry,
    name,
    manifests: {
      resolve: async (reference) => (await readManifest(reference, place))?.descriptor,
      fetch: (reference) => readManifest(reference, place),
      push: refuse,
      delete: refuse,
    },
    blobs: {
      exists: async (digest) => (await cache.files.size(digest)) !== undefined,
      async fetch(descriptor) {
        const size = await cache.files.size(descriptor.digest);
        if (size === undefined) throw lacksBlob(descriptor, options.where);
        return cache.files.stream(descriptor);
      },
      push: refuse,
      mount: refuse,
    },
    tags: {
      list: tags,
      survey: async () => ({ tags: await tags(), list: 'complete' }),
      delete: refuse,
    },
    referrers: { list: (subject) => referrersOf(subject, place) },
  };
}

/**
 * Gives a cache as if it were all the registries that its images came from: nothing is sent, and everything is found by digest.
 *
 * A tag is looked for where `names` says that it lies, else at the same path; a tag that is made of a digest in every
 * repository, because signatures lie beside the copies of their images.
 */
export function cachedSources(cache: Cache, options: CachedSourcesOptions): Registries {
  const once = createOnce<Whole>();
  const whole = () => once.run('', () => readWhole(cache));
  return withoutNetwork((registry, name) => sourceAt({ registry, name, cache, whole, options }));
}
