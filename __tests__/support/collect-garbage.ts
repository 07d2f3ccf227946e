import { type Store, storedManifest } from '../../src/fake-registry/index.ts';
import { successors } from '../../src/oci/index.ts';

/** Removes the blobs that no manifest of their repository names. */
export function collectGarbage(store: Store): void {
  for (const repository of store.values()) {
    const used = new Set<string>();
    for (const digest of repository.manifests.keys()) {
      const manifest = storedManifest(repository, digest);
      for (const blob of manifest ? successors(manifest).blobs : []) used.add(blob.digest);
    }
    for (const digest of repository.blobs.keys()) {
      if (!used.has(digest)) repository.blobs.delete(digest);
    }
  }
}
