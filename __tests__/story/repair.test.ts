import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/errors.ts';
import { ensureRepository, type StoredRepository } from '../../src/fake-registry/index.ts';
import { history, type Settings, type VerifyRequest, verify } from '../../src/run/index.ts';
import { cosignTags } from '../../src/signature/index.ts';
import { createRegistryStateStore, notePending } from '../../src/state/index.ts';
import { makeImage, makeIndex, type TestImage } from '../support/images.ts';
import { change, channelConfig, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { operatorsConfig, publishCatalog } from '../support/operators.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { pullAll, releaseRepositories, repositoryOf, retag } from './hands.ts';
import { digestOfImage, makeImageLab, mirrorAll, publish, pullTarget } from './image-lab.ts';

const quiet = (): void => {};
const repairs = { repairs: true };

const check = (lab: Lab, request: VerifyRequest = {}, settings: Partial<Settings> = {}) =>
  verify(lab.settings(settings), quiet, request);

/** Mirrors images as `team/app:<tag>`, and gives the target's repository to be damaged. */
async function makeMirror(images: Readonly<Record<string, TestImage>>) {
  const lab = await makeImageLab();
  const names: string[] = [];
  for (const [tag, image] of Object.entries(images)) {
    names.push(`${await publish(lab, 'team/app', image, tag)}:${tag}`);
  }
  const file = imagesConfig(names);
  await mirrorAll(lab, file);
  return { lab, file, there: ensureRepository(lab.to.store, 'team/app') };
}

function loseManifest(there: StoredRepository, image: TestImage): void {
  there.manifests.delete(digestOfImage(image));
}

function loseBlob(there: StoredRepository, { blobs }: TestImage): void {
  there.blobs.delete(blobs.at(-1)?.descriptor.digest ?? '');
}

const [one, two, three] = ['one', 'two', 'three'].map((seed) => makeImage({ seed })) as [
  TestImage,
  TestImage,
  TestImage,
];

describe('a repair', () => {
  it('brings back tags, manifests, children and blobs by digest, and nothing else', async () => {
    const index = makeIndex([one, two]);
    const { lab, there } = await makeMirror({
      v1: three,
      multi: index,
      v2: makeImage({ seed: 'v2' }),
      v3: makeImage({ seed: 'v3' }),
    });
    there.tags.delete('v1');
    loseManifest(there, one);
    loseBlob(there, two);
    loseBlob(there, makeImage({ seed: 'v3' }));
    expect(await check(lab)).toMatchObject({ done: 1, total: 4 });
    const report = await check(lab, repairs);
    expect(report).toMatchObject({ done: 4, total: 4, changed: 3, imageFailures: [] });
    expect(report).toMatchObject({ changed: 3, damaged: 3 });
    expect(await pullTarget(lab, 'team/app', 'v1')).toBe(digestOfImage(three));
    expect(await pullTarget(lab, 'team/app', 'multi')).toBe(digestOfImage(index));
    expect(await check(lab)).toMatchObject({ done: 4, imageFailures: [] });
  });

  it('of a whole mirror writes nothing', async () => {
    const { lab } = await makeMirror({ v1: one });
    lab.to.log.clear();
    const report = await check(lab, repairs);
    expect(report).toMatchObject({ done: 1, total: 1, changed: 0, damaged: 0, notes: [] });
    expect(lab.to.log.writes()).toEqual([]);
  });

  it('gives the state and the next plan back as they were, and stands in the history', async () => {
    const { lab, file, there } = await makeMirror({ v1: one, v2: two });
    there.tags.clear();
    await check(lab, repairs);
    const { plan } = await lab.plan(change(undefined, [file]));
    expect(plan?.totals).toMatchObject({ mirror: 0, keep: 2, delete: 0 });
    const emptied = await lab.plan(
      change([file], [imagesConfig([`${lab.source.host}/team/app:v1`])]),
    );
    expect(emptied.plan?.totals).toMatchObject({ keep: 1, delete: 1 });
    expect(await history(lab.settings())).toMatchObject([
      { name: '2', counts: { mirrored: 2, deleted: 0 } },
      { name: '1' },
    ]);
  });

  it('brings back a whole release that was lost', async () => {
    const lab = await makeLab();
    const file = channelConfig('4.16.5', '4.16.6');
    await lab.apply(change(undefined, [file]));
    const before = await pullAll(lab, releaseRepositories);
    for (const name of releaseRepositories) lab.target.fake?.store.delete(name);
    expect(await check(lab, repairs)).toMatchObject({ done: 16, changed: 16, imageFailures: [] });
    expect(await pullAll(lab, releaseRepositories)).toEqual(before);
  });

  it('brings back what is mirrored although its tag has moved on at the source', async () => {
    const { lab, there } = await makeMirror({ v1: one });
    await publish(lab, 'team/app', two, 'v1');
    there.tags.clear();
    expect(await check(lab, repairs)).toMatchObject({ changed: 1, imageFailures: [] });
    expect(await pullTarget(lab, 'team/app', 'v1')).toBe(digestOfImage(one));
  });

  it('never moves a tag that names another image, and says what to do', async () => {
    const { lab, there } = await makeMirror({ v1: one, v2: two });
    await retag(repositoryOf(lab, lab.target, 'team/app'), 'v2', 'v1');
    there.tags.delete('v2');
    const report = await check(lab, repairs);
    expect(report).toMatchObject({ done: 1, total: 2, changed: 1 });
    expect(report).toMatchObject({ changed: 1, damaged: 1 });
    expect(report.imageFailures).toMatchObject([
      {
        origin: 'team/app:v1',
        message: `the tag names another image, ${digestOfImage(two)}`,
        hint: expect.stringContaining('Another client set this tag.'),
      },
    ]);
    expect(there.tags.get('v1')).toBe(digestOfImage(two));
  });

  it('leaves a tag that another client set after the look', async () => {
    const { lab, there } = await makeMirror({ v1: one, v2: two });
    there.tags.delete('v1');
    lab.to.log.watch(({ method, path }) => {
      // A tag that is gone is asked for twice, the second time by GET; then the look is over.
      const isLooked = method === 'GET' && path.endsWith('/manifests/v1');
      if (isLooked) there.tags.set('v1', digestOfImage(two));
    });
    const report = await check(lab, repairs);
    expect(report).toMatchObject({ done: 1, total: 2 });
    expect(there.tags.get('v1')).toBe(digestOfImage(two));
  });

  it('of which one source is lost leaves the rest repaired', async () => {
    const { lab, there } = await makeMirror({ v1: one, v2: two });
    there.tags.clear();
    there.manifests.clear();
    ensureRepository(lab.from.store, 'team/app').manifests.delete(digestOfImage(one));
    await rm(lab.workspace, { recursive: true, force: true });
    const report = await check(lab, repairs);
    expect(report).toMatchObject({ done: 1, total: 2, changed: 1 });
    expect(report.imageFailures).toMatchObject([
      {
        origin: 'team/app:v1',
        message: expect.stringMatching(/^the tag is gone; it could not be repaired: /),
        hint: expect.stringContaining('Mirror its image set again'),
      },
    ]);
  });

  it('whose sources are down keeps every finding, and says from where else the images come', async () => {
    const { lab, there } = await makeMirror({ v1: one, v2: two });
    there.tags.clear();
    there.manifests.clear();
    lab.from.faults.add({ status: 503, times: 1000 });
    await rm(lab.workspace, { recursive: true, force: true });
    const { changed, damaged, imageFailures } = await check(lab, repairs);
    expect({ changed, damaged }).toEqual({ changed: 0, damaged: 2 });
    expect(imageFailures).toHaveLength(2);
    for (const { message, hint } of imageFailures) {
      expect(message).toMatch(/^the tag is gone; it could not be repaired: .*503/);
      expect(hint).toContain('load its archive again where the source cannot be reached');
    }
  });

  it('beside another one brings everything back, and both say so', async () => {
    const { lab, file, there } = await makeMirror({
      v1: one,
      v2: two,
      multi: makeIndex([two, three]),
    });
    for (const map of [there.tags, there.manifests, there.blobs]) map.clear();
    const reports = await Promise.all([check(lab, repairs), check(lab, repairs)]);
    for (const report of reports) expect(report).toMatchObject({ done: 3, imageFailures: [] });
    expect(await check(lab)).toMatchObject({ done: 3, total: 3, imageFailures: [] });
    const { plan } = await lab.plan(change(undefined, [file]));
    expect(plan?.totals).toMatchObject({ mirror: 0, keep: 3 });
  });

  it('that is cancelled ends as every other command does', async () => {
    const { lab, there } = await makeMirror({ v1: one, v2: two });
    there.tags.clear();
    const controller = new AbortController();
    const settings = lab.settings({ signal: controller.signal });
    const cancel = ({ type }: { readonly type: string }) => {
      if (type === 'started') controller.abort(new CancelledError());
    };
    await expect(verify(settings, cancel, repairs)).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('that the target refuses keeps its findings, and says so', async () => {
    const { lab, there } = await makeMirror({ v1: one });
    there.tags.clear();
    lab.to.faults.add(
      { method: 'PUT', status: 403, times: 100 },
      { method: 'POST', status: 403, times: 100 },
    );
    const report = await check(lab, repairs);
    expect(report).toMatchObject({ done: 0, total: 1 });
    expect(report.imageFailures).toHaveLength(1);
    expect(report).toMatchObject({ changed: 0, damaged: 1 });
    expect(report.notes[0]).toMatch(/^The repair ended early: .*/);
  });

  it('counts signatures, and says of one that its source lost how it comes back', async () => {
    const { lab, there } = await makeMirror({});
    const name = await publish(lab, 'team/app', one, 'v1');
    const [tag = ''] = cosignTags(digestOfImage(one));
    await publish(lab, 'team/app', makeImage({ seed: 'signature' }), tag);
    await mirrorAll(lab, imagesConfig([`${name}:v1`]));
    there.tags.delete(tag);
    expect(await check(lab, repairs)).toMatchObject({
      done: 1,
      signatures: { done: 1, total: 1 },
      changed: 1,
      imageFailures: [],
    });
    there.tags.delete(tag);
    there.manifests.delete(digestOfImage(makeImage({ seed: 'signature' })));
    ensureRepository(lab.from.store, 'team/app').tags.delete(tag);
    ensureRepository(lab.from.store, 'team/app').manifests.delete(
      digestOfImage(makeImage({ seed: 'signature' })),
    );
    await rm(lab.workspace, { recursive: true, force: true });
    expect(await check(lab, repairs)).toMatchObject({
      done: 1,
      imageFailures: [
        { hint: expect.stringContaining('what is attached to the image at its source by now') },
      ],
    });
  });

  it('brings back of an index the platforms that were mirrored, and no others', async () => {
    const lab = await makeImageLab();
    const index = makeIndex([one, makeImage({ seed: 'arm', architecture: 'arm64' })]);
    const name = await publish(lab, 'team/app', index, 'v1');
    const file = imagesConfig([`${name}:v1`]);
    const platforms = '\n      platforms: [{os: linux, architecture: amd64}]\n';
    lab.to.settings.sparseIndexes = 'accepted';
    await mirrorAll(lab, { ...file, text: `${file.text.trimEnd()}${platforms}` });
    lab.to.store.delete('team/app');
    expect(await check(lab, repairs)).toMatchObject({ changed: 1, imageFailures: [] });
    const there = ensureRepository(lab.to.store, 'team/app');
    expect([...there.manifests.keys()].sort()).toEqual(
      [digestOfImage(index), digestOfImage(one)].sort(),
    );
  });

  it('brings back no image that the trust policy of the run rejects', async () => {
    const { lab, there } = await makeMirror({ v1: one });
    there.tags.clear();
    const policy = JSON.stringify({ default: [{ type: 'reject' }] });
    const directory = tempDirectory({ 'policy.json': policy });
    const trust = { policy: `${directory}/policy.json`, registriesDirectory: directory };
    const { changed, imageFailures } = await check(lab, repairs, { trust });
    expect(changed).toBe(0);
    expect(imageFailures[0]?.message).toMatch(/could not be repaired: .*policy/);
  });

  it('leaves to another run what that is about to delete', async () => {
    const { lab, there } = await makeMirror({ v1: one });
    there.tags.clear();
    const repository = lab.wire.repository(lab.target.host, 'imageset-mirror/state');
    const store = createRegistryStateStore({ repository, token: 'f'.repeat(16) });
    await store.read();
    const until = new Date(lab.settings().clock.now() + 60_000).toISOString();
    const other = {
      id: 9,
      token: 'f'.repeat(16),
      planDigest: digestOfImage(one),
      imageSets: [],
      claims: [],
    };
    await store.update(
      (state) => notePending(state, { ...other, until, deletes: ['team/app:v1'] }),
      'interim',
    );
    expect(await check(lab, repairs)).toMatchObject({
      changed: 0,
      imageFailures: [{ message: expect.stringContaining('another run is about to delete it') }],
    });
  });

  it('takes a filtered catalog from the workspace, and says without it that mirroring makes it anew', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [
      { name: 'acm', versions: ['1.0.0', '1.1.0'] },
      { name: 'kiali', versions: ['2.0.0'] },
    ]);
    await lab.mirror([
      operatorsConfig([`catalog: ${lab.source.host}/acme/index:v1\n      packages: [{name: acm}]`]),
    ]);
    const lose = () => lab.target.fake?.store.delete('acme/index');
    lose();
    expect(await check(lab, repairs)).toMatchObject({ changed: 1, imageFailures: [] });
    lose();
    await rm(lab.workspace, { recursive: true, force: true });
    expect(await check(lab, repairs)).toMatchObject({
      imageFailures: [
        { origin: 'acme/index:v1', hint: expect.stringContaining('filtered catalogs') },
      ],
    });
  });

  it('of a catalog that is mirrored as it is needs its source alone', async () => {
    const lab = await makeLab();
    await publishCatalog(lab, 'acme/index:v1', [{ name: 'acm', versions: ['1.0.0'] }]);
    await lab.mirror([
      operatorsConfig([`{catalog: "${lab.source.host}/acme/index:v1", full: true}`]),
    ]);
    lab.target.fake?.store.delete('acme/index');
    await publishCatalog(lab, 'acme/index:v1', [{ name: 'acm', versions: ['1.0.0', '2.0.0'] }]);
    await rm(lab.workspace, { recursive: true, force: true });
    expect(await check(lab, repairs)).toMatchObject({ changed: 1, imageFailures: [] });
  });
});

/** A mirror of which another run deleted `v1`; its state tells of that only from `finishDelete` on. */
async function startDelete() {
  const { lab, file, there } = await makeMirror({ v1: one, v2: two });
  const state = ensureRepository(lab.to.store, 'imageset-mirror/state');
  const before = structuredClone(state);
  await lab.apply(change([file], [imagesConfig([`${lab.source.host}/team/app:v2`])]));
  const after = structuredClone(state);
  Object.assign(state, before);
  return { lab, there, finishDelete: () => Object.assign(state, after) };
}

describe('a look at a mirror', () => {
  it('brings nothing back that another run deleted while sources were looked for', async () => {
    const { lab, there, finishDelete } = await startDelete();
    let reads = 0;
    lab.to.log.watch(({ path }) => {
      // A check reads the state before its look and after it; then sources are looked for.
      if (path.endsWith('/state/manifests/default')) reads += 1;
      if (reads === 3) finishDelete();
    });
    const report = await check(lab, repairs);
    expect(report).toMatchObject({ done: 1, total: 1, changed: 0, imageFailures: [] });
    expect([...there.tags.keys()]).toEqual(['v2']);
  });

  it('takes for no damage what another run deleted meanwhile', async () => {
    const { lab, there, finishDelete } = await startDelete();
    lab.to.log.watch(({ path }) => {
      if (path.endsWith('/manifests/v1')) finishDelete();
    });
    expect(there.tags.has('v1')).toBe(false);
    expect(await check(lab)).toMatchObject({ done: 1, total: 1, imageFailures: [] });
  });
});
