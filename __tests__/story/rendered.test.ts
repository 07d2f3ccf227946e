import { expect, it } from 'vitest';
import { makeImage } from '../support/images.ts';
import { change, imagesConfig, makeLab } from '../support/lab.ts';
import { put, repositoryOf } from './hands.ts';

it('a rendered configuration is compared with what was last applied, and the plan names that run', async () => {
  const lab = await makeLab();
  for (const name of ['team/app', 'team/other']) {
    await put(repositoryOf(lab, lab.source, name), makeImage({ seed: name }), 'v1');
  }
  const [app, other] = ['app', 'other'].map((name) => `${lab.source.host}/team/${name}:v1`);
  const rendered = (...images: readonly (string | undefined)[]) => ({
    ...imagesConfig(images.flatMap((image) => image ?? [])),
    rendered: true as const,
  });
  const first = await lab.plan(change(undefined, [rendered(app, other)]));
  expect(first.files.get('summary.md')).toContain('rendered; compared with nothing');
  await lab.apply(change(undefined, [rendered(app, other)]));
  const { plan, files } = await lab.plan(change(undefined, [rendered(app)]));
  expect(plan?.totals).toMatchObject({ delete: 1, keep: 1 });
  expect(plan?.base).toMatchObject({ from: 'state', run: 1 });
  expect(files.get('summary.md')).toContain('rendered; compared with run 1');
});
