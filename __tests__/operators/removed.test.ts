import { expect, it } from 'vitest';
import { filterCatalog } from '../../src/catalog/index.ts';
import { type CollectedCatalog, type ImageSet, parseImageSpec } from '../../src/imageset/index.ts';
import { digestOf } from '../../src/oci/index.ts';
import { removedOperators } from '../../src/operators/removed.ts';
import type { Change } from '../../src/plan/index.ts';
import { bundlesOf, chainOf, imageOf, readerOf, type Step } from '../catalog/filter/catalogs.ts';

const digest = digestOf(new Uint8Array());
const versions = ['1.0.0', '1.1.0', '1.2.0', '2.0.0'];
const catalog = 'registry.test/index:v1';
type Channels = Parameters<typeof readerOf>[0][number]['channels'];

const oneChannel = (entries: readonly Step[]): Channels => [{ name: 'stable', entries }];

function going(gone: readonly string[], action: Change['action'] = 'delete') {
  const changes = gone.map((origin) => ({
    action,
    kind: origin.endsWith('operand') ? 'operatorRelatedImage' : 'operatorBundle',
    origin,
    causes: [0, 1].map((entry) => ({ imageSet: 'a.yaml', path: `mirror.operators[${entry}]` })),
  }));
  return changes as unknown as readonly Change[];
}

function imageSetOf(operators: readonly { readonly catalog: string }[]): ImageSet {
  const identity = 'a.yaml';
  return { name: identity, identity, mirror: { operators } } as unknown as ImageSet;
}

/** The images to ask for when these images go of a package that was mirrored whole. */
async function ask(
  gone: readonly string[],
  channels = oneChannel(chainOf('op', versions)),
  action: Change['action'] = 'delete',
) {
  const names = [...new Set(channels.flatMap(({ entries }) => entries.map(({ name }) => name)))];
  const bundles = bundlesOf(
    'op',
    names.map((name) => name.replace('op.v', '')),
  );
  const reader = readerOf([{ name: 'op', defaultChannel: 'stable', channels, bundles }]);
  const entry = { catalog, full: true, packages: [{ name: 'op' }] };
  const filtered = await filterCatalog(reader, entry, parseImageSpec);
  const changes = going(gone, action);
  const collected = { entry: 0, digest, filtered, reader } as unknown as CollectedCatalog;
  const { files, images } = await removedOperators({ changes }, imageSetOf([entry]), [collected]);
  expect(files.length).toBeLessThanOrEqual(1);
  return { packages: files[0]?.flatMap((one) => one.packages ?? []) ?? [], images };
}

const bundle = (version: string) => imageOf(`op.v${version}`, 'op');
const operand = (version: string) => `${bundle(version)}-operand`;
/** Bundles with all that they need. */
const whole = (...some: readonly string[]) => some.flatMap((one) => [bundle(one), operand(one)]);

it('a bundle is asked for whose own image something else needs, when another image of it goes', async () => {
  expect(await ask([operand('1.1.0')])).toEqual({
    packages: [{ name: 'op', minVersion: '1.1.0', maxVersion: '1.1.0' }],
    images: [],
  });
});

it('bundles that stand next to each other are one range', async () => {
  expect(await ask(whole('1.0.0', '1.1.0', '1.2.0'))).toEqual({
    packages: [{ name: 'op', minVersion: '1.0.0', maxVersion: '1.2.0' }],
    images: [],
  });
});

it('nothing that stays comes into a range: what lies beyond it is said by its images', async () => {
  const { packages, images } = await ask(whole('1.0.0', '1.2.0', '2.0.0'));
  expect(packages).toMatchObject([
    { name: 'op', channels: [{ name: 'stable', minVersion: '1.2.0', maxVersion: '2.0.0' }] },
  ]);
  expect(images).toEqual(whole('1.0.0'));
});

it('a package of which everything goes is asked for as it was', async () => {
  expect(await ask(whole(...versions))).toEqual({ packages: [{ name: 'op' }], images: [] });
});

it('neighbours by version between which a channel has one that stays are no range', async () => {
  const entries = oneChannel(chainOf('op', ['1.0.0', '2.0.0', '1.1.0']));
  const { packages, images } = await ask(whole('1.0.0', '1.1.0'), entries);
  expect(packages).toMatchObject([
    { channels: [{ name: 'stable', minVersion: '1.1.0', maxVersion: '1.1.0' }] },
  ]);
  expect(images).toEqual(whole('1.0.0'));
});

it('a package that is narrowed to one of many channels is one entry with all the others', async () => {
  const minors = Array.from({ length: 13 }, (_, minor) => `release-1.${minor}`);
  const channels = [...minors, 'stable'].map((name, minor) => ({
    name,
    entries: chainOf('op', [`1.${minor}.0`, `1.${minor}.1`]),
  }));
  const gone = minors.flatMap((_, minor) => whole(`1.${minor}.0`, `1.${minor}.1`));
  const { packages, images } = await ask(gone, channels);
  expect(packages).toHaveLength(1);
  expect(images).toEqual([]);
  const heads = minors.flatMap((_, minor) => whole(`1.${minor}.1`));
  const narrowed = await ask([...heads, ...whole('1.13.0')], channels);
  expect(narrowed.packages[0]?.channels).toHaveLength(14);
  expect(narrowed.images).toEqual([]);
});

it('an image of which only the tag goes is not asked for by itself', async () => {
  const gone = whole('1.0.0', '1.2.0', '2.0.0');
  expect((await ask(gone)).images).toEqual(whole('1.0.0'));
  expect((await ask(gone, undefined, 'untag')).images).toEqual([]);
});

it('two entries of one catalog are one entry, unless both have the same package', async () => {
  const reader = readerOf(
    ['one', 'two'].map((name) => {
      const bundles = bundlesOf(name, ['1.0.0']);
      const channels = [{ name: 'stable', entries: chainOf(name, ['1.0.0']) }];
      return { name, defaultChannel: 'stable', channels, bundles };
    }),
  );
  const gone = ['one', 'two'].map((name) => imageOf(`${name}.v1.0.0`, name));
  const filesFor = async (...names: readonly string[]) => {
    const entries = names.map((name, index) => ({
      catalog: `registry.test/index:v${index}`,
      packages: [{ name }],
    }));
    const catalogs = entries.map(async (wanted, entry) => {
      const filtered = await filterCatalog(reader, wanted, parseImageSpec);
      return { entry, digest, filtered, reader } as unknown as CollectedCatalog;
    });
    const all = await Promise.all(catalogs);
    const { files } = await removedOperators({ changes: going(gone) }, imageSetOf(entries), all);
    return files.map((file) => file.map(({ packages = [] }) => packages.map(({ name }) => name)));
  };
  expect(await filesFor('one', 'two')).toEqual([[['one', 'two']]]);
  expect(await filesFor('one', 'one')).toEqual([[['one']], [['one']]]);
});
