import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  createClusterResources,
  type LocatedImage,
  listResourceEntries,
} from '../../src/resources/index.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const options = {
  registry: 'mirror.test:5000',
  createdAt: '2026-01-02T03:04:05Z',
  version: '1.0.0',
  scope: 'namespace',
} as const;

const images: readonly LocatedImage[] = [
  {
    kind: 'operatorCatalog',
    origin: `quay.io/acme/index@${digest}`,
    repository: 'ns/acme/index',
    tag: 'v1',
    digest,
  },
  {
    kind: 'operatorBundle',
    origin: `quay.io/acme/bundle@${digest}`,
    repository: 'ns/acme/bundle',
    tag: 'x',
    digest,
  },
  { kind: 'generic', origin: 'quay.io/a/b:1', repository: 'ns/a/b', tag: '1', digest },
];

describe('the entries of cluster resources', () => {
  it('say of each rule and each catalog where it leads', () => {
    const image = [`mirror.test:5000/ns/acme/index:v1@${digest}`];
    expect(listResourceEntries(images, options)).toEqual([
      {
        kind: 'ImageDigestMirrorSet',
        name: 'idms-operator-0',
        source: 'quay.io/acme',
        leadsTo: ['mirror.test:5000/ns/acme'],
      },
      {
        kind: 'ImageTagMirrorSet',
        name: 'itms-generic-0',
        source: 'quay.io/a',
        leadsTo: ['mirror.test:5000/ns/a'],
      },
      { kind: 'CatalogSource', name: 'cs-index-v1', leadsTo: image },
      { kind: 'ClusterCatalog', name: 'cc-index-v1', leadsTo: image },
    ]);
  });

  it('are those of the files', () => {
    const entries = listResourceEntries(images, options);
    const catalogs = images.filter(({ kind }) => kind === 'operatorCatalog');
    const files = createClusterResources({ images, catalogs, signatures: [] }, options);
    const sets = [...files]
      .filter(([name]) => /^i[dt]ms-/.test(name))
      .map(([, text]) => text)
      .flatMap((text) =>
        parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>),
      );
    const written = sets.map(({ kind, metadata }) => [kind, (metadata as { name: string }).name]);
    const rules = entries.filter(({ source }) => source !== undefined);
    expect(rules.map(({ kind, name }) => [kind, name])).toEqual(written);
    expect([...files.keys()].slice(2)).toEqual(['cs-index-v1.yaml', 'cc-index-v1.yaml']);
  });
});
