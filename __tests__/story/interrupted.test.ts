import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/errors.ts';
import type { FakeRegistry, LogEntry } from '../../src/fake-registry/index.ts';
import { restore } from '../../src/run/index.ts';
import { effort } from '../support/effort.ts';
import { makeImage } from '../support/images.ts';
import { change, channelConfig, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { brokenTags, contentOf } from '../support/whole.ts';
import { pull, pullAll, releaseRepositories, repositoryOf } from './hands.ts';
import { makeImageLab, mirrorAll, publish } from './image-lab.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const edit = change([both], [newer]);

function targetOf(lab: Lab): FakeRegistry {
  const { fake } = lab.target;
  if (!fake) throw new Error('these tests look into a registry of this process');
  return fake;
}

/** A signal that is given when the target has answered so many requests that change something. */
function afterWrites(lab: Lab, count: number): AbortSignal {
  const controller = new AbortController();
  let left = count;
  targetOf(lab).log.watch(({ method }: LogEntry) => {
    if (method === 'GET' || method === 'HEAD') return;
    left -= 1;
    if (left === 0) controller.abort(new CancelledError());
  });
  return controller.signal;
}

describe('a run that is cancelled', () => {
  it.each(effort.some([7, 12, 20, 40], 2))(
    'while it mirrors (%i writes) leaves nothing half visible, and the next one ends it',
    async (count) => {
      const lab = await makeLab();
      const target = targetOf(lab);
      const signal = afterWrites(lab, count);
      const cancelled = await lab.apply(change(undefined, [both]), { signal });
      const result = cancelled.applied?.result;
      const done = result?.outcomes.filter((one) => one.result === 'done') ?? [];
      // The report and the state have the images that were done; the others were never begun.
      expect(result?.status).toBe(done.length > 0 ? 'partial' : 'failed');
      expect(result?.outcomes).toHaveLength(16);
      expect([...(cancelled.applied?.files.keys() ?? [])]).toContain('result.json');
      expect(brokenTags(target.store)).toEqual([]);
      const { applied } = await lab.apply(change(undefined, [both]));
      expect(applied?.result.status).toBe('applied');
      // An image that was being copied may have arrived all the same.
      expect(applied?.result.outcomes.length).toBeLessThanOrEqual(16 - done.length);
      expect((await pullAll(lab, releaseRepositories)).size).toBe(16);
    },
  );
});

describe('a run that is cancelled while it deletes', () => {
  it.each(effort.some([2, 4, 6, 8], 2))(
    '(%i writes) loses nothing that stays, and the next one comes to the same end',
    async (count) => {
      const lab = await makeLab();
      const target = targetOf(lab);
      await lab.apply(change(undefined, [both]));
      const before = await pullAll(lab, releaseRepositories);
      const newerOnes = [...before].filter(([place]) => place.includes(':4.16.6'));
      const signal = afterWrites(lab, count);
      const cancelled = await lab.apply(edit, { signal });
      expect(cancelled.applied?.result.outcomes).toHaveLength(8);
      expect(brokenTags(target.store)).toEqual([]);
      expect(Object.fromEntries(await pullAll(lab, releaseRepositories))).toMatchObject(
        Object.fromEntries(newerOnes),
      );
      const { applied } = await lab.apply(edit);
      expect(applied?.result.status).toBe('applied');
      expect([...(await pullAll(lab, releaseRepositories))]).toEqual(newerOnes);
      // The images that both runs deleted can be restored.
      const runs = new Set([cancelled.applied?.result.run, applied?.result.run]);
      for (const id of runs) await restore(lab.settings(), { undo: id ?? 'last' }, () => {});
      expect(await pullAll(lab, releaseRepositories)).toEqual(before);
    },
  );
});

describe('two runs at the same time', () => {
  it('that mirror for two image sets both come to be known', async () => {
    const lab = await makeImageLab();
    const names = await Promise.all(
      ['a', 'b'].map((name) => publish(lab, `team/${name}`, makeImage({ seed: name }), 'v1')),
    );
    const files = names.map((name, index) => imagesConfig([`${name}:v1`], `${index}.yaml`));
    const runs = files.map((file) => lab.apply(change(undefined, [file])));
    const outcomes = await Promise.allSettled(runs);
    for (const one of outcomes) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'PLAN_STALE' });
    }
    // The run that was refused is started again.
    await mirrorAll(lab, ...files);
    for (const name of ['team/a', 'team/b']) {
      await pull(repositoryOf(lab, lab.target, name), 'v1');
    }
    const { plan } = await lab.plan(change(undefined, files));
    expect(plan?.changes.map(({ reason }) => reason)).toEqual(['mirrored', 'mirrored']);
  });

  it('that do the same end in the same, and one of them says that it was too late', async () => {
    const lab = await makeLab();
    await lab.apply(change(undefined, [both]));
    const before = await pullAll(lab, releaseRepositories);
    await Promise.allSettled([lab.apply(edit), lab.apply(edit)]);
    await lab.apply(edit);
    expect([...(await pullAll(lab, releaseRepositories))]).toEqual(
      [...before].filter(([place]) => place.includes(':4.16.6')),
    );
    expect(contentOf(targetOf(lab)).manifests).toHaveLength(8);
  });

  it('of which one writes the state while the other works keep what both did', async () => {
    const lab = await makeImageLab();
    const image = makeImage({ seed: 'slow' });
    const slow = await publish(lab, 'team/slow', image, 'v1');
    const quick = await publish(lab, 'team/quick', makeImage({ seed: 'quick' }), 'v1');
    const [first, second] = [
      imagesConfig([`${slow}:v1`], 'slow.yaml'),
      imagesConfig([`${quick}:v1`], 'quick.yaml'),
    ];
    let other: Promise<unknown> | undefined;
    lab.to.log.watch(({ method, path }) => {
      // The slow one is at work: its state is begun, its image is not there yet.
      if (method === 'PUT' && path.includes('/team/slow/manifests/')) {
        other ??= lab.apply(change(undefined, [second]));
      }
    });
    const done = await lab.apply(change(undefined, [first]));
    expect(done.applied?.result.status).toBe('applied');
    const settled = await Promise.allSettled([other]);
    expect(settled[0]?.status).toBe('fulfilled');
    const { plan } = await lab.plan(change(undefined, [first, second]));
    expect(plan?.changes.map(({ tag, reason }) => `${tag} ${reason}`)).toEqual([
      'v1 mirrored',
      'v1 mirrored',
    ]);
  });
});
