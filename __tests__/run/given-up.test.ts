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

it('images that one wrong password keeps away are one finding too, with the entry that was sent', async () => {
  const lab = await makeLab({ upstream: { components: 1, channels: {} } });
  const users = { joe: { password: 'new' } };
  const closed = await wired({ auth: { kind: 'bearer', users } });
  const names = Array.from({ length: 50 }, (_, index) => `${closed.host}/team/app${index}:v1`);
  const settings = {
    insecureRegistries: [lab.source.host, lab.target.host, closed.host],
    source: { username: 'joe', password: 'old' },
  };
  const { diagnostics } = await lab.plan(change(undefined, [imagesConfig(names)]), settings);
  expect(diagnostics).toEqual([
    expect.objectContaining({
      summary: 'Credentials do not work; the images that need them will not be mirrored.',
      detail: expect.stringMatching(
        new RegExp(`^${closed.host} refuses the credentials.*50 images .*app0:v1, .* and 47 more`),
      ),
    }),
  ]);
});
