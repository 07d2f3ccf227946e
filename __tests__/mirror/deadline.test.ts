import { expect, it } from 'vitest';
import { mirror } from '../../src/run/index.ts';
import { put, repositoryOf } from '../story/hands.ts';
import { makeImage } from '../support/images.ts';
import { imagesConfig, makeLab } from '../support/lab.ts';
import { fakeClock } from '../support/wire.ts';

it('an image that takes longer than its time fails alone, and nothing of it is left under a tag', async () => {
  const lab = await makeLab();
  for (const name of ['team/one', 'team/two']) {
    await put(repositoryOf(lab, lab.source, name), makeImage({ seed: name }), 'v1');
  }
  const files = [imagesConfig(['one', 'two'].map((name) => `${lab.source.host}/team/${name}:v1`))];
  const request = {
    files,
    base: async () => undefined,
    dryRun: 'no',
    destination: 'registry',
  } as const;
  const clock = fakeClock();
  let now = 0;
  // Every look at the clock takes a second, so that no image is done within two.
  const slow = { ...clock, now: () => (now += 1000) };
  const run = async (imageTimeoutMs?: number) =>
    await mirror(
      lab.settings({ clock: slow, ...(imageTimeoutMs !== undefined && { imageTimeoutMs }) }),
      request,
      () => undefined,
    );
  const { imageFailures } = await run(2000);
  expect(imageFailures).toHaveLength(2);
  expect(imageFailures[0]).toMatchObject({
    message: expect.stringContaining('longer than the 2 s that one image has'),
  });
  expect(await repositoryOf(lab, lab.target, 'team/one').manifests.resolve('v1')).toBeUndefined();
  expect((await run()).imageFailures).toEqual([]);
});
