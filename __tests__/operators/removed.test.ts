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
/** A catalog of one package whose only channel has these entries. */
const catalogOf = (entries: readonly Step[]) =>
  readerOf([
    {
      name: 'op',
      defaultChannel: 'stable',
      channels: [{ name: 'stable', entries }],
      bundles: bundlesOf('op', versions),
    },
  ]);

/** What has to be asked for when these images of the whole package go. */
async function ask(gone: readonly string[], entries = chainOf('op', versions)) {
  const reader = catalogOf(entries);
  const entry = { catalog, full: true, packages: [{ name: 'op' }] };
  const filtered = await filterCatalog(reader, entry, parseImageSpec);
  const imageSet = {
    name: 'a.yaml',
    identity: 'a.yaml',
    mirror: { operators: [entry] },
  } as unknown as ImageSet;
  const changes = gone.map((origin) => ({
    action: 'delete',
    kind: origin.endsWith('operand') ? 'operatorRelatedImage' : 'operatorBundle',
    origin,
    causes: [{ imageSet: 'a.yaml', path: 'mirror.operators[0].packages[0]' }],
  })) as unknown as readonly Change[];
  const collected = { entry: 0, digest, filtered, reader } as unknown as CollectedCatalog;
  const files = await removedOperators({ changes }, imageSet, [collected]);
  return files.map((entries) => entries.map((one) => one.packages));
}

const bundle = (version: string) => imageOf(`op.v${version}`, 'op');
const operand = (version: string) => `${bundle(version)}-operand`;

it('a bundle is asked for whose own image something else needs, when another image of it goes', async () => {
  expect(await ask([operand('1.1.0')])).toEqual([
    [[{ name: 'op', minVersion: '1.1.0', maxVersion: '1.1.0' }]],
  ]);
});

it('bundles that stand next to each other are one range', async () => {
  expect(await ask(['1.0.0', '1.1.0', '1.2.0'].map(bundle))).toEqual([
    [[{ name: 'op', minVersion: '1.0.0', maxVersion: '1.2.0' }]],
  ]);
});

it('nothing that stays comes into a range', async () => {
  expect(await ask(['1.0.0', '1.2.0', '2.0.0'].map(bundle))).toEqual([
    [[{ name: 'op', minVersion: '1.0.0', maxVersion: '1.0.0' }]],
    [[{ name: 'op', minVersion: '1.2.0', maxVersion: '2.0.0' }]],
  ]);
});

it('a package of which everything goes is asked for as it was', async () => {
  expect(await ask(versions.map(bundle))).toEqual([[[{ name: 'op' }]]]);
});

it('neighbours by version between which a channel has one that stays are no range', async () => {
  const entries = chainOf('op', ['1.0.0', '2.0.0', '1.1.0']);
  expect(await ask(['1.0.0', '1.1.0'].map(bundle), entries)).toEqual([
    [[{ name: 'op', minVersion: '1.0.0', maxVersion: '1.0.0' }]],
    [[{ name: 'op', minVersion: '1.1.0', maxVersion: '1.1.0' }]],
  ]);
});
