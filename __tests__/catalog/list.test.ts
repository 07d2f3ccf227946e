import { describe, expect, test } from 'vitest';
import {
  formatCatalogs,
  listChannels,
  listPackages,
  listVersions,
  openCatalog,
  publishedCatalogs,
  readCatalogImage,
} from '../../src/catalog/index.ts';
import { silentLogger } from '../../src/log.ts';
import { makeCatalogImage, serveCatalog } from '../support/catalog.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const bundle = (owner: string, version: string, displayName?: string) => ({
  schema: 'olm.bundle',
  package: owner,
  name: `${owner}.v${version}`,
  properties: [
    { type: 'olm.package', value: { packageName: owner, version } },
    ...(displayName ? [{ type: 'olm.csv.metadata', value: { displayName } }] : []),
  ],
});
const entry = (name: string, replaces?: string, skips?: readonly string[]) => ({
  name,
  ...(replaces && { replaces }),
  ...(skips && { skips }),
});
const channel = (owner: string, name: string, ...entries: readonly unknown[]) => ({
  ...{ schema: 'olm.channel', package: owner, name, entries },
});

const documents = [
  { schema: 'olm.package', name: 'foo', defaultChannel: 'stable' },
  channel('foo', 'stable', entry('foo.v0.9.0'), entry('foo.v0.10.0', 'foo.v0.9.0')),
  channel('foo', 'beta', entry('foo.v0.9.0'), entry('foo.v0.10.0')),
  channel('foo', 'alpha', entry('foo.v0.9.0', 'foo.v0.10.0'), entry('foo.v0.10.0', 'foo.v0.9.0')),
  bundle('foo', '0.9.0', 'Old Foo'),
  bundle('foo', '0.10.0', 'Foo'),
  { schema: 'olm.package', name: 'longer-name', defaultChannel: '' },
  channel(
    'longer-name',
    'only',
    entry('longer-name.v1.0.0', undefined, ['longer-name.v0.1.0']),
    entry('longer-name.v1.0.0'),
  ),
  bundle('longer-name', '1.0.0'),
  { schema: 'olm.deprecations', package: 'remains' },
];

async function open(contents: readonly unknown[] = documents) {
  const text = contents.map((document) => JSON.stringify(document)).join('\n');
  const served = serveCatalog(await makeCatalogImage({ layers: [[['configs/index.json', text]]] }));
  const image = await readCatalogImage(served.digest, served);
  return await openCatalog(image, served, { directory: tempDirectory(), log: silentLogger });
}

describe('a list of operators', () => {
  test('has packages with the display name of their highest version', async () => {
    const catalog = await open();
    const lines = [
      'NAME         DISPLAY NAME  DEFAULT CHANNEL',
      'foo          Foo           stable',
      'longer-name                ',
    ];
    expect(await listPackages(catalog)).toEqual({ lines, unreadable: [] });
    // And so it has the second time, when nothing is read.
    expect((await listPackages({ ...catalog, packageNames: [] })).lines).toEqual(lines);
  });

  test('has the channels of a package with their heads', async () => {
    expect(await listChannels(await open(), 'foo')).toEqual([
      'NAME  DISPLAY NAME  DEFAULT CHANNEL',
      'foo   Foo           stable',
      '',
      'PACKAGE  CHANNEL  HEAD',
      'foo      alpha    ERROR: no channel head found in graph',
      'foo      beta     ERROR: multiple channel heads found in graph: foo.v0.10.0, foo.v0.9.0',
      'foo      stable   foo.v0.10.0',
    ]);
  });

  test('begins with the channels of a package that has no default channel', async () => {
    expect(await listChannels(await open(), 'longer-name')).toEqual([
      'PACKAGE      CHANNEL  HEAD',
      'longer-name  only     longer-name.v1.0.0',
    ]);
  });

  test("has the versions of a channel in the order of the bundles' names", async () => {
    expect(await listVersions(await open(), 'foo', 'stable')).toEqual([
      'VERSIONS',
      '0.10.0',
      '0.9.0',
    ]);
  });

  test.each(['nowhere', 'remains', ''])('of the unknown package %j is an error', async (name) => {
    await expect(listChannels(await open(), name)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: `operator "${name}" not found in catalog`,
    });
  });

  test('of an unknown channel is an error that names those there are', async () => {
    await expect(listVersions(await open(), 'foo', 'x')).rejects.toMatchObject({
      message: 'channel "x" not found for operator "foo"',
      hint: 'Its channels are alpha, beta, stable.',
    });
  });

  test.each([
    [
      'fooo',
      undefined,
      'Did you mean foo? Without --package all operators of the catalog are listed.',
    ],
    ['foo', 'stabel', 'Did you mean stable? Its channels are alpha, beta, stable.'],
  ])('of %s, channel %s, suggests the nearest names', async (name, channelName, hint) => {
    const catalog = await open();
    const list =
      channelName === undefined
        ? listChannels(catalog, name)
        : listVersions(catalog, name, channelName);
    await expect(list).rejects.toMatchObject({ hint });
  });

  test('leaves out a package that cannot be read, and names it and its file', async () => {
    const good = documents.slice(0, 6).map((document) => JSON.stringify(document));
    const bad = '{"schema":"olm.package","name":"bad","defaultChannel":"x"}{';
    const served = serveCatalog(
      await makeCatalogImage({
        layers: [
          [
            ['configs/foo/catalog.json', good.join('\n')],
            ['configs/bad/catalog.json', bad],
          ],
        ],
      }),
    );
    const image = await readCatalogImage(served.digest, served);
    const options = { directory: tempDirectory(), log: silentLogger };
    for (const time of ['first', 'second']) {
      const catalog = await openCatalog(image, served, options);
      const { lines, unreadable } = await listPackages(catalog);
      expect([time, ...lines.slice(1)]).toEqual([time, 'foo   Foo           stable']);
      expect(unreadable.map(({ message }) => message)).toEqual([
        expect.stringMatching(/"bad".*bad\/catalog\.json/),
      ]);
    }
  });
});

describe('a list of catalogs', () => {
  test.each([
    ['4.18', 4],
    ['4.21', 4],
    ['4.22', 3],
    ['5.0', 3],
  ])('of OpenShift %s has %i', (version, count) => {
    expect(publishedCatalogs(version)).toHaveLength(count);
  });

  test('says which are not there', () => {
    const [reference = ''] = publishedCatalogs('4.18');
    expect(
      formatCatalogs('4.18', [
        { reference, exists: true },
        { reference: 'x:v4.18', exists: false },
      ]),
    ).toEqual([
      'Available OpenShift OperatorHub catalogs:',
      'OpenShift 4.18:',
      'registry.redhat.io/redhat/redhat-operator-index:v4.18',
      'Invalid catalog reference "x:v4.18", please check version',
    ]);
  });
});
