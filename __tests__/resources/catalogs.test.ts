import { describe, expect, it } from 'vitest';
import {
  createClusterResources,
  readCatalogSourceTemplate,
  type ServedCatalog,
} from '../../src/resources/index.ts';

const options = {
  registry: 'mirror.test:5000',
  createdAt: '2026-01-02T03:04:05Z',
  version: '1.0.0',
  scope: 'namespace',
} as const;

const createCatalogs = (catalogs: readonly ServedCatalog[]) =>
  createClusterResources({ images: [], signatures: [], catalogs }, options);

const namesOf = (places: readonly (readonly [repository: string, tag: string])[]) =>
  [...createCatalogs(places.map(([repository, tag]) => ({ repository, tag }))).keys()].filter(
    (name) => name.startsWith('cs-'),
  );

describe('a catalog of the target', () => {
  it.each([
    ['ns/redhat/redhat-operator-index', 'v4.18', 'cs-redhat-operator-index-v4-18.yaml'],
    ['a/index', `sha256-0f6efa09${'0'.repeat(56)}`, 'cs-index-sha256-0f6ef.yaml'],
    ['index', 'Latest_and_greatest', 'cs-index-latest-and-g.yaml'],
  ])('%s:%s has the CatalogSource %s', (repository, tag, name) => {
    expect(namesOf([[repository, tag]])).toEqual([name]);
  });

  it('shares its name with no other, whatever their order', () => {
    const places = [
      ['b/index', 'v1'],
      ['a/index', 'v1'],
    ] as const;
    const names = namesOf(places);
    expect(new Set(names).size).toBe(2);
    expect(names[0]).toBe('cs-index-v1.yaml');
    expect(namesOf(places.toReversed())).toEqual(names);
  });

  it('has a name that clusters take, however long its own', () => {
    const [name = ''] = namesOf([[`a/${'x'.repeat(80)}`, 'v1']]);
    expect(name.replace('.yaml', '')).toMatch(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])$/);
  });

  it('has a ClusterCatalog too', () => {
    const files = createCatalogs([{ repository: 'a/index', tag: 'v1' }]);
    expect(files.get('cc-index-v1.yaml')).toContain('ref: mirror.test:5000/a/index:v1\n');
  });

  it('lies alone in its file, which begins with the object', () => {
    const files = createCatalogs([{ repository: 'a/index', tag: 'v1' }]);
    expect(files.get('cs-index-v1.yaml')).toMatch(/^apiVersion: /);
  });
});

describe('a template', () => {
  it.each([
    ['a: [', 'it is no YAML'],
    ['kind: ConfigMap', 'it is no CatalogSource of operators.coreos.com/v1alpha1'],
    [
      'apiVersion: operators.coreos.com/v1alpha1\nkind: CatalogSource\nspec: {sourceType: internal}',
      'its sourceType is not grpc',
    ],
    [
      'apiVersion: operators.coreos.com/v1alpha1\nkind: CatalogSource\nspec: {configMap: a}',
      'it names a configMap',
    ],
  ])('that is %j is not used', (text, fault) => {
    expect(readCatalogSourceTemplate(text)).toEqual({ fault });
  });

  it('keeps what is its own, and gives up what is the mirror’s', () => {
    const read = readCatalogSourceTemplate(
      'apiVersion: operators.coreos.com/v1alpha1\nkind: CatalogSource\nmetadata: {name: mine, labels: {a: b}}\nspec: {image: x, updateStrategy: {registryPoll: {interval: 30m}}}',
    );
    if (!('template' in read)) throw new Error(read.fault);
    const catalog = { repository: 'a/index', tag: 'v1', template: read.template };
    const text = createCatalogs([catalog]).get('cs-index-v1.yaml');
    expect(text).toContain('interval: 30m');
    expect(text).toContain('a: b');
    expect(text).toContain('image: mirror.test:5000/a/index:v1');
    expect(text).not.toContain('mine');
  });
});
