import { expect, it } from 'vitest';
import { publish } from '../story/image-lab.ts';
import { makeImage } from '../support/images.ts';
import { change, imagesConfig, makeLab } from '../support/lab.ts';
import { wired } from '../support/wire.ts';

it('images of one dead registry are one finding with their number, and the others are mirrored', async () => {
  const lab = await makeLab({ upstream: { components: 1, channels: {} } });
  const gone = await wired();
  await gone.close();
  const sound = await publish(lab, 'team/sound', makeImage({ seed: 'sound' }), 'v1');
  const dead = Array.from({ length: 50 }, (_, index) => `${gone.host}/team/dead${index}:v1`);
  const files = [imagesConfig([`${sound}:v1`, ...dead])];
  const settings = { insecureRegistries: [lab.source.host, lab.target.host, gone.host] };

  const { diagnostics } = await lab.plan(change(undefined, files), settings);
  expect(diagnostics).toEqual([
    expect.objectContaining({
      code: 'source-unreadable',
      detail: expect.stringMatching(
        new RegExp(`^${gone.host} cannot be reached .*50 images .*dead0:v1, .* and 47 more`),
      ),
    }),
  ]);

  const report = await lab.mirror(files, settings);
  expect(report.counts).toEqual([
    expect.objectContaining({ kind: 'additional', collected: 51, copied: 1 }),
  ]);
  expect(report.imageFailures).toHaveLength(50);
  expect(new Set(report.imageFailures.map(({ host }) => host)).size).toBe(1);
  expect(report.notes.filter((note) => note.includes(gone.host))).toHaveLength(1);
});
