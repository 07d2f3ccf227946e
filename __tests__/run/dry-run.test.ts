import { expect, it } from 'vitest';
import { mirror } from '../../src/run/index.ts';
import { put, repositoryOf } from '../story/hands.ts';
import { makeImage } from '../support/images.ts';
import { imagesConfig, makeLab } from '../support/lab.ts';

/** A port on which nothing listens. */
const nowhere = '127.0.0.1:1';

it('a dry run needs no target that answers, and says that none did', async () => {
  const lab = await makeLab();
  await put(repositoryOf(lab, lab.source, 'team/app'), makeImage({ seed: 'app' }), 'v1');
  const files = [imagesConfig([`${lab.source.host}/team/app:v1`])];
  const run = async (dryRun: 'no' | 'mapping' | 'manifest-lists') =>
    await mirror(
      lab.settings({ target: nowhere, retryTimes: 0 }),
      { files, base: async () => undefined, dryRun, destination: 'registry' },
      () => undefined,
    );
  for (const how of ['mapping', 'manifest-lists'] as const) {
    const report = await run(how);
    expect(report.mapping.map(({ destination }) => destination)).toEqual([
      `docker://${nowhere}/team/app:v1`,
    ]);
    expect(report.diagnostics).toMatchObject([{ severity: 'warning', code: 'target-unreachable' }]);
  }
  await expect(run('no')).rejects.toMatchObject({ code: 'UNREACHABLE' });
});
