import { Document, isCollection } from 'yaml';
import { compareText } from '../base/index.ts';
import type { SourcePosition } from '../errors.ts';
import { type ImageKind, isAttached } from '../imageset/index.ts';
import { type Change, contentKey, isOfPlace, isRemoval } from './change.ts';
import type { Plan } from './types.ts';

/** Kinds whose origin oc-mirror writes as the user did; all others get a transport. */
const asWritten: ReadonlySet<ImageKind> = new Set(['ocpReleaseContent', 'generic']);

function toItem(
  { origin, repository, tag }: Change,
  kind: ImageKind,
  registry: string,
): DeleteItem {
  const hasTransport = asWritten.has(kind) || origin.includes('://');
  return {
    imageName: hasTransport ? origin : `docker://${origin}`,
    imageReference: `docker://${registry}/${repository}:${tag}`,
    type: kind,
  };
}

/** Gives the kinds of changes as oc-mirror lists them: an attachment has the kind of its image, not one of its own. */
function kindFinder(changes: readonly Change[]): (change: Change) => ImageKind {
  const images = changes.filter((change) => !isAttached(change));
  const kinds = new Map(images.map((change) => [contentKey(change), change.kind]));
  return (change) => {
    const { repository, subject, kind } = change;
    if (!isAttached(change)) return kind;
    return (subject && kinds.get(contentKey({ repository, digest: subject }))) ?? 'generic';
  };
}

/**
 * Gives the items of a plan, sorted by `imageReference`.
 *
 * Only manifests that are deleted are items, each once: whoever deletes by digest, as oc-mirror does, finds nothing at
 * the second tag of a digest and gives up. Other tags that go, also those of shared digests, stand under `untag`.
 * A replaced digest is no item, because somebody may carry out the list before its place names the new digest.
 */
export function deleteItems({ changes, target }: Pick<Plan, 'changes' | 'target'>) {
  const items: DeleteItem[] = [];
  const untag: DeleteItem[] = [];
  const digests = new Set<string>();
  const inUse = new Set(
    changes.flatMap(({ action, repository, previous }) =>
      action === 'retag' ? [contentKey({ repository, digest: previous })] : [],
    ),
  );
  const kindOf = kindFinder(changes);
  for (const change of changes) {
    // Its tag names the image in use, before the plan is applied even it: no list may name either.
    if (!isOfPlace(change) || !isRemoval(change) || change.tagless) continue;
    const content = contentKey(change);
    const isItem = change.action === 'delete' && !digests.has(content) && !inUse.has(content);
    (isItem ? items : untag).push(toItem(change, kindOf(change), target.registry));
    if (isItem) digests.add(content);
  }
  const byReference = (a: DeleteItem, b: DeleteItem): number =>
    compareText(a.imageReference, b.imageReference);
  return {
    items: items.sort(byReference),
    untag: untag.sort(byReference),
  } satisfies DeleteImageList<DeleteItem>;
}

/**
 * Writes `delete-images.yaml`, a DeleteImageList that is safe in other tools' hands: no digest that is shared or held is
 * in it.
 * @see oc-mirror v2, §1.4 and §9.1
 */
export function createDeleteImageList(plan: Pick<Plan, 'changes' | 'target'>): string {
  const { items, untag } = deleteItems(plan);
  const yaml = new Document(
    {
      apiVersion: 'mirror.openshift.io/v2alpha1',
      items,
      kind: 'DeleteImageList',
      // Other keys than those of items: a reader that looks for images to delete finds none of these.
      ...(untag.length > 0 && {
        untag: untag.map(({ imageName, imageReference, type }) => ({
          name: imageName,
          tag: imageReference,
          type,
        })),
      }),
    },
    { version: '1.1', aliasDuplicateObjects: false },
  );
  const list = yaml.get('untag');
  if (isCollection(list)) {
    list.commentBefore =
      ' read by imageset-mirror alone: tags that go besides; their images stay, or are listed above';
  }
  return yaml.toString({ indentSeq: false, lineWidth: 0 });
}

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
