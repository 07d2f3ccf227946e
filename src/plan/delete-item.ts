import type { SourcePosition } from '../errors.ts';
import type { ImageKind } from '../imageset/index.ts';

/** One image of a DeleteImageList. @see oc-mirror v2, §1.4 */
export interface DeleteItem {
  /** Where it came from, in the form that oc-mirror gives its kind. */
  readonly imageName: string;
  /** `docker://<registry>/<repository>:<tag>` */
  readonly imageReference: string;
  readonly type: ImageKind;
}

/** An item as it was read, with its place in the file. */
export type LocatedDeleteItem = DeleteItem & { readonly at: SourcePosition };

/** A DeleteImageList. */
export interface DeleteImageList<Item extends DeleteItem = LocatedDeleteItem> {
  /** Images whose manifests go. */
  readonly items: readonly Item[];
  /** Ours alone, other tools skip it: tags that go while what they name stays, or is gone already. */
  readonly untag: readonly Item[];
}
