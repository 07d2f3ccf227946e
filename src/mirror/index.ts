/**
 * Graphs of manifests and blobs, moved between and removed from repositories.
 *
 * This layer believes that a reader of the target may come at any moment: blobs arrive before the manifest that names
 * them, children before parents, the tag last, so that nobody ever sees half an image. It also believes that asking costs
 * more than remembering: what an inventory knows to be there is not asked for, what is under way is waited for, what lies
 * in another repository of the target is mounted, and each blob crosses the wire once. Bounded by a budget, streams are
 * open only as many as memory allows.
 *
 * To remove a tag is not to delete a manifest. `remove` climbs a ladder of which every rung leaves the manifest in place,
 * and takes the next rung only when the registry says by name that it cannot do the last.
 *
 * Every failure says on which side it happened. A manifest goes on as the bytes it came as.
 *
 * It refuses to know what an image set is, why something is copied, and whether a removal is wise.
 */
export { type Copier, type CopyTask, createCopier } from './copy.ts';
export { withDeadline } from './deadline.ts';
export { createInventory, type Inventory } from './inventory.ts';
export { createManifestReader, type ManifestReader } from './manifest-reader.ts';
export { isPlaceholder } from './placeholder.ts';
export { type Abilities, type Ability, abilities, probeRegistry } from './probe.ts';
export { createRemover, type Remover, type TaggedDigest, type Untagging } from './remove.ts';
export {
  childrenOf,
  isLost,
  maxDepth,
  selectChildren,
  type Walk,
  type Walked,
  walk,
} from './walk.ts';
