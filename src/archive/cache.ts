import { readdir } from 'node:fs/promises';
import { repositoryPattern } from '../oci/index.ts';
import type { HttpAnswer, Registries, Repository } from '../registry/index.ts';
import { type BlobFiles, openBlobFiles } from './blob-files.ts';
import { cacheRepository } from './cache-repository.ts';
import { placeIn, storeRoot } from './layout.ts';
import { openLinks, type RepositoryLinks } from './links.ts';

/** A directory of images in the layout of Distribution, as oc-mirror's local registry keeps them. */
export interface Cache {
  readonly directory: string;
  readonly files: BlobFiles;
  /** The links of one repository. */
  links(name: string): RepositoryLinks;
  /** Opens a repository under the name of a registry, for words alone. */
  repository(registry: string, name: string): Repository;
  /** Names all repositories. */
  repositories(): Promise<readonly string[]>;
}

/** Finds directories that have manifests; names that begin with `_` belong to a repository. */
async function findRepositories(directory: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const inner = entries.filter((one) => one.isDirectory() && !one.name.startsWith('_'));
  const found = await Promise.all(
    inner.map(({ name }) =>
      findRepositories(`${directory}/${name}`, below === '' ? name : `${below}/${name}`),
    ),
  );
  const isOne = entries.some(({ name }) => name === '_manifests') && repositoryPattern.test(below);
  return [...(isOne ? [below] : []), ...found.flat()].sort();
}

/** Opens a cache; nothing is read or written before it is asked for. */
export function openCache(directory: string): Cache {
  const files = openBlobFiles(directory);
  const links = (name: string): RepositoryLinks => openLinks(directory, name);
  return {
    directory,
    files,
    links,
    repository: (registry, name) => cacheRepository({ registry, name, files, links: links(name) }),
    repositories: () => findRepositories(placeIn(directory, `${storeRoot}/repositories`)),
  };
}

const noTraffic = { requests: 0, writes: 0, retries: 0, bytesReceived: 0, bytesSent: 0 };
const nothing: HttpAnswer = { status: 404, body: new Uint8Array(), contentType: undefined };

/** Gives a cache as if it were all registries. */
export function cacheRegistries(cache: Cache): Registries {
  return withoutNetwork(cache.repository);
}

/** Gives what stands for a way to registries and sends nothing. */
export function withoutNetwork(repository: Registries['repository']): Registries {
  return {
    repository,
    ping: async () => {},
    product: async () => ({ name: 'a directory', collect: '--force-cache-delete' }),
    get: async () => nothing,
    send: async () => nothing,
    traffic: () => noTraffic,
    close: async () => {},
  };
}

function cachedBefore(cached: Repository, upstream: Repository): Repository {
  const { manifests, blobs, referrers } = cached;
  return {
    ...upstream,
    manifests: {
      ...upstream.manifests,
      resolve: async (reference) =>
        (await manifests.resolve(reference)) ?? (await upstream.manifests.resolve(reference)),
      fetch: async (reference) =>
        (await manifests.fetch(reference)) ?? (await upstream.manifests.fetch(reference)),
    },
    blobs: {
      ...upstream.blobs,
      fetch: async (descriptor) =>
        (await blobs.exists(descriptor.digest))
          ? await blobs.fetch(descriptor)
          : await upstream.blobs.fetch(descriptor),
    },
    referrers: {
      async list(subject) {
        const known = await referrers.list(subject);
        return known.length > 0 ? known : await upstream.referrers.list(subject);
      },
    },
  };
}

/** Gives registries of which a cache is asked first: inside a network without a connection it knows what was mirrored. */
export function cachedFirst(cached: Registries, upstream: Registries): Registries {
  return {
    ...upstream,
    repository: (registry, name, options) =>
      cachedBefore(cached.repository(registry, name), upstream.repository(registry, name, options)),
  };
}
