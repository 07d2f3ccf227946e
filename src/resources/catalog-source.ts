import { parseJson } from '../base/index.ts';
import { MirrorError } from '../errors.ts';
import { yamlToJson } from '../yaml/index.ts';
import { type CatalogPlace, nameCatalogs } from './catalog-name.ts';
import { createAnnotations, formatObject, type KubernetesObject } from './objects.ts';
import type { ClusterResourceOptions } from './types.ts';

/** A CatalogSource that a user wrote, of which all that is not the mirror's is kept. */
export type CatalogSourceTemplate = KubernetesObject;

/** A catalog that lies in the target, with what its CatalogSource is made after. */
export interface ServedCatalog extends CatalogPlace {
  readonly template?: CatalogSourceTemplate;
}

const apiVersion = 'operators.coreos.com/v1alpha1';

function asRecord(value: unknown): KubernetesObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as KubernetesObject)
    : {};
}

/**
 * Reads the template of a CatalogSource; where it cannot be one, says why.
 * @see oc-mirror v2, `targetCatalogSourceTemplate`
 */
export function readCatalogSourceTemplate(
  text: string,
): { readonly template: CatalogSourceTemplate } | { readonly fault: string } {
  let value: unknown;
  try {
    value = parseJson(yamlToJson(text), 'the template');
  } catch (cause) {
    return { fault: cause instanceof MirrorError ? cause.message : 'it is no YAML' };
  }
  const template = asRecord(value);
  const spec = asRecord(template['spec']);
  if (template['kind'] !== 'CatalogSource' || template['apiVersion'] !== apiVersion) {
    return { fault: `it is no CatalogSource of ${apiVersion}` };
  }
  if (
    spec['sourceType'] !== undefined &&
    spec['sourceType'] !== '' &&
    spec['sourceType'] !== 'grpc'
  ) {
    return { fault: 'its sourceType is not grpc' };
  }
  if (spec['configMap'] !== undefined && spec['configMap'] !== '') {
    return { fault: 'it names a configMap' };
  }
  return { template };
}

function createObject(
  name: string,
  { repository, tag, template = {} }: ServedCatalog,
  options: ClusterResourceOptions,
): KubernetesObject {
  const metadata = asRecord(template['metadata']);
  return {
    ...template,
    apiVersion,
    kind: 'CatalogSource',
    metadata: {
      ...metadata,
      name,
      namespace: 'openshift-marketplace',
      annotations: { ...asRecord(metadata['annotations']), ...createAnnotations(options) },
    },
    spec: {
      ...asRecord(template['spec']),
      sourceType: 'grpc',
      image: `${options.registry}/${repository}:${tag}`,
    },
  };
}

/**
 * Gives a CatalogSource for each catalog, with which OLM finds it.
 *
 * Shape: text by file name, `cs-<repository>-<tag>.yaml`.
 * @see oc-mirror v2, CatalogSource
 */
export function createCatalogSources(
  catalogs: readonly ServedCatalog[],
  options: ClusterResourceOptions,
): Map<string, string> {
  const named = [...nameCatalogs(catalogs, 'cs')];
  return new Map(
    named.map(([name, catalog]) => [
      `${name}.yaml`,
      formatObject(createObject(name, catalog, options)),
    ]),
  );
}
