import { describe, expect, it } from 'vitest';
import { filterCatalog } from '../../src/catalog/index.ts';
import { loadImageSet, parseImageSpec } from '../../src/imageset/index.ts';
import { digestOf } from '../../src/oci/index.ts';
import { describeOperators } from '../../src/operators/channels.ts';
import type { EntryCatalog } from '../../src/operators/pairs.ts';
import { chainOf, readerOf, type ShortPackage } from '../catalog/filter/catalogs.ts';
import { operatorsConfig } from '../support/operators.ts';

const versions = ['1.0.0', '1.1.0'];

function packageNamed(name: string): ShortPackage {
  return {
    name,
    defaultChannel: 'stable',
    channels: [{ name: 'stable', entries: chainOf(name, versions) }],
    bundles: versions.map((version) => ({ name: `${name}.v${version}`, version })),
    others: [],
  };
}

/** The entry of an image set with this selection. */
async function entry(packages: readonly ShortPackage[], selection: string): Promise<EntryCatalog> {
  const file = operatorsConfig([`{catalog: "r.test/index:v1"${selection}}`]);
  const { imageSet } = loadImageSet(file, 'ImageSetConfiguration');
  const catalog = imageSet?.mirror.operators?.[0];
  if (!imageSet || !catalog) throw new Error('The image set is refused.');
  const reader = {
    ...readerOf(packages),
    directory: '',
    recall: async () => undefined,
    remember: async () => undefined,
  };
  const filtered = await filterCatalog(reader, catalog, parseImageSpec);
  return { imageSet, index: 0, catalog, digest: digestOf(new Uint8Array()), filtered, reader };
}

const both = [packageNamed('one'), packageNamed('two')];

describe('the operators of a plan', () => {
  it('are those that are asked for by name, changed or not', async () => {
    const one = await entry(both, ', packages: [{name: one}]');
    expect(await describeOperators([{ before: one, after: one }])).toEqual([
      {
        catalog: 'r.test/index:v1',
        package: 'one',
        channel: 'stable',
        head: '1.1.0',
        kept: ['1.1.0'],
        added: [],
        removed: [],
        at: { file: 'imageset-config.yaml', line: 5, column: 47 },
      },
    ]);
  });

  it('are, of a catalog from which none is named, only those that change', async () => {
    const all = await entry(both, '');
    const less = await entry(both, ', full: true');
    expect(await describeOperators([{ before: all, after: all }])).toEqual([]);
    const found = await describeOperators([{ before: all, after: less }]);
    expect(found.map((one) => [one.package, one.added])).toEqual([
      ['one', ['1.0.0']],
      ['two', ['1.0.0']],
    ]);
  });

  it('name the images of bundles as placements do, without a transport', async () => {
    const image = 'docker://registry.test/one/bundle:v1';
    const document = { schema: 'olm.bundle', name: 'one.v3.0.0', package: 'one', image };
    const properties = [{ type: 'olm.package', value: { packageName: 'one', version: '3.0.0' } }];
    const own = {
      ...packageNamed('one'),
      channels: [{ name: 'stable', entries: [{ name: 'one.v3.0.0' }] }],
      bundles: [],
      others: [{ ...document, properties, relatedImages: [{ name: '', image }] }],
    };
    const before = await entry([own], '');
    expect(await describeOperators([{ before }])).toMatchObject([
      { removed: [{ version: '3.0.0', image: 'registry.test/one/bundle:v1', updates: false }] },
    ]);
  });
});
