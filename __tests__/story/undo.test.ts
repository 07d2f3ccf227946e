import { describe, expect, it } from 'vitest';
import { ensureRepository } from '../../src/fake-registry/index.ts';
import { history, restore, verify } from '../../src/run/index.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { makeImage, makeIndex } from '../support/images.ts';
import { change, channelConfig, imagesConfig, makeLab } from '../support/lab.ts';
import { pull, pullAll, put, releaseRepositories, repositoryOf } from './hands.ts';
import { digestOfImage, makeImageLab, mirrorAll, publish } from './image-lab.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const quiet = (): void => {};

/** Makes a lab of one repository, and image sets that want both of its tags and the newer one alone. */
async function makeTwoTags() {
  const lab = await makeImageLab();
  const name = await publish(lab, 'team/app', makeImage({ seed: 'old' }), 'v1');
  await publish(lab, 'team/app', makeImage({ seed: 'kept' }), 'v2');
  const [two, one] = [imagesConfig([`${name}:v1`, `${name}:v2`]), imagesConfig([`${name}:v2`])];
  return { lab, two, one };
}

describe('an apply that is undone', () => {
  it.each(['amd64', 'multi'])(
    'gives back every tag and digest, whole (%s)',
    async (architecture) => {
      const upstream = { architectures: [architecture], sharedChildren: 2 };
      const lab = await makeLab({ upstream });
      const [two, one] = [both, newer].map((file) => ({
        ...file,
        text: file.text.replace('channels:', `architectures: [${architecture}]\n    channels:`),
      })) as [typeof both, typeof both];
      await lab.apply(change(undefined, [two]));
      const before = await pullAll(lab, releaseRepositories);
      await lab.apply(change([two], [one]));
      expect((await pullAll(lab, releaseRepositories)).size).toBe(8);
      const report = await restore(lab.settings(), { undo: 'last' }, quiet);
      expect(report).toMatchObject({ done: 8, total: 8, imageFailures: [] });
      expect(await pullAll(lab, releaseRepositories)).toEqual(before);
      const checked = await verify(lab.settings(), quiet);
      expect(checked).toMatchObject({ done: 16, total: 16, imageFailures: [] });
    },
  );

  it('is looked at first, and a second restore finds nothing to do', async () => {
    const { lab, two, one } = await makeTwoTags();
    await mirrorAll(lab, two);
    await lab.apply(change([two], [one]));
    const look = await restore(lab.settings(), { undo: 'last', isDryRun: true }, quiet);
    expect(look).toMatchObject({ done: 1, total: 1, changed: 0 });
    await expect(pull(repositoryOf(lab, lab.target, 'team/app'), 'v1')).rejects.toThrow();
    expect(await restore(lab.settings(), { undo: 'last' }, quiet)).toMatchObject({ changed: 1 });
    expect(await restore(lab.settings(), { undo: 'last' }, quiet)).toMatchObject({
      changed: 0,
      isIdle: true,
      notes: ['Nothing to restore: everything that this apply removed is there (1 image).'],
    });
  });

  it('stands in the history with its counts and its starter', async () => {
    const { lab, two, one } = await makeTwoTags();
    const settings = { env: { GITHUB_ACTOR: 'erika' } };
    await mirrorAll(lab, two);
    const by = 'pull request #7';
    await lab.apply(change([two], [one]), settings, async ({ digest }) => ({
      require: 'deletes',
      reviewed: [{ digest, by }],
    }));
    expect(await history(lab.settings())).toMatchObject([
      {
        name: '2',
        actor: 'erika',
        reviews: [by],
        canUndo: true,
        counts: { mirrored: 0, deleted: 1, failed: 0 },
      },
      { name: '1', canUndo: false, counts: { mirrored: 2, deleted: 0 } },
    ]);
  });

  it('is known by its number, the last one or an older one', async () => {
    const lab = await makeImageLab();
    const names: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      names.push(`${await publish(lab, `team/${name}`, makeImage({ seed: name }), 'v1')}:v1`);
    }
    const [three, two, one] = [3, 2, 1].map((count) => imagesConfig(names.slice(0, count)));
    if (!three || !two || !one) throw new Error('three files');
    await mirrorAll(lab, three);
    const first = await lab.apply(change([three], [two]));
    const second = await lab.apply(change([two], [one]));
    expect(second.applied?.result.run).not.toBe(first.applied?.result.run);
    await restore(lab.settings(), { undo: first.applied?.result.run ?? 0 }, quiet);
    await pull(repositoryOf(lab, lab.target, 'team/c'), 'v1');
    await expect(pull(repositoryOf(lab, lab.target, 'team/b'), 'v1')).rejects.toThrow();
    await restore(lab.settings(), { undo: 'last' }, quiet);
    await pull(repositoryOf(lab, lab.target, 'team/b'), 'v1');
  });

  it('does not take a tag from what somebody put there since', async () => {
    const lab = await makeImageLab();
    const [old, kept, other] = ['old', 'kept', 'other'].map((seed) => makeImage({ seed }));
    if (!old || !kept || !other) throw new Error('three images');
    const name = await publish(lab, 'team/app', old, 'v1');
    await publish(lab, 'team/app', kept, 'v2');
    const [two, one] = [imagesConfig([`${name}:v1`, `${name}:v2`]), imagesConfig([`${name}:v2`])];
    await mirrorAll(lab, two);
    await lab.apply(change([two], [one]));
    const app = repositoryOf(lab, lab.target, 'team/app');
    await put(app, other, 'v1');
    const report = await restore(lab.settings(), { undo: 'last' }, quiet);
    expect(report).toMatchObject({ done: 0, imageFailures: [{ origin: 'team/app:v1' }] });
    expect(await pull(app, 'v1')).toBe(digestOfImage(other));
  });

  it('says so when the registry has collected what was deleted', async () => {
    const { lab, two, one } = await makeTwoTags();
    await mirrorAll(lab, two);
    await lab.apply(change([two], [one]));
    collectGarbage(lab.to.store);
    const report = await restore(lab.settings(), { undo: 'last' }, quiet);
    expect(report).toMatchObject({ done: 0, total: 1, imageFailures: [{ side: 'target' }] });
    expect(await repositoryOf(lab, lab.target, 'team/app').tags.list()).toEqual(['v2']);
    // The advice of its hint helps.
    await mirrorAll(lab, two);
    await pull(repositoryOf(lab, lab.target, 'team/app'), 'v1');
  });
});

describe('a check of what was mirrored', () => {
  const image = makeImage({ seed: 'app' });
  const index = makeIndex([makeImage({ seed: 'one' }), makeImage({ seed: 'two' })]);

  async function makeDamagedLab() {
    const lab = await makeImageLab();
    const app = await publish(lab, 'team/app', image, 'v1');
    const multi = await publish(lab, 'team/multi', index, 'v1');
    const file = imagesConfig([`${app}:v1`, `${multi}:v1`]);
    await mirrorAll(lab, file);
    const [first, second] = ['team/app', 'team/multi'].map((name) => lab.to.store.get(name));
    if (!first || !second) throw new Error('nothing was mirrored');
    const found = async () => (await verify(lab.settings(), quiet)).imageFailures;
    expect(await found()).toEqual([]);
    return { lab, file, app: first, multi: second, found };
  }

  it('finds a tag that is gone, and the next apply brings it back', async () => {
    const { lab, file, app, found } = await makeDamagedLab();
    app.tags.delete('v1');
    expect(await found()).toMatchObject([{ origin: 'team/app:v1', message: 'the tag is gone' }]);
    await mirrorAll(lab, file);
    expect(await found()).toEqual([]);
  });

  it('finds a blob that is gone, and its hint helps', async () => {
    const { lab, app, found } = await makeDamagedLab();
    app.blobs.delete(image.blobs[1]?.descriptor.digest ?? '');
    const [damage] = await found();
    expect(damage?.message).toContain(image.blobs[1]?.descriptor.digest);
    expect(damage?.hint).toContain('Run "verify" with "repair"');
    await verify(lab.settings(), quiet, { repairs: true });
    expect(await found()).toEqual([]);
  });

  it('finds one image of an index that is gone, and its hint helps', async () => {
    const { lab, multi, found } = await makeDamagedLab();
    const [child] = index.children;
    multi.manifests.delete(child ? digestOfImage(child) : '');
    const [damage] = await found();
    expect(damage).toMatchObject({ origin: 'team/multi:v1' });
    expect(damage?.hint).toContain('Run "verify" with "repair"');
    await verify(lab.settings(), quiet, { repairs: true });
    expect(await found()).toEqual([]);
  });

  it('finds a tag that names something else', async () => {
    const { app, found } = await makeDamagedLab();
    const other = makeImage({ seed: 'other' });
    const { digest, mediaType } = other.manifest.descriptor;
    app.manifests.set(digest, { mediaType, bytes: other.manifest.raw });
    app.tags.set('v1', digest);
    expect(await found()).toMatchObject([
      { origin: 'team/app:v1', message: `the tag names another image, ${digest}` },
    ]);
  });

  it('was recorded although no list of tags could be read after its deletes', async () => {
    const lab = await makeImageLab();
    const { fake } = lab.target;
    const name = await publish(lab, 'team/app', makeImage({ seed: 'old' }), 'v1');
    await publish(lab, 'team/app', makeImage({ seed: 'kept' }), 'v2');
    const [two, one] = [imagesConfig([`${name}:v1`, `${name}:v2`]), imagesConfig([`${name}:v2`])];
    await mirrorAll(lab, two);
    // The list is cut after its first tag: its next page is not there.
    const headers = { link: '</v2/team/app/tags/list?page=2>; rel="next"' };
    const body = '{"name":"team/app","tags":["v2"]}';
    fake?.faults.add(
      { path: /team\/app\/tags\/list\?page/, status: 404, times: 99 },
      { path: /team\/app\/tags\/list$/, status: 200, headers, body, times: 99 },
    );
    const { applied } = await lab.apply(change([two], [one]));
    expect(applied?.result.status).toBe('applied');
    fake?.faults.clear();
    const app = repositoryOf(lab, lab.target, 'team/app');
    expect(await app.tags.list()).toEqual(['v2']);
    const report = await restore(lab.settings(), { undo: 'last' }, quiet);
    expect(report).toMatchObject({ done: 1, total: 1, imageFailures: [] });
    await pull(app, 'v1');
  });

  it('is found as the last one although it ended before it was recorded', async () => {
    const lab = await makeImageLab();
    const { fake } = lab.target;
    const name = await publish(lab, 'team/app', makeImage({ seed: 'old' }), 'v1');
    await publish(lab, 'team/app', makeImage({ seed: 'kept' }), 'v2');
    const [two, one] = [imagesConfig([`${name}:v1`, `${name}:v2`]), imagesConfig([`${name}:v2`])];
    await mirrorAll(lab, two);
    // The target takes the run's announcement before the deletes, and refuses its record after them.
    const path = /imageset-mirror\/state\/manifests\/entry-/;
    fake?.faults.add({ method: 'PUT', path, status: 403, after: 1, times: 99 });
    await expect(lab.apply(change([two], [one]))).rejects.toThrow(/state/);
    fake?.faults.clear();
    const report = await restore(lab.settings(), { undo: 'last' }, quiet);
    expect(report).toMatchObject({ done: 1, total: 1, imageFailures: [] });
    await pull(repositoryOf(lab, lab.target, 'team/app'), 'v1');
  });
});

describe('a check of the target', () => {
  async function makeMirror() {
    const lab = await makeImageLab();
    const image = makeImage({ seed: 'app' });
    const name = await publish(lab, 'team/app', image, 'v1');
    await mirrorAll(lab, imagesConfig([`${name}:v1`]));
    return { lab, image };
  }

  it('asks for tags alone, or for every blob', async () => {
    const { lab, image } = await makeMirror();
    const stored = ensureRepository(lab.to.store, 'team/app');
    for (const { descriptor } of image.blobs) stored.blobs.delete(descriptor.digest);
    const tags = await verify(lab.settings({ verifyDepth: 'tags' }), quiet);
    expect(tags).toMatchObject({ done: 1, imageFailures: [] });
    const blobs = await verify(lab.settings({ verifyDepth: 'blobs' }), quiet);
    expect(blobs.imageFailures).toMatchObject([{ origin: 'team/app:v1' }]);
  });

  it('names tags that somebody else put next to the images', async () => {
    const { lab } = await makeMirror();
    await put(repositoryOf(lab, lab.target, 'team/app'), makeImage({ seed: 'other' }), 'by-hand');
    const { notes } = await verify(lab.settings(), quiet);
    expect(notes).toEqual([
      'Foreign: this tool did not put these tags next to its images: team/app:by-hand.',
    ]);
  });
});
