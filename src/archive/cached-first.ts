import type { Registries, Repository } from '../registry/index.ts';

function join(cached: Repository, upstream: Repository): Repository {
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
      join(cached.repository(registry, name), upstream.repository(registry, name, options)),
  };
}
