import type { Digest, Manifest } from '../../oci/index.ts';
import type { Registries } from '../../registry/index.ts';

/** Manifests that this run wrote, or has from the target, and that the source of an image does not hold. */
export interface WrittenManifests {
  add(manifest: Manifest): void;
  get(digest: Digest | string): Manifest | undefined;
}

/** Creates the register of one run. */
export function createWrittenManifests(): WrittenManifests {
  const manifests = new Map<Digest | string, Manifest>();
  return {
    add: (manifest) => void manifests.set(manifest.descriptor.digest, manifest),
    get: (digest) => manifests.get(digest),
  };
}

/** Lets written manifests be read from every source by their digests; everything else is as it was. */
export function withWrittenManifests(
  registries: Registries,
  written: WrittenManifests,
): Registries {
  return {
    ...registries,
    repository(registry, name, options) {
      const repository = registries.repository(registry, name, options);
      const { manifests } = repository;
      return {
        ...repository,
        manifests: {
          ...manifests,
          fetch: async (reference) => written.get(reference) ?? (await manifests.fetch(reference)),
          resolve: async (reference) =>
            written.get(reference)?.descriptor ?? (await manifests.resolve(reference)),
        },
      };
    },
  };
}
