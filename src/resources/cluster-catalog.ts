import { type CatalogPlace, nameCatalogs } from './catalog-name.ts';
import { createAnnotations, formatObject } from './objects.ts';
import type { ClusterResourceOptions } from './types.ts';

/**
 * Gives a ClusterCatalog for each catalog, with which OLM v1 finds it.
 *
 * Shape: text by file name, `cc-<repository>-<tag>.yaml`.
 * @see oc-mirror v2, ClusterCatalog
 */
export function createClusterCatalogs(
  catalogs: readonly CatalogPlace[],
  options: ClusterResourceOptions,
): Map<string, string> {
  const named = [...nameCatalogs(catalogs, 'cc')];
  return new Map(
    named.map(([name, { repository, tag }]) => {
      const ref = `${options.registry}/${repository}:${tag}`;
      const object = {
        apiVersion: 'olm.operatorframework.io/v1',
        kind: 'ClusterCatalog',
        metadata: { name, annotations: createAnnotations(options) },
        spec: { priority: 0, source: { type: 'Image', image: { ref } } },
      };
      return [`${name}.yaml`, formatObject(object)];
    }),
  );
}
