import { describe, expect, it } from 'vitest';
import { ensureRepository } from '../../src/fake-registry/index.ts';
import * as run from '../../src/run/index.ts';
import { startCommandLine } from '../support/command-line.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { change, channelConfig, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { brokenTags, contentOf, tagsOf } from '../support/whole.ts';
import { imageAt, makeScene, type Scene } from './scene.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const foreign = makeImage({ seed: 'foreign' });
const foreignDigest = foreign.manifest.descriptor.digest;

function fakesOf({ source, target }: Lab) {
  if (!source.fake || !target.fake) throw new Error('no registries of this process');
  return { from: source.fake, to: target.fake };
}

/** Gives the image set without one of its images. */
function without(scene: Scene, name: string) {
  const names = (['bad', 'good', 'other'] as const).filter((one) => one !== name);
  return imagesConfig(names.map((one) => imageAt(scene.source.host, one)));
}

async function planned(scene: Scene) {
  await scene.attempt();
  const { files } = await scene.plan(change([scene.file], [without(scene, 'bad')]));
  return files.get('plan.json') ?? '';
}

const apply = (scene: Scene, planText: string) =>
  run.apply(scene.settings(), { planText, approval: { require: 'none' }, files: [] }, () => {});

describe('between plan and apply', () => {
  it('a tag of the target that moved is not touched, and is told', async () => {
    const scene = await makeScene();
    const text = await planned(scene);
    pushTo(scene.to.store, 'team/bad', 'v1', foreign);
    const { result } = await apply(scene, text);
    expect(result.outcomes).toEqual([]);
    expect(result.plan.changes).toContainEqual(
      expect.objectContaining({
        repository: 'team/bad',
        action: 'hold',
        reason: 'tag-moved',
        previous: foreignDigest,
      }),
    );
    expect(scene.seen()).toEqual({
      ...scene.mirrored('good', 'other'),
      'team/bad:v1': foreignDigest,
    });
  });

  it('a tag that somebody put on what would go holds it', async () => {
    const scene = await makeScene();
    const text = await planned(scene);
    pushTo(scene.to.store, 'team/bad', 'mine', scene.images.bad);
    await apply(scene, text);
    expect(Object.keys(scene.seen())).toContain('team/bad:mine');
  });

  it('a file that was edited since is not applied as it was, nor is anything else', async () => {
    const scene = await makeScene();
    const text = await planned(scene);
    const request = { planText: text, approval: { require: 'none' } as const };
    const edited = run.apply(scene.settings(), { ...request, files: [scene.file] }, () => {});
    await expect(edited).rejects.toMatchObject({
      code: 'PLAN_STALE',
      message: `${scene.file.name} changed since the plan was made. Nothing was changed.`,
    });
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
    const files = [without(scene, 'bad')];
    const { result } = await run.apply(scene.settings(), { ...request, files }, () => {});
    expect(result.status).toBe('applied');
  });

  it('a tag of the source that moved changes nothing of what was planned', async () => {
    const scene = await makeScene();
    const { files } = await scene.plan(change([], [scene.file]));
    pushTo(scene.from.store, 'team/bad', 'v1', foreign);
    await apply(scene, files.get('plan.json') ?? '');
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
  });

  it('a kept image that the target lost is mirrored again before anything is deleted', async () => {
    const scene = await makeScene();
    const text = await planned(scene);
    ensureRepository(scene.to.store, 'team/good').tags.delete('v1');
    const { result } = await apply(scene, text);
    expect(
      result.outcomes.map(({ change: { action, repository } }) => [action, repository]),
    ).toEqual([
      ['mirror', 'team/good'],
      ['delete', 'team/bad'],
    ]);
    expect(scene.seen()).toEqual(scene.mirrored('good', 'other'));
  });
});

describe('while an apply goes on', () => {
  it('a tag that moves after the look at the target is not touched', async () => {
    const scene = await makeScene();
    await scene.attempt();
    const { to } = scene;
    let isMoved = false;
    // The undo record is the last that is written before the first delete.
    to.log.watch(({ method, path }) => {
      if (isMoved || method !== 'PUT' || !path.includes('/manifests/undo-')) return;
      isMoved = true;
      pushTo(to.store, 'team/bad', 'v1', foreign);
    });
    const { applied } = await scene.apply(change([scene.file], [without(scene, 'bad')]));
    expect(isMoved).toBe(true);
    expect(applied?.result.outcomes).toMatchObject([
      { result: 'held', detail: expect.stringContaining('names something else') },
    ]);
    expect(scene.seen()['team/bad:v1']).toBe(foreignDigest);
  });

  it('another run that writes the state is not overwritten: what both did is recorded', async () => {
    const scene = await makeScene();
    await scene.attempt({}, without(scene, 'bad'));
    const other = { ...imagesConfig([imageAt(scene.source.host, 'bad')]), name: 'other.yaml' };
    let begun: Promise<unknown> | undefined;
    scene.to.log.watch(({ method, path }) => {
      if (begun || method !== 'PUT' || !path.endsWith('team/good/manifests/v2')) return;
      begun = scene.attempt({ workspace: `${scene.workspace}-other` }, other);
    });
    pushTo(scene.from.store, 'team/good', 'v2', foreign);
    const more = imagesConfig([
      imageAt(scene.source.host, 'good'),
      imageAt(scene.source.host, 'other'),
      `${scene.source.host}/team/good:v2`,
    ]);
    const report = await scene.attempt({}, more);
    await begun;
    expect(begun).toBeDefined();
    expect(report).toMatchObject({ imageFailures: [] });
    const { total, imageFailures } = await run.verify(scene.settings(), () => {});
    expect({ total, imageFailures }).toEqual({ total: 4, imageFailures: [] });
  });
});

describe('a registry without delete', () => {
  it('keeps everything, says what to switch on, and the run is no failure', async () => {
    const lab = await makeLab({ target: { digestDelete: 'off', tagDelete: 'off' } });
    await lab.mirror([both]);
    const { to } = fakesOf(lab);
    const before = tagsOf(to);
    const { applied } = await lab.apply(change([both], [newer]));
    expect(applied?.result.status).toBe('applied');
    expect(applied?.result.outcomes).toHaveLength(8);
    for (const outcome of applied?.result.outcomes ?? []) {
      expect(outcome).toMatchObject({
        result: 'held',
        detail: expect.stringMatching(/does not delete: switch deletion on/),
      });
    }
    expect(tagsOf(to)).toEqual(before);
    expect(brokenTags(to.store)).toEqual([]);
  });

  it('that learns to delete loses what was held the next time it is asked for', async () => {
    const lab = await makeLab({ target: { digestDelete: 'off', tagDelete: 'off' } });
    await lab.mirror([both]);
    const { to } = fakesOf(lab);
    await lab.apply(change([both], [newer]));
    to.settings.digestDelete = 'on';
    const { applied } = await lab.apply(change([both], [newer]));
    expect(applied?.result.status).toBe('applied');
    expect(Object.keys(tagsOf(to)).filter((place) => place.includes('4.16.5'))).toEqual([]);
    expect(Object.keys(tagsOf(to))).toHaveLength(8);
  });
});

describe('a run that is killed', () => {
  it('in the middle of mirroring leaves nothing broken, and the next moves only the rest', async () => {
    const scene = await makeScene();
    const { to } = scene;
    const started = startCommandLine(scene, ['-c', both]);
    let pushed = 0;
    to.log.watch(({ method, path }) => {
      if (method !== 'PUT' || !path.includes('/openshift/')) return;
      pushed += 1;
      if (pushed === 4) started.child.kill('SIGKILL');
    });
    expect((await started.ended).code).toBe(null);
    expect(brokenTags(to.store)).toEqual([]);
    const { tags } = contentOf(to);
    expect(Object.keys(tags).length).toBeLessThan(4);
    expect(await scene.attempt({}, both)).toMatchObject({
      imageFailures: [],
      notes: [expect.stringContaining('ended in the middle')],
    });
    expect(Object.keys(scene.seen())).toHaveLength(4);
  }, 30_000);

  it('by its signal stops between two images, and the next goes on', async () => {
    const scene = await makeScene();
    const controller = new AbortController();
    scene.to.log.watch(({ method, path }) => {
      if (method === 'PUT' && path.endsWith('/manifests/v1')) controller.abort();
    });
    const stopped = await scene.attempt({ signal: controller.signal, parallel: 1 });
    // The answer to the request that was under way is not waited for.
    const told = { message: expect.stringContaining('was cancelled') };
    expect(stopped).toMatchObject({ imageFailures: [told, told, told] });
    expect(Object.keys(scene.seen())).toHaveLength(1);
    expect(await scene.attempt()).toMatchObject({ imageFailures: [] });
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
  });
});
