import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makeImage, makeIndex } from '../support/images.ts';
import { change, imagesConfig } from '../support/lab.ts';
import { makeImageLab, publish } from './image-lab.ts';

/** Images that share a large layer, alone and below an index. */
async function makeSharers() {
  const lab = await makeImageLab();
  const images = [1, 2, 3].map((own) => makeImage({ seed: 'shared', layers: [50_000, own] }));
  const names = await Promise.all(
    images.map((image, index) => publish(lab, `team/app${index}`, image, 'v1')),
  );
  names.push(await publish(lab, 'team/index', makeIndex(images.slice(0, 2)), 'v1'));
  const file = imagesConfig(names.map((name) => `${name}:v1`));
  return { lab, names, file };
}

describe('the same images', () => {
  it('weigh the same when they come, when they stay, and when others come', async () => {
    const { lab, names, file } = await makeSharers();
    const first = await lab.plan(change(undefined, [file]));
    await lab.apply(change(undefined, [file]));
    const second = await lab.plan(change(undefined, [file]));
    const other = await publish(lab, 'team/new', makeImage({ seed: 'new' }), 'v1');
    const more = imagesConfig([...names, other].map((name) => `${name}:v1`));
    const third = await lab.plan(change(undefined, [more]));
    const weight = first.plan?.totals.bytesToMirror;
    expect(weight).toBeGreaterThan(0);
    expect(second.plan?.totals).toMatchObject({ keep: 4, bytesKept: weight });
    expect(third.plan?.totals).toMatchObject({ keep: 4, mirror: 1, bytesKept: weight });
  });

  it('ask nobody for their weight, and weigh what the state says where it is not known', async () => {
    const { lab, file } = await makeSharers();
    await lab.apply(change(undefined, [file]));
    await rm(lab.workspace, { recursive: true });
    lab.to.log.clear();
    const { plan } = await lab.plan(change(undefined, [file]));
    const asked = lab.to.log.entries.filter(({ path }) => /team.*manifests/.test(path));
    expect(asked).toEqual([]);
    expect(plan?.totals.bytesKept).toBeGreaterThanOrEqual(50_000);
  });
});
