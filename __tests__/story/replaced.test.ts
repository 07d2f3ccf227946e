import { describe, expect, it } from 'vitest';
import { restore } from '../../src/run/index.ts';
import { makeImage, makeIndex, type TestImage } from '../support/images.ts';
import { change, imagesConfig } from '../support/lab.ts';
import { makeOperatorCatalog, operatorsConfig, publishCatalog } from '../support/operators.ts';
import { put, repositoryOf, retag } from './hands.ts';
import { digestOfImage, type ImageLab, makeImageLab, publish, pullTarget } from './image-lab.ts';

const [first, second] = [makeImage({ seed: 'first' }), makeImage({ seed: 'second' })];

/** An image whose tag has moved on upstream since it was mirrored. */
async function movedOn(images: readonly [TestImage, TestImage] = [first, second], lab?: ImageLab) {
  const world = lab ?? (await makeImageLab());
  const name = await publish(world, 'team/app', images[0], 'latest');
  const file = imagesConfig([`${name}:latest`]);
  await world.apply(change(undefined, [file]));
  await publish(world, 'team/app', images[1], 'latest');
  world.to.log.clear();
  return { lab: world, file, name };
}

const apply = (lab: ImageLab, file: ReturnType<typeof imagesConfig>, changes = {}) =>
  lab.apply(change([file], [file]), changes);

/** The digests that can be pulled from the target's repository. */
async function isThere(lab: ImageLab, image: TestImage, name = 'team/app'): Promise<boolean> {
  const { manifests } = repositoryOf(lab, lab.target, name);
  return (await manifests.resolve(digestOfImage(image))) !== undefined;
}

const replaced = {
  action: 'delete',
  reason: 'replaced',
  tag: 'latest',
  digest: digestOfImage(first),
  replacedBy: digestOfImage(second),
};

describe('what a tag named before', () => {
  it('goes after its tag names the new content, and only then', async () => {
    const { lab, file } = await movedOn();
    const { planned, applied } = await apply(lab, file);
    expect(planned.plan?.totals).toMatchObject({ delete: 1, retag: 1 });
    expect(planned.plan?.changes[0]).toMatchObject(replaced);
    expect(applied?.result.status).toBe('applied');
    const writes = lab.to.log.writes().map(({ method, path }) => `${method} ${path}`);
    const moved = writes.indexOf('PUT /v2/team/app/manifests/latest');
    const gone = writes.indexOf(`DELETE /v2/team/app/manifests/${digestOfImage(first)}`);
    expect(moved).toBeGreaterThanOrEqual(0);
    expect(gone).toBeGreaterThan(moved);
    expect(await isThere(lab, first)).toBe(false);
    expect(await pullTarget(lab, 'team/app', 'latest')).toBe(digestOfImage(second));
    lab.to.log.clear();
    expect((await apply(lab, file)).applied?.result.status).toBe('nothing');
    expect(lab.to.log.writes()).toEqual([]);
  });

  it('is said in every view, by its digest, and stands in no list of other tools', async () => {
    const { lab, file } = await movedOn();
    const { files } = await lab.plan(change([file], [file]));
    const short = (image: TestImage) => digestOfImage(image).slice(0, 19);
    const text = files.get('report.html') ?? '';
    expect(text).toContain(`team/app@${short(first)}`);
    expect(text).toContain(`replaced by <code>${short(second)}</code>`);
    expect(files.get('delete-images.yaml') ?? '').not.toContain('team/app');
    expect([...files.keys()]).not.toContain('delete-imageset-config.yaml');
  });

  it('is told with the move of its tag, not as an image that clusters lose', async () => {
    const { lab, file } = await movedOn();
    const summary = (await lab.plan(change([file], [file]))).files.get('summary.md') ?? '';
    expect(summary).toContain('**Moves 1 tag and deletes what it named: ');
    expect(summary).toContain('only what asks for it by its digest misses it.');
    expect(summary).not.toContain('Safe only if');
    expect(summary).not.toContain('cannot be started');
  });

  it.each([
    ['with prune: none', { prune: 'none' }, 0],
    ['where protect names it', { protect: ['team/app'] }, 1],
  ] as const)('stays %s', async (_, options, holds) => {
    const { lab, file } = await movedOn();
    const settings = { options: { ...lab.settings().options, ...options } };
    const { planned } = await apply(lab, file, settings);
    expect(planned.plan?.totals).toMatchObject({ delete: 0, hold: holds, retag: 1 });
    expect(await isThere(lab, first)).toBe(true);
  });

  it.each([
    [
      'a tag of somebody else',
      (lab: ImageLab) => retag(repositoryOf(lab, lab.target, 'team/app'), 'latest', 'mine'),
    ],
    [
      'an index of somebody else',
      (lab: ImageLab) => put(repositoryOf(lab, lab.target, 'team/app'), makeIndex([first]), 'mine'),
    ],
  ])('stays whole where %s needs it', async (_, share) => {
    const { lab, file } = await movedOn();
    await share(lab);
    const { planned } = await apply(lab, file);
    expect(planned.plan?.totals).toMatchObject({ delete: 0, retag: 1 });
    await pullTarget(lab, 'team/app', 'mine');
  });

  it('stays where another place of ours names it, and goes with the last of them', async () => {
    const lab = await makeImageLab();
    const name = await publish(lab, 'team/app', first, 'latest');
    const pin = `${name}@${digestOfImage(first)}\n      targetTag: pinned`;
    const two = imagesConfig([`${name}:latest`, pin]);
    await lab.apply(change(undefined, [two]));
    await publish(lab, 'team/app', second, 'latest');
    await apply(lab, two);
    expect(await pullTarget(lab, 'team/app', 'pinned')).toBe(digestOfImage(first));
    await lab.apply(change([two], [imagesConfig([`${name}:latest`])]));
    expect(await isThere(lab, first)).toBe(false);
  });

  it('takes along what only it needs, and leaves its children to the new one', async () => {
    const [amd64, arm64] = [makeImage({ seed: 'amd64' }), makeImage({ seed: 'arm64' })];
    const { lab, file } = await movedOn([makeIndex([amd64, arm64]), makeIndex([amd64])]);
    await apply(lab, file);
    expect(await isThere(lab, arm64)).toBe(false);
    await pullTarget(lab, 'team/app', 'latest');
  });

  it('does not count for max-delete: its place names another digest', async () => {
    const { lab, file } = await movedOn();
    const options = { ...lab.settings().options, maxDelete: { count: 0 } };
    const { applied, refusals } = await apply(lab, file, { options });
    expect(refusals).toEqual([]);
    expect(applied?.result.status).toBe('applied');
    expect(await isThere(lab, first)).toBe(false);
  });

  it('is put back by an undo under its digest, and its tag stays with the new one', async () => {
    const { lab, file } = await movedOn();
    await apply(lab, file);
    const report = await restore(lab.settings(), { undo: 'last' }, () => undefined);
    expect(report).toMatchObject({ done: 1, total: 1, imageFailures: [] });
    expect(await pullTarget(lab, 'team/app', digestOfImage(first))).toBe(digestOfImage(first));
    expect(await pullTarget(lab, 'team/app', 'latest')).toBe(digestOfImage(second));
    const { plan } = await lab.plan(change([file], [file]));
    expect(plan?.totals).toMatchObject({ keep: 1, mirror: 0, retag: 0, delete: 0 });
  });

  it.each(['on', 'off'] as const)(
    'costs nothing but itself where the registry deletes nothing (removal of tags: %s)',
    async (tagDelete) => {
      const lab = await makeImageLab({ tagDelete, digestDelete: 'off' });
      const { file } = await movedOn([first, second], lab);
      const { applied } = await apply(lab, file);
      expect(applied?.result.outcomes.map(({ result }) => result).sort()).toEqual(['done', 'held']);
      expect(await pullTarget(lab, 'team/app', 'latest')).toBe(digestOfImage(second));
      expect((await apply(lab, file)).applied?.result.status).toBe('nothing');
    },
  );

  it('is not forgotten by a run that failed to delete it', async () => {
    const { lab, file } = await movedOn();
    lab.to.faults.add({ method: 'DELETE', path: /team\/app/, status: 403, times: 9 });
    expect((await apply(lab, file)).applied?.result.status).toBe('partial');
    expect(await isThere(lab, first)).toBe(true);
    lab.to.faults.clear();
    const { planned } = await apply(lab, file);
    expect(planned.plan?.totals).toMatchObject({ delete: 1, keep: 1, retag: 0 });
    expect(await isThere(lab, first)).toBe(false);
  });

  it('stays when somebody tags it between the plan and its turn', async () => {
    const { lab, file } = await movedOn();
    const { applied } = await lab.apply(change([file], [file]), {}, async () => {
      await retag(repositoryOf(lab, lab.target, 'team/app'), 'latest', 'mine');
      return { require: 'none' };
    });
    expect(applied?.result.plan.totals.delete).toBe(1);
    expect(applied?.result.outcomes.map(({ result }) => result).sort()).toEqual(['done', 'held']);
    expect(await pullTarget(lab, 'team/app', 'mine')).toBe(digestOfImage(first));
  });
});

describe('a tag that moved upstream and that nobody reviewed', () => {
  it('is followed, and what it named before waits for a plan that somebody reviews', async () => {
    const { lab, file } = await movedOn();
    const nobody = async () => ({ require: 'deletes', reviewed: [] }) as const;
    const { refusals, planned, applied } = await lab.apply(change([file], [file]), {}, nobody);
    expect([refusals, applied?.result.status]).toEqual([[], 'applied']);
    expect(planned.plan?.changes).toMatchObject([
      { ...replaced, action: 'hold', reason: 'unreviewed' },
      { action: 'retag' },
    ]);
    expect(await isThere(lab, first)).toBe(true);
    const later = await apply(lab, file);
    expect(later.planned.plan?.changes).toMatchObject([replaced, { action: 'keep' }]);
    expect(await isThere(lab, first)).toBe(false);
  });

  it('does not excuse a delete that nobody reviewed', async () => {
    const lab = await makeImageLab();
    const name = await publish(lab, 'team/app', first, 'latest');
    await publish(lab, 'team/app', second, 'v2');
    const two = imagesConfig([`${name}:latest`, `${name}:v2`]);
    await lab.apply(change(undefined, [two]));
    await publish(lab, 'team/app', makeImage({ seed: 'third' }), 'latest');
    const request = change([two], [imagesConfig([`${name}:latest`])]);
    const nobody = async () => ({ require: 'deletes', reviewed: [] }) as const;
    const { refusals, applied } = await lab.apply(request, {}, nobody);
    expect(applied?.result).toMatchObject({ status: 'partial', waiting: { deletes: 2 } });
    expect(await isThere(lab, second)).toBe(true);
    expect(refusals).toMatchObject([{ code: 'review-missing' }]);
  });
});

describe('a catalog that is filtered otherwise', () => {
  it('takes the place of the old one, which goes when the new one serves', async () => {
    const lab = await makeImageLab();
    const packages = ['acm', 'kiali'].map((name) => ({ name, versions: ['1.0.0'] }));
    await publishCatalog(lab, 'acme/index:v1', packages);
    const entry = (names: string) =>
      operatorsConfig([`{catalog: "${lab.source.host}/acme/index:v1", packages: [${names}]}`]);
    const [both, one] = [entry('{name: acm}, {name: kiali}'), entry('{name: acm}')];
    await lab.apply(change(undefined, [both]));
    const { manifests } = repositoryOf(lab, lab.target, 'acme/index');
    const old = (await manifests.resolve('v1'))?.digest ?? '';
    const { planned } = await lab.apply(change([both], [one]));
    const now = (await manifests.resolve('v1'))?.digest;
    expect(now).not.toBe(old);
    expect(await manifests.resolve(old)).toBeUndefined();
    await pullTarget(lab, 'acme/index', 'v1');
    const gone = planned.plan?.changes.find(({ reason }) => reason === 'replaced');
    expect(gone).toMatchObject({ kind: 'operatorCatalog', digest: old, replacedBy: now });
    // Back again: the same catalog is made again, byte by byte.
    await lab.apply(change([one], [both]));
    expect((await manifests.resolve('v1'))?.digest).toBe(old);
    expect(await manifests.resolve(now ?? '')).toBeUndefined();
    expect((await makeOperatorCatalog(lab, packages)).manifest.descriptor.digest).not.toBe(old);
  });
});
