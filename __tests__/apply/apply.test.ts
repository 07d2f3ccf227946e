import { describe, expect, it } from 'vitest';
import { ensureRepository, type FakeRegistry } from '../../src/fake-registry/index.ts';
import { restore } from '../../src/run/index.ts';
import { linesOf } from '../mirror/scene.ts';
import { makeImage, makeIndex, pushTo, type TestImage } from '../support/images.ts';
import { change, imagesConfig, type Lab, type LabOptions, makeLab } from '../support/lab.ts';
import { tagsOf } from '../support/whole.ts';

const [one, two, three] = ['one', 'two', 'three'].map((seed) => makeImage({ seed }));
if (!one || !two || !three) throw new Error('no images');
const digestOf = ({ manifest }: TestImage) => manifest.descriptor.digest;

/** A lab whose source has these images as tags of `team/app`. */
async function makeApp(images: Readonly<Record<string, TestImage>>, options: LabOptions = {}) {
  const lab = await makeLab({ ...options, upstream: { components: 1 } });
  const [source, target] = [lab.source.fake, lab.target.fake];
  if (!source || !target) throw new Error('no registries of this process');
  for (const [tag, image] of Object.entries(images)) pushTo(source.store, 'team/app', tag, image);
  return { lab, source, target, stored: () => ensureRepository(target.store, 'team/app') };
}

/** An image set of tags of `team/app`. */
const tags = ({ source }: Lab, ...wanted: readonly string[]) =>
  imagesConfig(wanted.map((tag) => `${source.host}/team/app:${tag}`));

const stateWrites = (fake: FakeRegistry) =>
  linesOf(fake).filter((line) => line.startsWith('PUT imageset-mirror/state manifests/entry-'))
    .length;

describe('an apply', () => {
  it('mirrors, verifies, stores what goes, deletes, and writes the state last', async () => {
    const { lab, target, stored } = await makeApp({ v1: one, v2: two });
    await lab.mirror([tags(lab, 'v1')]);
    target.log.clear();
    lab.events.splice(0);
    const { applied } = await lab.apply(change([tags(lab, 'v1')], [tags(lab, 'v2')]));
    expect(applied?.result).toMatchObject({ status: 'applied', verified: 1, notes: [] });
    const file = JSON.parse(applied?.files.get('result.json') ?? '{}');
    expect(file).toMatchObject({
      outcome: 'applied',
      outcomes: [{ result: 'done' }, { result: 'done' }],
    });
    expect([...stored().tags]).toEqual([['v2', digestOf(two)]]);
    const deeds = linesOf(target).filter((line) => /(PUT .*manifests\/[^@]|DELETE)/.test(line));
    expect(deeds.map((line) => line.replace(/\d{10}-[0-9a-f]{16}/, 'ID'))).toEqual([
      'PUT imageset-mirror/state manifests/entry-ID',
      'PUT team/app manifests/v2',
      'PUT imageset-mirror/state manifests/entry-ID',
      'PUT imageset-mirror/state manifests/undo-ID',
      'DELETE team/app manifests/@',
      'PUT imageset-mirror/state manifests/entry-ID',
      'PUT imageset-mirror/state manifests/default',
      ...Array(3).fill('DELETE imageset-mirror/state manifests/entry-ID'),
    ]);
    const phases = lab.events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []));
    expect(phases).toEqual(['mirror', 'verify', 'delete', 'done']);
  });

  it('of nothing writes nothing, and counts what is kept as verified', async () => {
    const { lab, target } = await makeApp({ v1: one });
    await lab.mirror([tags(lab, 'v1')]);
    await lab.apply(change([tags(lab, 'v1')], [tags(lab, 'v1')]));
    target.log.clear();
    const { applied } = await lab.apply(change([tags(lab, 'v1')], [tags(lab, 'v1')]));
    expect(applied?.result).toMatchObject({ status: 'nothing', outcomes: [], verified: 1 });
    expect(applied?.result.run).toBeUndefined();
    expect(target.log.writes()).toEqual([]);
  });

  it('of which an image fails deletes nothing, is partial, and the next one catches up', async () => {
    const { lab, source, target, stored } = await makeApp({ v1: one, v2: two, v3: three });
    await lab.mirror([tags(lab, 'v1')]);
    const wish = change(undefined, [tags(lab, 'v2', 'v3')]);
    const [, layer] = two.blobs;
    source.faults.add({ path: new RegExp(layer?.descriptor.digest ?? ''), status: 403, times: 9 });
    const first = await lab.apply(wish);
    expect(first.applied?.result.status).toBe('partial');
    expect(
      first.applied?.result.outcomes
        .map(({ result, change: { tag } }) => `${tag} ${result}`)
        .sort(),
    ).toEqual(['v1 skipped', 'v2 failed', 'v3 done']);
    expect([...stored().tags.keys()].sort()).toEqual(['v1', 'v3']);
    source.faults.clear();
    target.log.clear();
    // The base is what was applied as a whole last, and not what the failed run wanted.
    const second = await lab.apply(wish);
    expect(second.applied?.result.status).toBe('applied');
    expect([...stored().tags.keys()].sort()).toEqual(['v2', 'v3']);
    expect(linesOf(target)).not.toContain('PUT team/app manifests/v3');
  });

  it('that can do nothing has failed, and forgets that it was begun', async () => {
    const { lab, source, target } = await makeApp({ v1: one });
    source.faults.add({ path: /blobs/, status: 403, times: 99 });
    const { applied } = await lab.apply(change([], [tags(lab, 'v1')]));
    expect(applied?.result).toMatchObject({ status: 'failed', verified: 0 });
    expect(stateWrites(target)).toBe(2);
    source.faults.clear();
    const again = await lab.apply(change([], [tags(lab, 'v1')]));
    expect(again.applied?.result).toMatchObject({ status: 'applied', notes: [] });
  });

  it('holds a removal when somebody tagged the image while it mirrored', async () => {
    const { lab, target, stored } = await makeApp({ v1: one, v2: two });
    await lab.mirror([tags(lab, 'v1')]);
    target.log.watch(({ method, path }) => {
      if (method === 'PUT' && path.endsWith('/manifests/v2'))
        stored().tags.set('mine', digestOf(one));
    });
    const { applied } = await lab.apply(change([tags(lab, 'v1')], [tags(lab, 'v2')]));
    expect(applied?.result.outcomes).toContainEqual(
      expect.objectContaining({
        result: 'held',
        detail: expect.stringContaining('the target changed meanwhile'),
      }),
    );
    expect([...stored().tags].sort()).toEqual([
      ['mine', digestOf(one)],
      ['v1', digestOf(one)],
      ['v2', digestOf(two)],
    ]);
  });

  it('deletes an index with the children that nothing else needs', async () => {
    const { lab, stored } = await makeApp({
      v1: makeIndex([one, two]),
      v2: makeIndex([two, three]),
    });
    await lab.mirror([tags(lab, 'v1', 'v2')]);
    await lab.apply(change([tags(lab, 'v1', 'v2')], [tags(lab, 'v2')]));
    const { manifests } = stored();
    expect([one, two, three].map((image) => manifests.has(digestOf(image)))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('adopts what another tool put there, and deletes it when it goes', async () => {
    const { lab, target, stored } = await makeApp({ v1: one, v2: two });
    for (const [tag, image] of [
      ['v1', one],
      ['v2', two],
    ] as const) {
      pushTo(target.store, 'team/app', tag, image);
    }
    const adopted = await lab.apply(change([], [tags(lab, 'v1', 'v2')]));
    expect(adopted.planned.plan?.changes.map(({ reason }) => reason)).toEqual([
      'adopted',
      'adopted',
    ]);
    expect(stateWrites(target)).toBe(1);
    await lab.apply(change(undefined, [tags(lab, 'v2')]));
    expect([...stored().tags]).toEqual([['v2', digestOf(two)]]);
  });
});

describe('a registry that takes an image along with its tag', () => {
  it('gets back at once what was to stay, and the run says so', async () => {
    const { lab, target, stored } = await makeApp(
      { v1: one, v2: one },
      { target: { tagDelete: 'greedy' } },
    );
    await lab.mirror([tags(lab, 'v1', 'v2')]);
    const { applied } = await lab.apply(change([tags(lab, 'v1', 'v2')], [tags(lab, 'v2')]));
    expect(applied?.result.notes).toEqual([
      'The registry removed team/app:v2 together with another tag of the same image; it was put back.',
    ]);
    expect([...stored().tags]).toEqual([['v2', digestOf(one)]]);
    expect(Object.keys(tagsOf(target))).toEqual(['team/app:v2']);
  });
});

describe('what an apply deleted', () => {
  it('is put back by its number, and known again', async () => {
    const { lab, stored } = await makeApp({ v1: one, v2: two });
    await lab.mirror([tags(lab, 'v1', 'v2')]);
    await lab.apply(change([tags(lab, 'v1', 'v2')], [tags(lab, 'v2')]));
    const report = await restore(lab.settings(), { undo: 'last' }, () => {});
    expect(report).toMatchObject({ done: 1, total: 1, imageFailures: [] });
    expect(stored().tags.get('v1')).toBe(digestOf(one));
    const stale = { prune: 'stale', maxDelete: { share: 1 }, protect: [] } as const;
    const { plan } = await lab.plan(change(undefined, [tags(lab, 'v2')]), { options: stale });
    expect(plan?.totals).toMatchObject({ delete: 1, keep: 1 });
  });

  it('cannot be asked for by a number under which nothing was deleted', async () => {
    const { lab } = await makeApp({ v1: one });
    await lab.mirror([tags(lab, 'v1')]);
    for (const undo of ['last', 1, 7] as const) {
      await expect(restore(lab.settings(), { undo }, () => {})).rejects.toMatchObject({
        code: 'PLAN_UNAPPLYABLE',
      });
    }
  });
});
