import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { restore, verify } from '../../src/run/index.ts';
import { hasDockerRegistry } from '../support/docker-registry.ts';
import { makeImage, makeIndex } from '../support/images.ts';
import { change, channelConfig, imagesConfig, type LabOptions, makeLab } from '../support/lab.ts';
import { requestsOf, writesOf } from './access-log.ts';
import { pull, pullAll, put, releaseRepositories, repositoryOf, retag } from './hands.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const multi = (file: typeof both) => ({
  ...file,
  text: file.text.replace('channels:', 'architectures: [multi]\n    channels:'),
});
const someOf = (file: typeof both) => ({
  ...file,
  text: file.text.replace(
    'channels:',
    'platforms: [{os: linux, architecture: amd64}]\n    channels:',
  ),
});
const quiet = (): void => {};

const registries = [
  ['Distribution 2.8', 'docker', 'docker-registry'],
  ['Distribution 3', 'distribution-3', 'registry'],
] as const;
const present = registries.filter(([, , program]) => hasDockerRegistry(program));
const absent = registries.filter((one) => !present.includes(one));

describe.skip.each(absent)('on %s, which is not here', () => {
  it('is told the same', () => {});
});

describe.runIf(hasDockerRegistry('registry'))('on Distribution 3 that takes sparse indexes', () => {
  it('a release of some platforms keeps its digests and has those platforms alone', async () => {
    const upstream = { architectures: ['multi'] };
    const lab = await makeLab({ kind: 'distribution-3-sparse', upstream });
    const report = await lab.mirror([someOf(newer)]);
    expect(report.imageFailures).toEqual([]);
    expect(report.counts).toEqual([{ kind: 'release', collected: 8, copied: 8 }]);
    const { manifests } = repositoryOf(lab, lab.target, 'openshift/release-images');
    const found = await manifests.fetch('4.16.6-multi');
    const children = found?.kind === 'index' ? found.manifests : [];
    const there = children.map(async ({ digest, platform }) => [
      platform?.architecture,
      (await manifests.resolve(digest)) !== undefined,
    ]);
    expect(await Promise.all(there)).toEqual([
      ['amd64', true],
      ['arm64', false],
    ]);
    expect(found?.descriptor.digest).toBe(
      lab.upstream.releases.find(({ version }) => version === '4.16.6')?.image.manifest.descriptor
        .digest,
    );
  });
});

describe.each(present)('on %s', { timeout: 60_000 }, (_name, kind) => {
  const onDistribution = (options: LabOptions = {}) => makeLab({ ...options, kind });

  it.each([
    ['one architecture', (file: typeof both) => file, {}],
    ['indexes that share children', multi, { architectures: ['multi'], sharedChildren: 2 }],
  ] as const)(
    'a release goes, the other stays whole, and all can be undone: %s',
    async (_, of, upstream) => {
      const lab = await onDistribution({ upstream });
      await lab.apply(change(undefined, [of(both)]));
      const before = await pullAll(lab, releaseRepositories);
      const edit = change([of(both)], [of(newer)]);
      const { planned, applied } = await lab.apply(edit);
      expect(planned.plan?.totals).toMatchObject({ delete: 5, untag: 3, keep: 8 });
      expect(applied?.result.status).toBe('applied');
      const left = await pullAll(lab, releaseRepositories);
      expect([...left]).toEqual([...before].filter(([place]) => place.includes(':4.16.6')));
      const [again, requests] = await requestsOf(lab, () => lab.apply(edit));
      expect(again.applied?.result.status).toBe('nothing');
      expect(writesOf(requests)).toEqual([]);
      const restored = await restore(lab.settings(), { undo: 'last' }, quiet);
      expect(restored).toMatchObject({ done: 8, imageFailures: [] });
      expect(await pullAll(lab, releaseRepositories)).toEqual(before);
      const checked = await verify(lab.settings(), quiet);
      expect(checked).toMatchObject({ done: 16, imageFailures: [] });
    },
  );

  it('a release of some platforms is refused, and the error has its setting', async () => {
    const lab = await onDistribution({ upstream: { architectures: ['multi'] } });
    const report = await lab.mirror([someOf(newer)]);
    expect(report.counts).toEqual([{ kind: 'release', collected: 8, copied: 0 }]);
    expect(report.imageFailures[0]?.message).toMatch(/mirrored for linux\/amd64 alone/);
    expect(report.imageFailures[0]?.hint).toMatch(/^Manifest lists of some platforms/);
  });

  it('a tag that somebody put on an image keeps it, and a cache that is lost changes nothing', async () => {
    const lab = await onDistribution();
    await lab.apply(change(undefined, [both]));
    const images = repositoryOf(lab, lab.target, 'openshift/release-images');
    await retag(images, '4.16.5-x86_64', 'golden');
    await rm(lab.workspace, { recursive: true });
    const { planned, applied } = await lab.apply(change([both], [newer]));
    expect(planned.plan?.totals).toMatchObject({ delete: 4, untag: 4, hold: 0 });
    expect(applied?.result.status).toBe('applied');
    await pull(images, 'golden');
    expect((await pullAll(lab, releaseRepositories)).size).toBe(8 + 1);
  });

  it('what a tag named before goes, the tag stays, and an undo gives it back by its digest', async () => {
    const lab = await onDistribution({ upstream: { components: 1, channels: {} } });
    const source = repositoryOf(lab, lab.source, 'team/app');
    const target = repositoryOf(lab, lab.target, 'team/app');
    const shared = makeImage({ seed: 'shared' });
    const [old, now] = ['old', 'now'].map((seed) => makeIndex([shared, makeImage({ seed })]));
    if (!old || !now) throw new Error('two indexes');
    const file = imagesConfig([`${lab.source.host}/team/app:latest`]);
    await put(source, old, 'latest');
    await lab.apply(change(undefined, [file]));
    await put(source, now, 'latest');
    const { planned, applied } = await lab.apply(change([file], [file]));
    expect(planned.plan?.totals).toMatchObject({ retag: 1, delete: 1 });
    expect(applied?.result.status).toBe('applied');
    expect(await target.manifests.resolve(old.manifest.descriptor.digest)).toBeUndefined();
    expect(await pull(target, 'latest')).toBe(now.manifest.descriptor.digest);
    const [again, requests] = await requestsOf(lab, () => lab.apply(change([file], [file])));
    expect(again.applied?.result.status).toBe('nothing');
    expect(writesOf(requests)).toEqual([]);
    await restore(lab.settings(), { undo: 'last' }, quiet);
    await pull(target, old.manifest.descriptor.digest);
    expect(await pull(target, 'latest')).toBe(now.manifest.descriptor.digest);
  });

  it('two image sets let a release go when both have given it up', async () => {
    const lab = await onDistribution();
    const [first, second] = ['a.yaml', 'b.yaml'];
    const of = (name: string, from: string) => channelConfig(from, '4.16.6', name);
    const before = [of(first, '4.16.5'), of(second, '4.16.5')];
    const between = [of(first, '4.16.6'), of(second, '4.16.5')];
    await lab.apply(change(undefined, before));
    const held = await lab.apply(change(before, between));
    expect(held.planned.plan?.totals).toMatchObject({ delete: 0, untag: 0, hold: 8 });
    expect((await pullAll(lab, releaseRepositories)).size).toBe(16);
    const after = [of(first, '4.16.6'), of(second, '4.16.6')];
    const gone = await lab.apply(change(between, after));
    expect(gone.planned.plan?.totals).toMatchObject({ delete: 5, untag: 3, hold: 0 });
    expect((await pullAll(lab, releaseRepositories)).size).toBe(8);
  });

  it('additional images lie where they are wanted, move with their tags, and go', async () => {
    const lab = await onDistribution();
    const [one, two] = ['one', 'two'].map((seed) => makeImage({ seed }));
    if (!one || !two) throw new Error('two images');
    const source = repositoryOf(lab, lab.source, 'team/app');
    await put(source, one, 'v1');
    await put(source, makeIndex([one, two]), 'multi');
    const name = `${lab.source.host}/team/app`;
    const all = imagesConfig([
      `${name}:v1`,
      `${name}:v1\n      targetRepo: else/where\n      targetTag: stable`,
      `${name}:multi`,
    ]);
    await lab.apply(change(undefined, [all]));
    const places = ['else/where', 'team/app'];
    expect([...(await pullAll(lab, places)).keys()].sort()).toEqual([
      'else/where:stable',
      'team/app:multi',
      'team/app:v1',
    ]);
    await put(source, two, 'v1');
    const moved = await lab.apply(change([all], [all]));
    expect(moved.planned.plan?.totals).toMatchObject({ retag: 2, keep: 1 });
    expect((await pullAll(lab, places)).get('else/where:stable')).toBe(
      two.manifest.descriptor.digest,
    );
    const less = imagesConfig([`${name}:v1`]);
    const gone = await lab.apply(change([all], [less]));
    expect(gone.applied?.result.status).toBe('applied');
    expect([...(await pullAll(lab, places)).keys()]).toEqual(['team/app:v1']);
  });
});
