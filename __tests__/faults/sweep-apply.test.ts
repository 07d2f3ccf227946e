import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { effort } from '../support/effort.ts';
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

describe('an apply of which a request fails', { timeout: effort.limit }, () => {
  it.each(
    (['on', 'off'] as const).flatMap((tagDelete) =>
      manners.map((manner) => ({ tagDelete, manner })),
    ),
  )(
    'at the target ($manner; removal of tags $tagDelete) loses nothing and is ended by the next',
    async ({ tagDelete, manner }) => {
      const { lab, target } = await makeSmallLab({ tagDelete });
      const how = { victim: target, manner };
      await sweep(lab, await applyStep(lab, target), how);
    },
  );

  it('at the target, with indexes that share children, loses nothing and is ended by the next', async () => {
    const { lab, target } = await makeSmallLab({}, ['multi']);
    // A child that could not be deleted after its index stays, untagged: nobody sees it, nothing needs it.
    const step = { ...(await applyStep(lab, target, multi)), see: tagsOf };
    const how = { victim: target, manner: 'alone' } as const;
    await sweep(lab, step, how);
  });

  it('at a target that takes images along with their tags is made whole by the next', async () => {
    const { lab, target } = await makeSmallLab({ tagDelete: 'greedy' });
    const step = { ...(await applyStep(lab, target)), watch: () => brokenTags(target.store) };
    const how = { victim: target, manner: 'from then on' } as const;
    await sweep(lab, step, how);
  });

  it('is no plan that writes, or that deletes more than a whole one', async () => {
    const { lab, source, target } = await makeSmallLab();
    await lab.mirror([both]);
    for (const victim of [target, source]) {
      victim.log.clear();
      const { plan } = await lab.plan(change([both], [newer]), {
        ...quick,
        workspace: join(lab.workspace, 'undisturbed'),
      });
      const most = plan?.totals.delete ?? 0;
      const points = pointsOf([...victim.log.entries], 'from then on');
      for (const [entry, nth] of effort.some(points, 2, 16)) {
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
});
