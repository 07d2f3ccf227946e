import { RegistryError } from '../../errors.ts';
import { type WorkspaceImages, workspaceRegistry } from '../../imageset/index.ts';
import type { Digest, Manifest } from '../../oci/index.ts';
import type { Registries, Repository } from '../../registry/index.ts';

/** Stands for an image that an earlier run made and this one has not: whoever asks for it is told what to do. */
function missingRepository(name: string): Repository {
  const refuse = async (): Promise<never> => {
    throw new RegistryError('NOT_FOUND', 'An image was made by another run and is not here.', {
      hint: 'Apply with the image sets themselves (-c), or plan again: filtered catalogs and the graph image are made while planning.',
    });
  };
  return {
    registry: workspaceRegistry,
    name,
    manifests: { fetch: refuse, resolve: refuse, push: refuse, delete: refuse },
    blobs: { exists: refuse, fetch: refuse, push: refuse, mount: refuse },
    tags: { list: refuse, survey: refuse, delete: refuse },
    referrers: { list: refuse },
  };
}

/** Lets images that lie in the workspace be read as if they lay in a registry; everything else is as it was. */
export function withWorkspaceImages(registries: Registries, images: WorkspaceImages): Registries {
  return {
    ...registries,
    repository: (registry, name) =>
      registry === workspaceRegistry
        ? (images.open(name) ?? missingRepository(name))
        : registries.repository(registry, name),
  };
}

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
