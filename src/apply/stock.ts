import type { MirroredPlacement } from '../imageset/index.ts';
import { placeKey } from '../imageset/index.ts';
import { createInventory, type Inventory } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import type { Observation } from '../plan/index.ts';

/** Takes over into an inventory what was observed: a manifest that a tag names is there with all of its parts. */
export function takeStock(
  { repositories, content }: Observation,
  state: readonly MirroredPlacement[],
): Inventory {
  const proven = new Map(state.map((placement) => [placeKey(placement), placement.digest]));
  const inventory = createInventory((name) => repositories.get(name)?.exists === false);

  function add(repository: string, digest: Digest): void {
    if (inventory.hasManifest(repository, digest)) return;
    const node = content.get(digest);
    if (!node) return;
    inventory.addManifest(repository, digest);
    for (const blob of node.blobs) inventory.addBlob(repository, blob.digest);
    for (const child of node.children) add(repository, child);
  }

  for (const [repository, { tags }] of repositories) {
    for (const [tag, digest] of tags) {
      const named = digest ?? proven.get(placeKey({ repository, tag }));
      if (named) add(repository, named);
    }
  }
  return inventory;
}
