import type { Digest } from '../oci/index.ts';

/**
 * The content that is known to be in one target, by repository; other content may be there too.
 *
 * It is filled from an observation, and grows with every push. It is optimistic: a registry that lost something says so when
 * a manifest is pushed, and then `forget` drops the repository.
 */
export interface Inventory {
  /** Tells whether a repository is known to be empty, so that nothing need be looked for in it. */
  isNew(repository: string): boolean;
  hasManifest(repository: string, digest: Digest): boolean;
  hasBlob(repository: string, digest: Digest): boolean;
  addManifest(repository: string, digest: Digest): void;
  addBlob(repository: string, digest: Digest): void;
  /** Gives a repository of the target that has a blob. */
  homeOf(blob: Digest): string | undefined;
  /** Drops everything that was believed of a repository. */
  forget(repository: string): void;
}

interface Shelf {
  readonly manifests: Set<Digest>;
  readonly blobs: Set<Digest>;
}

/** Creates an inventory; `isEmpty` tells of which repositories the registry said that it has none. */
export function createInventory(isEmpty: (repository: string) => boolean): Inventory {
  const shelves = new Map<string, Shelf>();
  const homes = new Map<Digest, string>();
  const doubted = new Set<string>();

  function shelfOf(repository: string): Shelf {
    const shelf = shelves.get(repository) ?? { manifests: new Set(), blobs: new Set() };
    shelves.set(repository, shelf);
    return shelf;
  }

  return {
    isNew: (repository) => !doubted.has(repository) && isEmpty(repository),
    hasManifest: (repository, digest) => shelves.get(repository)?.manifests.has(digest) ?? false,
    hasBlob: (repository, digest) => shelves.get(repository)?.blobs.has(digest) ?? false,
    addManifest: (repository, digest) => void shelfOf(repository).manifests.add(digest),
    addBlob(repository, digest) {
      shelfOf(repository).blobs.add(digest);
      if (!homes.has(digest)) homes.set(digest, repository);
    },
    homeOf: (blob) => homes.get(blob),
    forget(repository) {
      doubted.add(repository);
      for (const blob of shelves.get(repository)?.blobs ?? []) {
        if (homes.get(blob) === repository) homes.delete(blob);
      }
      shelves.delete(repository);
    },
  };
}
