import { expect, it } from 'vitest';
import {
  originOf,
  parseCatalogReference,
} from '../../src/imageset/collectors/catalog-reference.ts';
import { digestOf } from '../../src/oci/index.ts';

const digest = digestOf(new Uint8Array());

it.each([
  ['oci:///srv/catalogs/mine', 'oci:///srv/catalogs/mine'],
  ['oci:///srv/catalogs/mine/', 'oci:///srv/catalogs/mine'],
  ['oci://catalogs/mine//', 'oci://catalogs/mine'],
])('the directory %s is one, with or without a slash at its end', (catalog, origin) => {
  const reference = parseCatalogReference({ catalog });
  expect(originOf(reference, digest)).toBe(origin);
  expect(reference).toMatchObject({ repository: 'mine', tag: 'latest' });
});

it.each(['registry.test/redhat/index:v4.18', 'docker://registry.test/redhat/index:v4.18'])(
  'the mirror of %s is known by digest',
  (catalog) => {
    const reference = parseCatalogReference({ catalog });
    expect(originOf(reference, digest)).toBe(`registry.test/redhat/index@${digest}`);
    expect(reference).toMatchObject({ repository: 'redhat/index', tag: 'v4.18' });
  },
);
