import { type MirroredPlacement, placeKey } from '../imageset/index.ts';
import { createInventory, type Inventory } from '../mirror/index.ts';
import type { Digest } from '../oci/index.ts';
import type { Observation } from '../plan/index.ts';

/** Gives the indexes of which only some platforms were brought along, `repository@digest`. */
function findSparse(state: readonly MirroredPlacement[]): ReadonlySet<string> {
  const keyOf = ({ repository, digest }: MirroredPlacement) => `${repository}@${digest}`;
  const whole = new Set(state.filter(({ platforms }) => !platforms).map(keyOf));
  return new Set(state.map(keyOf).filter((key) => !whole.has(key)));
}

/**
 * Takes over into an inventory what was observed: a manifest that a tag names is there with all of its parts.
 *
 * Of an index that was limited to platforms nobody remembers which of its children are there: they are looked for.
 */
export function knownInventory(
  { repositories, content }: Observation,
  state: readonly MirroredPlacement[],
): Inventory {
  const proven = new Map(state.map((placement) => [placeKey(placement), placement.digest]));
  const sparse = findSparse(state);
  const inventory = createInventory((name) => repositories.get(name)?.exists === false);

  function add(repository: string, digest: Digest): void {
    if (inventory.hasManifest(repository, digest)) return;
    const node = content.get(digest);
    if (!node) return;
    inventory.addManifest(repository, digest);
    for (const blob of node.blobs) inventory.addBlob(repository, blob.digest);
    if (sparse.has(`${repository}@${digest}`)) return;
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
