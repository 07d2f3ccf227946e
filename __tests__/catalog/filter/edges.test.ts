import { describe, expect, it } from 'vitest';
import { parseBlob } from '../../../src/catalog/blob.ts';
import { type CatalogWish, filterCatalog } from '../../../src/catalog/filter/index.ts';
import { parseImageSpec } from '../../../src/imageset/index.ts';
import { bundlesOf, chainOf, readerOf, type ShortPackage } from './catalogs.ts';

const catalog = 'registry.test/index:v1';

async function filter(packages: readonly ShortPackage[], wish: Omit<CatalogWish, 'catalog'>) {
  return await filterCatalog(readerOf(packages), { catalog, ...wish }, parseImageSpec);
}

function packageOf(entries: ShortPackage['channels'][number]['entries']): ShortPackage {
  return {
    name: 'op',
    defaultChannel: 'stable',
    channels: [{ name: 'stable', entries }],
    bundles: bundlesOf('op', ['1.0.0', '1.1.0']),
  };
}

describe('an entry without a name', () => {
  it('does not replace itself by replacing nothing', async () => {
    const op = packageOf([{ name: '' }, { name: 'op.v1.0.0' }]);
    const { errors } = await filter([op], {});
    expect(errors.map(({ message }) => message)).toEqual([
      'failed to filter catalog: package "op" channel "stable" unable to filter head of channel: multiple channel heads found: [ op.v1.0.0]',
    ]);
  });

  it('is no head when another skips it', async () => {
    const op = packageOf([{ name: '' }, { name: 'op.v1.1.0', skips: [''] }]);
    const { errors, packages } = await filter([op], {});
    expect(errors).toEqual([]);
    expect(packages[0]?.bundles.map(({ name }) => name)).toEqual(['op.v1.1.0']);
  });
});

describe('a package that is listed twice', () => {
  const op = packageOf(chainOf('op', ['1.0.0', '1.1.0']));

  it('may have a range in one entry and a range of its channel in the other', async () => {
    const packages = [
      { name: 'op', channels: [{ name: 'stable', maxVersion: '1.0.0' }] },
      { name: 'op', minVersion: '1.1.0' },
    ];
    const { errors, packages: kept } = await filter([op], { packages });
    expect(errors).toEqual([]);
    expect(kept[0]?.bundles.map(({ name }) => name)).toEqual(['op.v1.0.0']);
  });

  it('is refused for what is wrong in its first entry too', async () => {
    const packages = [{ name: 'op', minVersion: 'new' }, { name: 'op' }];
    const { errors } = await filter([op], { packages });
    expect(errors.map(({ code, path }) => [code, path])).toEqual([
      ['filter-invalid', ['packages', 0]],
    ]);
  });
});

describe('a bundle that is described twice', () => {
  const twice = (entries: readonly { readonly name: string }[]): ShortPackage => ({
    ...packageOf(entries),
    bundles: [
      { name: 'op.v1.0.0', version: '1.0.0', images: ['registry.test/first:v1'] },
      { name: 'op.v1.0.0', version: '1.0.0', images: ['registry.test/last:v1'] },
    ],
  });
  const wish = { packages: [{ name: 'op' }], full: true };

  it('is the first where a channel has it', async () => {
    const { packages } = await filter([twice([{ name: 'op.v1.0.0' }])], wish);
    expect(packages[0]?.bundles[0]?.images[0]?.image).toBe('registry.test/first:v1');
  });

  it('is the last where no channel has a say', async () => {
    const { packages } = await filter([twice([])], wish);
    expect(packages[0]?.bundles[0]?.images[0]?.image).toBe('registry.test/last:v1');
  });
});

describe('failures over default channels', () => {
  it('come in the order of packages, whatever is wrong with each', async () => {
    const a = { ...packageOf([{ name: 'a' }]), name: 'a' };
    const b = { ...a, name: 'b' };
    const packages = [
      { name: 'b', defaultChannel: 'none' },
      { name: 'a', channels: [{ name: 'none' }] },
    ];
    const { errors } = await filter([a, b], { packages });
    expect(errors.map(({ code }) => code)).toEqual([
      'default-channel-dropped',
      'default-channel-unknown',
    ]);
  });
});

describe('the version of a bundle', () => {
  const bundle = (value: unknown) => ({
    schema: 'olm.bundle',
    package: 'op',
    name: 'op.v1.0.0',
    properties: [{ type: 'olm.package', value }],
  });

  it.each([
    [{ packageName: 'op', VERSION: '1.0.0' }, undefined],
    [{ packageName: 5, version: '1.0.0' }, 'bundle-version'],
    [{ packageName: 'op', version: '1.0.0', release: 5 }, 'bundle-version'],
    [['1.0.0'], 'bundle-version'],
  ])('in %j is read as Go reads it', async (value, code) => {
    const op = packageOf([{ name: 'op.v1.0.0' }]);
    const reader = readerOf([{ ...op, bundles: [], others: [bundle(value)] }]);
    const { errors } = await filterCatalog(reader, { catalog }, parseImageSpec);
    expect(errors.map((error) => error.code)).toEqual(code ? [code] : []);
  });
});

it('A catalog in upper camel case is filtered like any other', async () => {
  const texts = [
    '{"Schema":"olm.package","Name":"op","DefaultChannel":"stable"}',
    '{"Schema":"olm.channel","Package":"op","Name":"stable","Entries":[{"Name":"op.v1"}]}',
    '{"Schema":"olm.bundle","Package":"op","Name":"op.v1","Image":"r.test/op:1","Properties":[{"Type":"olm.package","Value":{"PackageName":"op","Version":"1.0.0"}}],"RelatedImages":[{"Image":"r.test/op:1"}]}',
  ];
  const blobs = texts.map((text) => parseBlob(text, 'json'));
  const reader = { packageNames: ['op'], read: async () => ({ name: 'op', blobs }) };
  const { packages, errors } = await filterCatalog(reader, { catalog }, parseImageSpec);
  expect(errors).toEqual([]);
  expect(packages[0]?.bundles[0]?.images).toEqual([
    { name: '', image: 'r.test/op:1', type: 'operatorBundle' },
  ]);
});
