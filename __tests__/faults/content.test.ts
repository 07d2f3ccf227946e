import { describe, expect, it } from 'vitest';
import { ensureRepository, type FakeRegistry } from '../../src/fake-registry/index.ts';
import type { Digest } from '../../src/oci/index.ts';
import { commandLine } from '../support/command-line.ts';
import { change } from '../support/lab.ts';
import { imageAt, layerOf, makeScene } from './scene.ts';

/** Makes a registry keep other bytes than a blob's digest names, as a broken disk does. */
function corrupt({ store }: FakeRegistry, repository: string, digest: Digest): void {
  const { blobs } = ensureRepository(store, repository);
  const bytes = Uint8Array.from(blobs.get(digest) ?? []);
  bytes[0] = (bytes[0] ?? 0) ^ 0xff;
  blobs.set(digest, bytes);
}

describe('a source', () => {
  it('that stores one blob wrong fails its own image alone, by name, and the command line says so', async () => {
    const scene = await makeScene();
    const layer = layerOf(scene.images.bad);
    corrupt(scene.from, 'team/bad', layer);
    const ran = await commandLine(scene, ['-c', scene.file]);
    expect(ran.code).toBe(8);
    expect(ran.output).toMatch(/2 \/ 3 additional images mirrored: Some additional images failed/);
    expect(ran.output).toContain(`error mirroring image ${imageAt(scene.source.host, 'bad')}`);
    expect(ran.output).toContain(`${scene.source.host}/team/bad@${layer} failed at the source`);
    expect(ran.output).toMatch(/its publisher has to push it again/);
    expect(scene.seen()).toEqual(scene.mirrored('good', 'other'));
  });

  it('that gives another manifest than its digest names fails that image alone', async () => {
    const scene = await makeScene();
    const { digest } = scene.images.bad.manifest.descriptor;
    const path = new RegExp(`team/bad/manifests/${digest}`);
    scene.from.faults.add({ method: 'GET', path, corrupt: true, times: 99 });
    expect(await scene.attempt()).toMatchObject({
      imageFailures: [
        {
          origin: imageAt(scene.source.host, 'bad'),
          side: 'source',
          message: expect.stringContaining('is not what its digest names'),
          hint: expect.stringContaining(`Check the storage of ${scene.source.host}`),
        },
      ],
    });
    expect(scene.seen()).toEqual(scene.mirrored('good', 'other'));
    scene.from.faults.clear();
    expect(await scene.attempt()).toMatchObject({ imageFailures: [] });
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
  });

  it('that cuts bodies is asked for the rest', async () => {
    const scene = await makeScene();
    scene.from.faults.add({ path: /blobs/, cutAfter: 10, every: 2, times: 4 });
    expect(await scene.attempt()).toMatchObject({ imageFailures: [] });
    expect(scene.from.log.entries.filter(({ status }) => status === 206)).toHaveLength(4);
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
  });

  it('that always cuts a body fails that image alone, and the next run ends it', async () => {
    const scene = await makeScene();
    const path = new RegExp(layerOf(scene.images.bad));
    scene.from.faults.add({ path, cutAfter: 0, times: 99 });
    expect(await scene.attempt()).toMatchObject({
      imageFailures: [
        {
          origin: imageAt(scene.source.host, 'bad'),
          side: 'source',
          message: expect.stringContaining('failed at the source'),
          hint: expect.any(String),
        },
      ],
    });
    expect(scene.seen()).toEqual(scene.mirrored('good', 'other'));
    scene.from.faults.clear();
    await scene.attempt();
    expect(scene.seen()).toEqual(scene.mirrored('bad', 'good', 'other'));
  });

  it('whose blob is too short or too long fails its own image alone', async () => {
    for (const change of [
      (b: Uint8Array) => b.subarray(1),
      (b: Uint8Array) => Buffer.concat([b, b]),
    ]) {
      const scene = await makeScene();
      const { blobs } = ensureRepository(scene.from.store, 'team/bad');
      const layer = layerOf(scene.images.bad);
      blobs.set(layer, change(blobs.get(layer) ?? new Uint8Array()));
      expect(await scene.attempt()).toMatchObject({
        imageFailures: [{ origin: imageAt(scene.source.host, 'bad'), side: 'source' }],
      });
      expect(scene.seen()).toEqual(scene.mirrored('good', 'other'));
    }
  });
});

describe('a target', () => {
  it('that does not store what it took fails the run, and nothing is deleted', async () => {
    const scene = await makeScene();
    const { file, to } = scene;
    const [head, ...lines] = file.text.split(/(?= {4}- name)/);
    const without = (name: string) => ({
      ...file,
      text: [head, ...lines.filter((line) => !line.includes(`team/${name}`))].join(''),
    });
    await scene.mirror([without('bad')]);
    to.log.watch(({ method, path }) => {
      if (method === 'PUT' && path.endsWith('team/bad/manifests/v1')) {
        ensureRepository(to.store, 'team/bad').tags.delete('v1');
      }
    });
    const { applied } = await scene.apply(change([without('bad')], [without('good')]));
    expect(applied?.result).toMatchObject({ status: 'failed' });
    expect(applied?.result.outcomes).toMatchObject([
      {
        result: 'failed',
        message: expect.stringMatching(/team\/bad:v1 and does not give it back/),
        hint: expect.stringContaining("registry's own log"),
      },
      { result: 'skipped', change: { tag: 'v1', repository: 'team/good' } },
    ]);
    expect(scene.seen()).toEqual(scene.mirrored('good', 'other'));
  });
});
