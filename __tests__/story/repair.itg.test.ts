import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Digest, hexOf } from '../../src/oci/index.ts';
import { verify } from '../../src/run/index.ts';
import { hasDockerRegistry } from '../support/docker-registry.ts';
import { makeImage, makeIndex } from '../support/images.ts';
import { change, channelConfig, imagesConfig, makeLab } from '../support/lab.ts';
import { pull, pullAll, put, releaseRepositories, repositoryOf } from './hands.ts';

const registries = [
  ['Distribution 2.8', 'docker', 'docker-registry'],
  ['Distribution 3', 'distribution-3', 'registry'],
] as const;
const present = registries.filter(([, , program]) => hasDockerRegistry(program));

describe.each(present)('a repair on %s', (_, kind) => {
  it('brings back a blob, a child and a tag that its storage lost', async () => {
    const lab = await makeLab({ kind, upstream: { components: 1, channels: {} } });
    const [left, right, plain] = ['left', 'right', 'plain'].map((seed) => makeImage({ seed })) as [
      ReturnType<typeof makeImage>,
      ReturnType<typeof makeImage>,
      ReturnType<typeof makeImage>,
    ];
    const source = repositoryOf(lab, lab.source, 'team/app');
    await put(source, makeIndex([left, right]), 'multi');
    await put(source, plain, 'plain');
    const names = ['multi', 'plain'].map((tag) => `${lab.source.host}/team/app:${tag}`);
    await lab.apply(change(undefined, [imagesConfig(names)]));
    const target = repositoryOf(lab, lab.target, 'team/app');
    const below = join(lab.target.storage ?? '', 'docker/registry/v2');
    const lose = async (path: string) => rm(join(below, path), { recursive: true });
    const blob = hexOf(left.blobs[1]?.descriptor.digest ?? left.manifest.descriptor.digest);
    await lose(`blobs/sha256/${blob.slice(0, 2)}/${blob}`);
    await target.manifests.delete(right.manifest.descriptor.digest);
    await lose('repositories/team/app/_manifests/tags/plain');
    expect(await verify(lab.settings(), () => {})).toMatchObject({ done: 0, total: 2 });
    const report = await verify(lab.settings(), () => {}, { repairs: true });
    expect(report).toMatchObject({ done: 2, changed: 2, imageFailures: [] });
    await pull(target, 'multi');
    await pull(target, 'plain');
  });

  it('tells a blob and a manifest that its storage cut short, and loses no other finding', async () => {
    const lab = await makeLab({ kind, upstream: { components: 1, channels: {} } });
    const images = ['blob', 'manifest', 'gone'].map((seed) => ({
      seed,
      image: makeImage({ seed }),
    }));
    const source = repositoryOf(lab, lab.source, 'team/app');
    for (const { seed, image } of images) await put(source, image, seed);
    const names = images.map(({ seed }) => `${lab.source.host}/team/app:${seed}`);
    await lab.apply(change(undefined, [imagesConfig(names)]));
    const below = join(lab.target.storage ?? '', 'docker/registry/v2');
    const cut = async (digest: Digest | undefined) => {
      const hex = digest ? hexOf(digest) : '';
      await truncate(join(below, `blobs/sha256/${hex.slice(0, 2)}/${hex}/data`), 0);
    };
    await cut(images[0]?.image.blobs[0]?.descriptor.digest);
    await cut(images[1]?.image.manifest.descriptor.digest);
    await rm(join(below, 'repositories/team/app/_manifests/tags/gone'), { recursive: true });
    const report = await verify(lab.settings(), () => {}, { repairs: true });
    expect(report).toMatchObject({ done: 1, changed: 1, damaged: 3 });
    expect(report.imageFailures).toMatchObject([
      { origin: 'team/app:blob', message: expect.stringContaining('cut short') },
      { origin: 'team/app:manifest', message: expect.stringContaining('cannot be read') },
    ]);
    for (const { hint } of report.imageFailures) expect(hint).toContain('garbage collection');
  });

  it('brings back a release whose repositories are gone', async () => {
    const lab = await makeLab({ kind });
    await lab.apply(change(undefined, [channelConfig('4.16.6', '4.16.6')]));
    const before = await pullAll(lab, releaseRepositories);
    const repositories = join(lab.target.storage ?? '', 'docker/registry/v2/repositories');
    await rm(join(repositories, 'openshift'), { recursive: true });
    const report = await verify(lab.settings({ verifyDepth: 'tags' }), () => {}, { repairs: true });
    expect(report).toMatchObject({ done: 8, total: 8, changed: 8, imageFailures: [] });
    expect(await pullAll(lab, releaseRepositories)).toEqual(before);
  });
});
