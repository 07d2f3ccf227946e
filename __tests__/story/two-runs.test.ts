import { describe, expect, it } from 'vitest';
import { restore, verify } from '../../src/run/index.ts';
import { effort } from '../support/effort.ts';
import { makeImage, makeIndex, type TestImage } from '../support/images.ts';
import { change, imagesConfig } from '../support/lab.ts';
import { pull, repositoryOf } from './hands.ts';
import { type ImageLab, makeImageLab, publish } from './image-lab.ts';

const quiet = (): void => {};
const all = { prune: 'removed', maxDelete: { share: 1 }, protect: [] } as const;
const imageOf = (seed: string) => makeImage({ seed });

/** A lab whose source has images as `team/app:<tag>`, and image sets of such tags under a name. */
async function makeScene(images: Readonly<Record<string, TestImage>>) {
  const lab = await makeImageLab();
  for (const [tag, image] of Object.entries(images)) await publish(lab, 'team/app', image, tag);
  const wish = (name: string, ...tags: readonly string[]) =>
    imagesConfig(
      tags.map((tag) => `${lab.source.host}/team/app:${tag}`),
      name,
    );
  const applying = (before: readonly ReturnType<typeof wish>[], after: ReturnType<typeof wish>) =>
    lab.apply(change(before, [after]), { options: all });
  return { lab, wish, applying };
}

/** Starts something when the target has answered a request. */
function onRequest(lab: ImageLab, pattern: RegExp, start: () => Promise<unknown>) {
  let begun: Promise<unknown> | undefined;
  lab.to.log.watch(({ method, path }) => {
    if (begun === undefined && pattern.test(`${method} ${path}`)) begun = start();
  });
  return {
    async end() {
      expect(begun).toBeDefined();
      return await begun;
    },
  };
}

/** Checks that every tag pulls whole from the target, and that the state says so too. */
async function expectWhole(lab: ImageLab, ...tags: readonly string[]): Promise<void> {
  for (const tag of tags) await pull(repositoryOf(lab, lab.target, 'team/app'), tag);
  const { total, imageFailures } = await verify(lab.settings(), quiet);
  expect({ total, imageFailures }).toEqual({ total: tags.length, imageFailures: [] });
}

describe('a delete next to a mirror', () => {
  const images = { v1: imageOf('one'), v2: imageOf('two'), v3: imageOf('three') };

  it('leaves what a mirror that began before it places, and says for whom', async () => {
    const { lab, wish, applying } = await makeScene(images);
    const [both, one] = [wish('a.yaml', 'v1', 'v2'), wish('a.yaml', 'v2')];
    await lab.mirror([both]);
    const deleting = onRequest(lab, /PUT .*team\/app\/manifests\/v3$/, () => applying([both], one));
    await lab.mirror([wish('b.yaml', 'v1', 'v3')]);
    await deleting.end();
    await expectWhole(lab, 'v1', 'v2', 'v3');
  });

  it('is waited for by a mirror that begins while it goes on', async () => {
    const { lab, wish, applying } = await makeScene(images);
    const [both, one] = [wish('a.yaml', 'v1', 'v2'), wish('a.yaml', 'v2')];
    await lab.mirror([both]);
    // The undo record is the last that is written before the first delete.
    const mirroring = onRequest(lab, /PUT .*manifests\/undo-/, () =>
      lab.mirror([wish('b.yaml', 'v1', 'v3')]),
    );
    await applying([both], one);
    expect(await mirroring.end()).toMatchObject({ imageFailures: [] });
    await expectWhole(lab, 'v1', 'v2', 'v3');
  });

  it('gives back what a run began to want without moving anything', async () => {
    const { lab, wish, applying } = await makeScene(images);
    const [both, one] = [wish('a.yaml', 'v1', 'v2'), wish('a.yaml', 'v2')];
    await lab.mirror([both]);
    const wanting = onRequest(lab, /PUT .*manifests\/undo-/, () =>
      lab.mirror([wish('b.yaml', 'v1')]),
    );
    await applying([both], one);
    expect(await wanting.end()).toMatchObject({ imageFailures: [] });
    await expectWhole(lab, 'v1', 'v2');
  });

  it('spares a child of an index that another run brings', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map(imageOf) as [TestImage, TestImage, TestImage];
    const { lab, wish, applying } = await makeScene({
      i1: makeIndex([a, b]),
      i2: makeIndex([b, c]),
      v2: imageOf('two'),
    });
    const [both, one] = [wish('a.yaml', 'i1', 'v2'), wish('a.yaml', 'v2')];
    await lab.mirror([both]);
    const mirroring = onRequest(lab, /PUT .*manifests\/undo-/, () =>
      lab.mirror([wish('b.yaml', 'i2')]),
    );
    await applying([both], one);
    expect(await mirroring.end()).toMatchObject({ imageFailures: [] });
    await expectWhole(lab, 'i2', 'v2');
  });

  it('loses nothing that is wanted, whenever the other begins', async () => {
    const moments = Array.from({ length: 14 }, (_, nth) => 1 + 3 * nth);
    for (const at of effort.some(moments, 3)) {
      const { lab, wish, applying } = await makeScene(images);
      const [both, one] = [wish('a.yaml', 'v1', 'v2'), wish('a.yaml', 'v2')];
      await lab.mirror([both]);
      let left = at;
      let mirroring: Promise<unknown> | undefined;
      lab.to.log.watch(() => {
        left -= 1;
        if (left === 0) mirroring ??= lab.mirror([wish('b.yaml', 'v1', 'v3')]);
      });
      await applying([both], one);
      await (mirroring ?? lab.mirror([wish('b.yaml', 'v1', 'v3')]));
      await expectWhole(lab, 'v1', 'v2', 'v3');
    }
  }, 120_000);
});

describe('two applies that delete at the same time', () => {
  it('may share a number and never an undo record: each is named in full', async () => {
    const { lab, wish, applying } = await makeScene({
      v1: imageOf('one'),
      v2: imageOf('two'),
      v3: imageOf('three'),
      v4: imageOf('four'),
    });
    const files = [wish('a.yaml', 'v1', 'v3'), wish('b.yaml', 'v2', 'v4')] as const;
    await lab.mirror([files[0]]);
    await lab.mirror([files[1]]);
    const runs = await Promise.all([
      applying([files[0]], wish('a.yaml', 'v3')),
      applying([files[1]], wish('b.yaml', 'v4')),
    ]);
    expect(runs.map(({ applied }) => applied?.result.run)).toEqual([3, 3]);
    const refused = await restore(lab.settings(), { undo: 3 }, quiet).catch(
      (thrown: Error) => thrown,
    );
    expect(refused).toMatchObject({ code: 'PLAN_UNAPPLYABLE' });
    const names = [...(refused as Error).message.matchAll(/3-([0-9a-f]{16})/g)];
    expect(names).toHaveLength(2);
    for (const [, token = ''] of names) {
      expect(await restore(lab.settings(), { undo: { id: 3, token } }, quiet)).toMatchObject({
        done: 1,
      });
    }
    await expectWhole(lab, 'v1', 'v2', 'v3', 'v4');
  });
});

describe('two mirrors at the same time', () => {
  it('into an empty target both come to be known, whatever the order of their requests', async () => {
    for (let round = 0; round < effort.runs(5); round += 1) {
      const { lab, wish } = await makeScene({ v1: imageOf('one'), v2: imageOf('two') });
      await Promise.all([lab.mirror([wish('a.yaml', 'v1')]), lab.mirror([wish('b.yaml', 'v2')])]);
      await expectWhole(lab, 'v1', 'v2');
      const { plan } = await lab.plan(change([], [wish('c.yaml', 'v2')]), {
        options: { ...all, prune: 'stale' },
      });
      expect(plan?.totals).toMatchObject({ delete: 0, untag: 0 });
    }
  }, 60_000);
});

it('A run that changes nothing sends no write and at most seven requests', async () => {
  const { lab, wish } = await makeScene({ v1: imageOf('one') });
  const file = wish('a.yaml', 'v1');
  await lab.mirror([file]);
  lab.to.log.clear();
  await lab.mirror([file]);
  expect(lab.to.log.writes()).toEqual([]);
  expect(lab.to.log.entries.length).toBeLessThanOrEqual(6);
});
