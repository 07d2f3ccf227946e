import { type Digest, type Manifest, parseManifest, successors } from '../oci/index.ts';

/** A manifest as it was pushed. */
export interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** An unfinished upload. */
export interface PendingUpload {
  readonly id: string;
  bytes: Uint8Array;
}

/** One repository; blobs of another are not visible here. */
export interface StoredRepository {
  readonly blobs: Map<string, Uint8Array>;
  /** By digest. */
  readonly manifests: Map<string, StoredManifest>;
  /** Tag to digest. */
  readonly tags: Map<string, string>;
  /** Unfinished uploads by id. */
  readonly uploads: Map<string, PendingUpload>;
}

/** All repositories of one registry, by name. */
export type Store = Map<string, StoredRepository>;

/** Makes an empty store. */
export function createStore(): Store {
  return new Map();
}

/** Gives a repository and creates it if needed, as registries do on the first push. */
export function ensureRepository(store: Store, name: string): StoredRepository {
  const known = store.get(name);
  if (known) return known;
  const created: StoredRepository = {
    blobs: new Map(),
    manifests: new Map(),
    tags: new Map(),
    uploads: new Map(),
  };
  store.set(name, created);
  return created;
}

/** Resolves a tag or digest to a digest; the manifest may be missing. */
export function digestFor(repository: StoredRepository, reference: string): string {
  return reference.includes(':') ? reference : (repository.tags.get(reference) ?? '');
}

/** Reads a stored manifest; `undefined` if it does not exist. */
export function storedManifest(
  repository: StoredRepository,
  reference: string,
): Manifest | undefined {
  const stored = repository.manifests.get(digestFor(repository, reference));
  return stored && parseManifest(stored.bytes, stored.mediaType);
}

/** Removes a manifest and all its tags, as Distribution, Quay and Harbor do. */
export function removeManifest(repository: StoredRepository, digest: string): boolean {
  for (const [tag, named] of repository.tags) {
    if (named === digest) repository.tags.delete(tag);
  }
  return repository.manifests.delete(digest);
}

/** Gives the digests that a manifest names and the repository lacks. */
export function missingContent(
  repository: StoredRepository,
  manifest: Manifest,
): readonly Digest[] {
  const { blobs, children } = successors(manifest);
  return [
    ...blobs.filter(({ digest }) => !repository.blobs.has(digest)),
    ...children.filter(({ digest }) => !repository.manifests.has(digest)),
  ].map(({ digest }) => digest);
}
