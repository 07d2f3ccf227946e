import { createHash } from 'node:crypto';
import { asObject, compareText } from '../base/index.ts';
import { MirrorError } from '../errors.ts';
import { placeKey, type TargetPlace } from '../imageset/index.ts';
import { parseYaml } from '../yaml/index.ts';
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

/** The longest name that clusters take, and what is kept of a tag. */
const maxName = 63;
const maxSuffix = 12;

function clean(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
}

function plainName({ repository, tag }: TargetPlace): string {
  const own = repository.slice(repository.lastIndexOf('/') + 1);
  return `${clean(own)}-${clean(tag.slice(0, maxSuffix)) || '0'}`;
}

function fingerprint(place: TargetPlace): string {
  return createHash('sha256').update(placeKey(place)).digest('hex').slice(0, 8);
}

/** Shortens a name to what clusters take. */
function fitted(name: string, most: number): string {
  return name.slice(0, most).replace(/-+$/, '');
}

/**
 * Names the resources of catalogs: `<prefix>-<repository's last part>-<start of the tag>`, as oc-mirror does.
 *
 * Order: by repository and tag, so that names do not depend on the order of catalogs. When two catalogs would share
 * a name, or a name would be too long, oc-mirror loses one or fails; here all but the first get a few hex digits of their place.
 * @see oc-mirror v2, CatalogSource
 */
function nameCatalogs<Place extends TargetPlace>(
  places: readonly Place[],
  prefix: 'cs' | 'cc',
): ReadonlyMap<string, Place> {
  const named = new Map<string, Place>();
  for (const place of places.toSorted((a, b) => compareText(placeKey(a), placeKey(b)))) {
    const whole = `${prefix}-${plainName(place)}`;
    const name = fitted(whole, maxName);
    const isFree = !named.has(name) && whole.length <= maxName;
    const unique = `${fitted(name, maxName - 9)}-${fingerprint(place)}`;
    named.set(isFree ? name : unique, place);
  }
  return named;
}

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
