import { MirrorError, messageOf } from '../errors.ts';
import {
  isInside,
  limitNesting,
  parseImageSpec,
  type TargetArea,
  type TargetPlace,
  withPrefix,
} from '../imageset/index.ts';
import { parseReference } from '../oci/index.ts';
import type { DeleteImageList, LocatedDeleteItem } from './delete-list.ts';
import type { PlanTarget } from './types.ts';

/** An item that belongs to the target, with the place that it names. */
export type PlacedDeleteItem = LocatedDeleteItem & { readonly place: TargetPlace };

/** Repositories in which releases have to lie. */
const releaseRepositories: Partial<Record<LocatedDeleteItem['type'], string>> = {
  ocpRelease: 'openshift/release-images',
  ocpReleaseContent: 'openshift/release',
};

/** A target, and the number of components that its paths may have. */
type DeleteArea = PlanTarget & Pick<TargetArea, 'maxNestedPaths'>;

/** Gives the repository in which items of a type have to lie; `undefined`: any below the prefix. */
function repositoryFor(type: LocatedDeleteItem['type'], area: DeleteArea): string | undefined {
  const repository = releaseRepositories[type];
  return repository && limitNesting(withPrefix(area.prefix, repository), area.maxNestedPaths ?? 0);
}

/** Tells whether a repository lies below the prefix. A shortened path need not show it: the prefix may be joined with the rest. */
function isBelow(repository: string, { prefix, maxNestedPaths = 0 }: DeleteArea): boolean {
  return prefix === '' || maxNestedPaths > 0 || repository.startsWith(`${prefix}/`);
}

/** @throws MirrorError with the message of a refusal. */
function placeItem(item: LocatedDeleteItem, target: DeleteArea): PlacedDeleteItem | string {
  parseImageSpec(item.imageName);
  const { registry, repository, tag } = parseReference(item.imageReference);
  const base = target.prefix === '' ? target.registry : `${target.registry}/${target.prefix}`;
  const name = `${registry}/${repository}`;
  const only = repositoryFor(item.type, target);
  const isThere = only === undefined ? isBelow(repository, target) : repository === only;
  if (registry !== target.registry || !isThere) {
    const expected = only === undefined ? `${base}/` : `${target.registry}/${only}`;
    return `delete destination docker://${base} does not match values found in the delete-images yaml file (expected ${expected} got ${name})`;
  }
  if (!isInside(target, repository)) {
    return `${item.imageReference} is this tool's own: its state and what it deleted lie there`;
  }
  if (tag === undefined) return `${item.imageReference} has no tag`;
  return { ...item, place: { repository, tag } };
}

function attempt(item: LocatedDeleteItem, target: DeleteArea): PlacedDeleteItem | string {
  try {
    return placeItem(item, target);
  } catch (thrown) {
    if (thrown instanceof MirrorError) return messageOf(thrown);
    throw thrown;
  }
}

/**
 * Checks that every item of a list belongs to the target; what does not is refused, in a sentence of oc-mirror's words, and
 * the rest proceeds.
 *
 * Release images have to lie exactly where oc-mirror puts them, everything else below the target's path.
 * @see oc-mirror v2, §9.2
 */
export function checkDeleteImageList(list: DeleteImageList, target: DeleteArea) {
  const refused: string[] = [];
  const accept = (items: readonly LocatedDeleteItem[]): PlacedDeleteItem[] =>
    items.flatMap((item) => {
      const placed = attempt(item, target);
      if (typeof placed !== 'string') return [placed];
      refused.push(`${item.at.file}:${item.at.line}: ${placed}`);
      return [];
    });
  const items = accept(list.items);
  return { list: { items, untag: accept(list.untag) }, refused };
}
