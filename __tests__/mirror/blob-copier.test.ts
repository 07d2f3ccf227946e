import { expect, it } from 'vitest';
import { createBudget } from '../../src/base/index.ts';
import { createBlobCopier } from '../../src/mirror/blob-copier.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { makeScene } from './scene.ts';

const image = makeImage({ seed: 'image', layers: [40] });
const blob = image.blobs[1]?.descriptor;
if (!blob) throw new Error('no layer');

it('a blob that two repositories begin to need in the same instant is uploaded once and mounted once', async () => {
  const scene = await makeScene();
  pushTo(scene.source.store, 'app', 'v1', image);
  const { inventory } = scene;
  const copier = createBlobCopier({ inventory, budget: createBudget(4), onBytes() {} });
  const from = scene.from('app');
  const moved = await Promise.all(
    ['app', 'lib'].map((name) => copier.ensure({ blob, from, to: scene.to(name) })),
  );
  expect(moved).toEqual([blob.size, 0]);
  expect(scene.asked()).toEqual([
    'POST app blobs/uploads',
    'PUT app blobs/uploads',
    'POST lib blobs/uploads mount',
  ]);
});

it('a blob that is known to be there is not asked for', async () => {
  const scene = await makeScene();
  scene.inventory.addBlob('app', blob.digest);
  const { inventory } = scene;
  const copier = createBlobCopier({ inventory, budget: createBudget(4), onBytes() {} });
  const task = { blob, from: scene.from('app'), to: scene.to('app') };
  expect(await copier.ensure(task)).toBe(0);
  expect(scene.asked()).toEqual([]);
});

it.each([401, 403, 405])(
  'a blob of which the target does not say whether it has it (%i) is sent, and so is one it does not mount',
  async (status) => {
    const scene = await makeScene({}, () => false);
    pushTo(scene.source.store, 'app', 'v1', image);
    scene.target.faults.add(
      { path: /blobs\/sha256/, status, times: 99 },
      { method: 'POST', path: /mount=/, status, times: 99 },
    );
    const { inventory } = scene;
    const copier = createBlobCopier({ inventory, budget: createBudget(4), onBytes() {} });
    const from = scene.from('app');
    for (const name of ['app', 'lib']) {
      expect(await copier.ensure({ blob, from, to: scene.to(name) })).toBe(blob.size);
      expect(scene.target.store.get(name)?.blobs.has(blob.digest)).toBe(true);
    }
  },
);
