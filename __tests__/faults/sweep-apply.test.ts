import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { change } from '../support/lab.ts';
import { brokenTags, tagsOf } from '../support/whole.ts';
import {
  applyStep,
  both,
  faultAt,
  makeSmallLab,
  manners,
  multi,
  newer,
  pointsOf,
  quick,
  sweep,
} from './sweep.ts';

describe('an apply of which a request fails', { timeout: 60_000 }, () => {
  it.each(
    (['on', 'off'] as const).flatMap((tagDelete) =>
      manners.map((manner) => ({ tagDelete, manner })),
    ),
  )(
    'at the target ($manner; removal of tags $tagDelete) loses nothing and is ended by the next',
    async ({ tagDelete, manner }) => {
      const { lab, target } = await makeSmallLab({ tagDelete });
      expect(
        await sweep(lab, await applyStep(lab, target), { victim: target, manner }),
      ).toBeGreaterThan(10);
    },
  );

  it('at the target, with indexes that share children, loses nothing and is ended by the next', async () => {
    const { lab, target } = await makeSmallLab({}, ['multi']);
    // A child that could not be deleted after its index stays, untagged: nobody sees it, nothing needs it.
    const step = { ...(await applyStep(lab, target, multi)), see: tagsOf };
    expect(await sweep(lab, step, { victim: target, manner: 'alone' })).toBeGreaterThan(10);
  });

  it('at a target that takes images along with their tags is made whole by the next', async () => {
    const { lab, target } = await makeSmallLab({ tagDelete: 'greedy' });
    const step = { ...(await applyStep(lab, target)), watch: () => brokenTags(target.store) };
    expect(await sweep(lab, step, { victim: target, manner: 'from then on' })).toBeGreaterThan(10);
  });
});

it('a plan of which a request fails writes nothing, and deletes no more than a whole one', async () => {
  const { lab, source, target } = await makeSmallLab();
  await lab.mirror([both]);
  for (const victim of [target, source]) {
    victim.log.clear();
    const { plan } = await lab.plan(change([both], [newer]), {
      ...quick,
      workspace: join(lab.workspace, 'undisturbed'),
    });
    const most = plan?.totals.delete ?? 0;
    for (const [entry, nth] of pointsOf([...victim.log.entries], 'from then on')) {
      target.log.clear();
      victim.faults.add(faultAt(entry, nth, 'from then on'));
      const workspace = join(lab.workspace, String(nth));
      const made = await lab
        .plan(change([both], [newer]), { ...quick, workspace })
        .catch(() => undefined);
      victim.faults.clear();
      expect(target.log.writes()).toEqual([]);
      expect(made?.plan?.totals.delete ?? 0).toBeLessThanOrEqual(most);
    }
  }
});
