import { asObject } from '../base/index.ts';
import { MirrorError } from '../errors.ts';
import { parseYaml } from '../yaml/index.ts';
import { nameCatalogs } from './catalog-name.ts';
import { createAnnotations, formatObject } from './objects.ts';
import type {
  ClusterResource,
  ClusterResourceOptions,
  KubernetesObject,
  ListedEntry,
  LocatedImage,
  RuleOptions,
  ServedCatalog,
} from './types.ts';

const apiVersion = 'operators.coreos.com/v1alpha1';

/**
 * Reads the template of a CatalogSource; where it cannot be one, says why.
 * @see oc-mirror v2, `targetCatalogSourceTemplate`
 */
export function readCatalogSourceTemplate(
  text: string,
): { readonly template: KubernetesObject } | { readonly fault: string } {
  let value: unknown;
  try {
    value = parseYaml(text, 'the template');
  } catch (cause) {
    return { fault: cause instanceof MirrorError ? cause.message : 'it is no YAML' };
  }
  const template = asObject(value);
  const { sourceType, configMap } = asObject(template['spec']);
  if (template['kind'] !== 'CatalogSource' || template['apiVersion'] !== apiVersion) {
    return { fault: `it is no CatalogSource of ${apiVersion}` };
  }
  if (sourceType !== undefined && sourceType !== '' && sourceType !== 'grpc') {
    return { fault: 'its sourceType is not grpc' };
  }
  if (configMap !== undefined && configMap !== '') return { fault: 'it names a configMap' };
  return { template };
}

type Written = (name: string, catalog: ServedCatalog, options: ClusterResourceOptions) => object;

function createCatalogSource(
  ...[name, { repository, tag, template = {} }, options]: Parameters<Written>
): object {
  const metadata = asObject(template['metadata']);
  return {
    ...template,
    apiVersion,
    kind: 'CatalogSource',
    metadata: {
      ...metadata,
      name,
      namespace: 'openshift-marketplace',
      annotations: { ...asObject(metadata['annotations']), ...createAnnotations(options) },
    },
    spec: {
      ...asObject(template['spec']),
      sourceType: 'grpc',
      image: `${options.registry}/${repository}:${tag}`,
    },
  };
}

function createClusterCatalog(
  ...[name, { repository, tag }, options]: Parameters<Written>
): object {
  const ref = `${options.registry}/${repository}:${tag}`;
  return {
    apiVersion: 'olm.operatorframework.io/v1',
    kind: 'ClusterCatalog',
    metadata: { name, annotations: createAnnotations(options) },
    spec: { priority: 0, source: { type: 'Image', image: { ref } } },
  };
}

/** The digest stands behind the tag, although no resource has it: the same text may lead to other content. */
function listCatalogs(
  prefix: 'cs' | 'cc',
  images: readonly LocatedImage[],
  { registry }: RuleOptions,
): ListedEntry[] {
  const catalogs = images.filter(({ kind }) => kind === 'operatorCatalog');
  return [...nameCatalogs(catalogs, prefix)].map(([name, { repository, tag, digest }]) => ({
    name,
    leadsTo: [`${registry}/${repository}:${tag}@${digest}`],
  }));
}

function catalogResource<Kind extends string>(
  kind: Kind,
  prefix: 'cs' | 'cc',
  create: Written,
): ClusterResource<Kind> {
  return {
    kind,
    title: kind,
    holds: 'one entry',
    files: new RegExp(`^${prefix}-.+\\.yaml$`),
    write: ({ catalogs }, options) =>
      new Map(
        [...nameCatalogs(catalogs, prefix)].map(([name, catalog]) => [
          `${name}.yaml`,
          formatObject(create(name, catalog, options)),
        ]),
      ),
    list: (images, options) => listCatalogs(prefix, images, options),
  };
}

/**
 * CatalogSources, with which OLM finds catalogs: one file for each, `cs-<repository>-<tag>.yaml`.
 * @see oc-mirror v2, CatalogSource
 */
export const catalogSource = catalogResource('CatalogSource', 'cs', createCatalogSource);

/**
 * ClusterCatalogs, with which OLM v1 finds catalogs: one file for each, `cc-<repository>-<tag>.yaml`.
 * @see oc-mirror v2, ClusterCatalog
 */
export const clusterCatalog = catalogResource('ClusterCatalog', 'cc', createClusterCatalog);
