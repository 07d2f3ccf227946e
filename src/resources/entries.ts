import { type CatalogPlace, nameCatalogs } from './catalog-name.ts';
import { listMirrorSets, type RuleOptions } from './mirror-sets.ts';
import type { ResourceImage } from './types.ts';

/** One entry of the resources of a cluster, as far as it says where something is pulled from. */
export interface ResourceEntry {
  readonly kind: 'ImageDigestMirrorSet' | 'ImageTagMirrorSet' | 'CatalogSource' | 'ClusterCatalog';
  /** Name of the object. */
  readonly name: string;
  /** Of a mirror rule: whose pulls it leads. */
  readonly source?: string;
  /** Mirrors of a rule, or the image of a catalog. */
  readonly leadsTo: readonly string[];
}

/** An image of the target with the digest that its tag names. */
export type LocatedImage = ResourceImage & CatalogPlace & { readonly digest: string };

/**
 * Lists what the cluster resources of some images say, entry by entry, so that it can be compared with what others say.
 *
 * The digest stands behind the tag of a catalog's image, although no resource has it: the same text may lead to other content.
 */
export function listResourceEntries(
  images: readonly LocatedImage[],
  options: RuleOptions,
): readonly ResourceEntry[] {
  const rules = listMirrorSets(images, options).flatMap(({ kind, name, rules }) =>
    rules.map(({ source, mirrors }) => ({ kind, name, source, leadsTo: mirrors })),
  );
  const catalogs = images.filter(({ kind }) => kind === 'operatorCatalog');
  const listed = (kind: 'CatalogSource' | 'ClusterCatalog', prefix: 'cs' | 'cc') =>
    [...nameCatalogs(catalogs, prefix)].map(([name, { repository, tag, digest }]) => ({
      kind,
      name,
      leadsTo: [`${options.registry}/${repository}:${tag}@${digest}`],
    }));
  return [...rules, ...listed('CatalogSource', 'cs'), ...listed('ClusterCatalog', 'cc')];
}
