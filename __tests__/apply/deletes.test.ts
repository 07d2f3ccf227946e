import { describe, expect, it } from 'vitest';
import { ensureRepository } from '../../src/fake-registry/index.ts';
import { linesOf } from '../mirror/scene.ts';
import { effort } from '../support/effort.ts';
import { makeImage, makeIndex, pushTo, type TestImage } from '../support/images.ts';
import { change, imagesConfig, type LabOptions, makeLab } from '../support/lab.ts';
import { brokenTags } from '../support/whole.ts';

const digestOf = ({ manifest }: TestImage) => manifest.descriptor.digest;
const imageOf = (seed: string) => makeImage({ seed });

/** A lab whose source has these images as tags of `team/app`, all of them mirrored. */
async function makeApp(images: Readonly<Record<string, TestImage>>, options: LabOptions = {}) {
  const lab = await makeLab({ ...options, upstream: { components: 1, channels: {} } });
  const [source, target] = [lab.source.fake, lab.target.fake];
  if (!source || !target) throw new Error('no registries of this process');
  for (const [tag, image] of Object.entries(images)) pushTo(source.store, 'team/app', tag, image);
  const of = (...tags: readonly string[]) =>
    imagesConfig(tags.map((tag) => `${lab.source.host}/team/app:${tag}`));
  await lab.mirror([of(...Object.keys(images))]);
  target.log.clear();
  return {
    lab,
    target,
    of,
    stored: ensureRepository(target.store, 'team/app'),
    /** Applies a change to these tags, from whatever was applied last. */
    keepOnly: async (...tags: readonly string[]) => {
      const { applied } = await lab.apply(change(undefined, [of(...tags)]));
      if (!applied) throw new Error('nothing was applied');
      return applied.result;
    },
  };
}

type App = Awaited<ReturnType<typeof makeApp>>;

const outcomesOf = ({ outcomes }: Awaited<ReturnType<App['keepOnly']>>) =>
  outcomes.map(({ change: { tag }, result }) => `${tag} ${result}`).sort();

describe('tags that another client sets while manifests are deleted', () => {
  const tags = Array.from({ length: 12 }, (_, number) => `v${number}`);
  const images = Object.fromEntries(tags.map((tag) => [tag, imageOf(tag)]));

  it('are all there afterwards: what they name is held', async () => {
    const app = await makeApp({ ...images, stays: imageOf('stays') });
    const { target, stored } = app;
    const set: string[] = [];
    target.log.watch(({ method, path }) => {
      if (method !== 'DELETE' || !path.includes('team/app')) return;
      // Somebody tags whatever is still there, after each delete.
      const [digest] = [...stored.manifests.keys()].filter(
        (one) => one !== digestOf(imageOf('stays')),
      );
      if (digest === undefined) return;
      set.push(`mine-${set.length}`);
      stored.tags.set(`mine-${set.length - 1}`, digest);
    });
    const result = await app.keepOnly('stays');
    expect(set.length).toBeGreaterThan(3);
    expect([...stored.tags.keys()].filter((tag) => tag.startsWith('mine'))).toEqual(set);
    expect(brokenTags(target.store)).toEqual([]);
    const held = result.outcomes.filter((outcome) => outcome.result === 'held');
    expect(held).not.toEqual([]);
    for (const outcome of held) {
      expect(outcome).toMatchObject({ again: true, detail: expect.stringMatching(/the tag mine/) });
    }
  });

  it('are put back when they name what has just gone, and the result tells', async () => {
    const app = await makeApp({ ...images, stays: imageOf('stays') });
    const { target, stored } = app;
    let set = 0;
    target.log.watch(({ method, path }) => {
      const digest = /team\/app\/manifests\/(sha256:.*)$/.exec(path)?.[1];
      if (method !== 'DELETE' || digest === undefined) return;
      // A registry that looks for the tags of a manifest before it removes it: this one comes in between.
      stored.tags.set(`mine-${set}`, digest);
      set += 1;
    });
    const result = await app.keepOnly('stays');
    expect(set).toBe(12);
    expect([...stored.tags.keys()].filter((tag) => tag.startsWith('mine'))).toHaveLength(12);
    expect(brokenTags(target.store)).toEqual([]);
    expect(result.notes).toHaveLength(12);
    expect(result.notes[0]).toMatch(/Somebody set team\/app:mine-0 .*put back/);
  });

  it('keep an index above what would go', async () => {
    const app = await makeApp({ v1: imageOf('v1'), v2: imageOf('v2'), stays: imageOf('stays') });
    const { target, stored } = app;
    target.log.watch(({ method, path }) => {
      if (method !== 'PUT' || !path.includes('/manifests/undo-')) return;
      pushTo(target.store, 'team/app', 'all', makeIndex([imageOf('v1'), imageOf('v2')]));
    });
    expect(outcomesOf(await app.keepOnly('stays'))).toEqual(['v1 held', 'v2 held']);
    expect([...stored.tags.keys()].sort()).toEqual(['all', 'stays', 'v1', 'v2']);
    expect(brokenTags(target.store)).toEqual([]);
  });
});

describe('an index and its children that go in one plan', () => {
  const [b, c] = [imageOf('b'), imageOf('c')];
  const images = { t1: imageOf('a'), t2: b, t3: makeIndex([b, c]) };

  it('go in this order: the index, then what it has', async () => {
    const app = await makeApp(images);
    expect(outcomesOf(await app.keepOnly('t1'))).toEqual(['t2 done', 't3 done']);
    const deleted = app.target.log.entries.flatMap(({ method, path }) =>
      method === 'DELETE' && path.includes('team/app') ? [path.slice(path.indexOf('sha256'))] : [],
    );
    expect(deleted[0]).toBe(digestOf(images.t3));
    expect(deleted.slice(1).sort()).toEqual([b, c].map(digestOf).sort());
    expect([...app.stored.manifests.keys()]).toEqual([digestOf(images.t1)]);
  });

  it('stay whole when the index cannot be deleted, and go with the next run', async () => {
    const app = await makeApp(images);
    const path = new RegExp(digestOf(images.t3));
    app.target.faults.add({ method: 'DELETE', path, status: 403, times: 99 });
    const failed = await app.keepOnly('t1');
    expect(outcomesOf(failed)).toEqual(['t2 held', 't3 failed']);
    expect(failed.status).not.toBe('applied');
    expect(brokenTags(app.target.store)).toEqual([]);
    app.target.faults.clear();
    expect(outcomesOf(await app.keepOnly('t1'))).toEqual(['t2 done', 't3 done']);
    expect([...app.stored.manifests.keys()]).toEqual([digestOf(images.t1)]);
  });

  it('are mirrored whole again when a run before this tool knew better left half of one', async () => {
    const app = await makeApp(images);
    await app.keepOnly('t1', 't2');
    pushTo(app.target.store, 'team/app', 't3', images.t3);
    app.stored.manifests.delete(digestOf(c));
    expect(brokenTags(app.target.store)).not.toEqual([]);
    await app.lab.mirror([app.of('t1', 't2', 't3')]);
    expect(brokenTags(app.target.store)).toEqual([]);
  });

  it.each([0, 1, 2])('are never half there when the run ends after %i deletes', async (count) => {
    const app = await makeApp(images);
    const controller = new AbortController();
    app.target.log.watch(({ method, path }) => {
      const isDelete = (one: { method: string; path: string }) =>
        one.method === 'DELETE' && one.path.includes('team/app');
      const deletes = app.target.log.entries.filter(isDelete).length;
      if (isDelete({ method, path }) ? deletes === count : count === 0) controller.abort();
    });
    await app.lab
      .apply(change(undefined, [app.of('t1')]), { signal: controller.signal })
      .catch(() => {});
    expect(brokenTags(app.target.store)).toEqual([]);
  });
});

describe('one bad answer', () => {
  const images = { t1: imageOf('a'), t2: imageOf('b'), t3: imageOf('c') };

  it.each([
    ['404 to the list of tags', { path: /team\/app\/tags\/list/, status: 404 }],
    ['404 to a tag', { method: 'HEAD', path: /team\/app\/manifests\/t2/, status: 404 }],
    ['404 to a digest', { method: 'HEAD', path: /team\/app\/manifests\/sha256/, status: 404 }],
    ['404 to a delete', { method: 'DELETE', path: /team\/app/, status: 404 }],
    ['no list of tags', { path: /team\/app\/tags\/list/, status: 200, body: '{"a":1}' }],
  ])('(%s) makes no removal forgotten', async (_, fault) => {
    for (const after of effort.some([0, 1, 2, 3, 4, 5, 6], 2)) {
      const app = await makeApp(images);
      app.target.faults.add({ ...fault, after });
      await app.lab.apply(change(undefined, [app.of('t1')])).catch(() => {});
      app.target.faults.clear();
      await app.keepOnly('t1');
      expect([...app.stored.tags.keys()], `after ${after}`).toEqual(['t1']);
      expect([...app.stored.manifests.keys()]).toEqual([digestOf(images.t1)]);
    }
  });
});

describe('a manifest that cannot be read', () => {
  it('holds its removal, and every later plan says so until it can', async () => {
    const images = { t1: imageOf('a'), t2: makeIndex([imageOf('b')]) };
    const app = await makeApp(images);
    const kept = app.stored.manifests.get(digestOf(images.t2));
    const broken = { mediaType: kept?.mediaType ?? '', bytes: Buffer.from('{"no":"manifest"}') };
    app.stored.manifests.set(digestOf(images.t2), broken);
    // The cache of another machine knows nothing of it.
    const changes = (count: number) => ({ workspace: `${app.lab.workspace}-${count}` });
    for (const count of [1, 2]) {
      const request = change(undefined, [app.of('t1')]);
      const { planned } = await app.lab.apply(request, changes(count));
      const held = planned.plan?.changes.filter(({ action }) => action === 'hold');
      expect(held).toMatchObject([{ tag: 't2', reason: 'unreadable' }]);
    }
    if (kept) app.stored.manifests.set(digestOf(images.t2), kept);
    expect(outcomesOf(await app.keepOnly('t1'))).toEqual(['t2 done']);
    expect(linesOf(app.target)).toContain('DELETE team/app manifests/@');
  });
});
