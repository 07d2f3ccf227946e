import { algorithmOf, type Digest, parseManifest } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import type { UndoRecord } from '../state/index.ts';

/**
 * Pushes stored manifests again, children first, and the image last, under its tag if it has one.
 * @throws RegistryError when the registry refuses one, mostly because it has collected the blobs
 */
export async function putManifests(
  repository: Repository,
  manifests: UndoRecord['manifests'],
  { tag, digest }: { readonly tag?: string; readonly digest: Digest },
): Promise<void> {
  for (const stored of manifests) {
    const manifest = parseManifest(stored.raw, stored.mediaType, algorithmOf(stored.digest));
    await repository.manifests.push(manifest, stored.digest === digest ? tag : undefined);
  }
}
