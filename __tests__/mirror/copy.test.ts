import { describe, expect, it } from 'vitest';
import { ensureRepository } from '../../src/fake-registry/index.ts';
import type { CopyTask } from '../../src/mirror/index.ts';
import { successors } from '../../src/oci/index.ts';
import { makeImage, makeIndex, pushTo, type TestImage } from '../support/images.ts';
import { linesOf, makeScene, type Scene } from './scene.ts';

const image = makeImage({ seed: 'image' });
/** Shares its first layer with `image`. */
const cousin = makeImage({ seed: 'image', architecture: 'arm64' });
const index = makeIndex([makeImage({ seed: 'amd' }), makeImage({ seed: 'arm' })]);

const digestOf = (one: TestImage) => one.manifest.descriptor.digest;
const sizeOf = (one: TestImage) => one.blobs.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);

function task(scene: Scene, one: TestImage, facts: Partial<CopyTask> = {}): CopyTask {
  return {
    from: scene.from('app'),
    to: scene.to('app'),
    tag: 'v1',
    digest: digestOf(one),
    ...facts,
  };
}

function tagsOf({ target }: Scene, name = 'app') {
  return [...ensureRepository(target.store, name).tags];
}

const uploads = (lines: readonly string[]) => lines.filter((line) => line.startsWith('POST'));

describe('an image that is copied', () => {
  it('comes to a new repository without a question: blobs first, the tag last', async () => {
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', image);
    const { bytes } = await scene.copier.copy(task(scene, image));
    const asked = scene.asked();
    expect(asked.filter((line) => /^(HEAD|GET)/.test(line))).toEqual([]);
    expect(uploads(asked)).toHaveLength(image.blobs.length);
    expect(asked.at(-1)).toBe('PUT app manifests/v1');
    expect({ bytes, read: scene.read.bytes }).toEqual({
      bytes: sizeOf(image),
      read: sizeOf(image),
    });
    expect(tagsOf(scene)).toEqual([['v1', digestOf(image)]]);
  });

  it('is looked for where a repository may have it, and what is there is not moved', async () => {
    const scene = await makeScene({}, () => false);
    pushTo(scene.source.store, 'app', 'v1', image);
    pushTo(scene.target.store, 'app', 'old', image);
    const { bytes } = await scene.copier.copy(task(scene, image));
    const heads = image.blobs.map(() => 'HEAD app blobs/@');
    expect(scene.asked()).toEqual([...heads, 'PUT app manifests/v1']);
    expect(bytes).toBe(0);
  });

  it('costs one request where its manifest is known to be there', async () => {
    const scene = await makeScene({}, () => false);
    pushTo(scene.source.store, 'app', 'v1', image);
    pushTo(scene.target.store, 'app', 'old', image);
    scene.inventory.addManifest('app', digestOf(image));
    await scene.copier.copy(task(scene, image));
    expect(scene.asked()).toEqual(['PUT app manifests/v1']);
  });

  it('is an index: every child comes before it, under its digest', async () => {
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', index);
    await scene.copier.copy(task(scene, index));
    const pushed = scene.asked().filter((line) => line.includes('PUT app manifests'));
    expect(pushed).toEqual(['PUT app manifests/@', 'PUT app manifests/@', 'PUT app manifests/v1']);
    expect(tagsOf(scene)).toEqual([['v1', digestOf(index)]]);
  });

  it('is an index of which only some platforms are wanted: it stays as it is, its other children stay away', async () => {
    const scene = await makeScene({ sparseIndexes: 'accepted' });
    pushTo(scene.source.store, 'app', 'v1', index);
    const platforms = [{ os: 'linux', architecture: 'arm64' }];
    await scene.copier.copy(task(scene, index, { platforms }));
    const { manifests } = ensureRepository(scene.target.store, 'app');
    const [, arm] = index.children;
    expect([...manifests.keys()]).toEqual([arm && digestOf(arm), digestOf(index)]);
  });

  it('fails alone where its indexes lie too deep inside each other', async () => {
    const scene = await makeScene();
    let deep = image;
    for (let depth = 0; depth < 40; depth += 1) deep = makeIndex([deep]);
    pushTo(scene.source.store, 'app', 'deep', deep);
    pushTo(scene.source.store, 'app', 'v1', image);
    const [failed, done] = await Promise.allSettled([
      scene.copier.copy(task(scene, deep, { tag: 'deep' })),
      scene.copier.copy(task(scene, image)),
    ]);
    expect(failed).toMatchObject({
      reason: { code: 'MANIFEST_INVALID', message: expect.stringContaining('the limit is 16') },
    });
    expect(done.status).toBe('fulfilled');
    expect(tagsOf(scene)).toEqual([['v1', digestOf(image)]]);
  });

  it('leaves layers alone that lie elsewhere', async () => {
    const scene = await makeScene();
    const text = JSON.parse(Buffer.from(image.manifest.raw).toString());
    text.layers.push({
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      digest: `sha256:${'0'.repeat(64)}`,
      size: 10,
      urls: ['https://elsewhere.test/layer'],
    });
    const { parseManifest } = await import('../../src/oci/index.ts');
    const foreign = { ...image, manifest: parseManifest(Buffer.from(JSON.stringify(text))) };
    pushTo(scene.source.store, 'app', 'v1', foreign);
    await scene.copier.copy(task(scene, foreign));
    expect(tagsOf(scene)).toEqual([['v1', digestOf(foreign)]]);
    expect(successors(foreign.manifest).blobs).toHaveLength(image.blobs.length);
  });
});

describe('a blob that several images share', () => {
  it('crosses the wire once for one repository', async () => {
    const scene = await makeScene();
    for (const one of [image, cousin]) pushTo(scene.source.store, 'app', undefined, one);
    const reports = await Promise.all([
      scene.copier.copy(task(scene, image)),
      scene.copier.copy(task(scene, cousin, { tag: 'v2' })),
    ]);
    const unique = new Map([...image.blobs, ...cousin.blobs].map((b) => [b.descriptor.digest, b]));
    const total = [...unique.values()].reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    expect(uploads(scene.asked())).toHaveLength(unique.size);
    expect(scene.read.bytes).toBe(total);
    expect(reports.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total);
  });

  it('is mounted into a second repository, also while the first still receives it', async () => {
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', image);
    await Promise.all([
      scene.copier.copy(task(scene, image)),
      scene.copier.copy(task(scene, image, { to: scene.to('lib') })),
    ]);
    const mounts = scene.asked().filter((line) => line.endsWith('mount'));
    expect(mounts).toHaveLength(image.blobs.length);
    expect(scene.read.bytes).toBe(sizeOf(image));
    expect([tagsOf(scene), tagsOf(scene, 'lib')]).toEqual([
      [['v1', digestOf(image)]],
      [['v1', digestOf(image)]],
    ]);
  });

  it('is uploaded again where the registry does not mount, which is asked a few times and no more', async () => {
    const scene = await makeScene({ mounts: 'off' });
    pushTo(scene.source.store, 'app', 'v1', image);
    const names = ['app', 'lib', 'etc', 'opt'];
    for (const name of names) await scene.copier.copy(task(scene, image, { to: scene.to(name) }));
    expect(scene.asked().filter((line) => line.endsWith('mount'))).toHaveLength(3);
    for (const name of names) expect(tagsOf(scene, name)).toEqual([['v1', digestOf(image)]]);
  });

  it('is uploaded by the second when the first cannot get it', async () => {
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', image);
    pushTo(scene.source.store, 'broken', 'v1', image);
    const broken = ensureRepository(scene.source.store, 'broken');
    for (const digest of broken.blobs.keys()) broken.blobs.delete(digest);
    const [failed, done] = await Promise.allSettled([
      scene.copier.copy(task(scene, image, { from: scene.from('broken'), to: scene.to('lib') })),
      scene.copier.copy(task(scene, image)),
    ]);
    expect([failed?.status, done?.status]).toEqual(['rejected', 'fulfilled']);
    expect(tagsOf(scene)).toEqual([['v1', digestOf(image)]]);
    expect(tagsOf(scene, 'lib')).toEqual([]);
  });
});

describe('a registry that lacks what was thought to be there', () => {
  it('gets all parts again, once', async () => {
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', image);
    for (const { descriptor } of image.blobs) scene.inventory.addBlob('app', descriptor.digest);
    const { bytes } = await scene.copier.copy(task(scene, image));
    expect(bytes).toBe(sizeOf(image));
    expect(scene.asked().filter((line) => line === 'PUT app manifests/v1')).toHaveLength(2);
    expect(tagsOf(scene)).toEqual([['v1', digestOf(image)]]);
  });

  it.each(['POST', 'HEAD'] as const)(
    'gets blobs by upload where it says of them that it has them, and lacks them (%s)',
    async (method) => {
      const scene = await makeScene({}, (name) => method === 'POST' || name === 'lib');
      for (const name of ['app', 'lib']) pushTo(scene.source.store, name, 'v1', image);
      await scene.copier.copy(task(scene, image, { to: scene.to('lib') }));
      const status = method === 'POST' ? 201 : 200;
      const path = method === 'POST' ? /mount=/ : /app\/blobs\/sha256/;
      // The length of a coded answer does not tell that of the blob.
      const headers = { 'content-encoding': 'identity' };
      scene.target.faults.add({ method, path, status, headers, times: 99 });
      const { bytes } = await scene.copier.copy(task(scene, image));
      expect(bytes).toBe(sizeOf(image));
      expect(tagsOf(scene)).toEqual([['v1', digestOf(image)]]);
    },
  );

  it('gets the children of an index again', async () => {
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', index);
    for (const child of index.children) scene.inventory.addManifest('app', digestOf(child));
    await scene.copier.copy(task(scene, index));
    expect(tagsOf(scene)).toEqual([['v1', digestOf(index)]]);
  });

  it('fails the image when it refuses it twice more', async () => {
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', image);
    const body = JSON.stringify({ errors: [{ code: 'MANIFEST_BLOB_UNKNOWN' }] });
    scene.target.faults.add({ method: 'PUT', path: /manifests/, times: 9, status: 404, body });
    await expect(scene.copier.copy(task(scene, image))).rejects.toMatchObject({
      side: 'target',
      reference: `${scene.to('app').registry}/app:v1`,
    });
    expect(scene.asked().filter((line) => line === 'PUT app manifests/v1')).toHaveLength(3);
    expect(tagsOf(scene)).toEqual([]);
  });
});

describe('a copy that fails', () => {
  const [config] = image.blobs;
  if (!config) throw new Error('no blobs');
  const layers = image.blobs.slice(1).map(({ descriptor }) => descriptor.digest);
  const blobPath = new RegExp(`blobs/${layers[0]}`);

  it.each([
    ['a manifest that is gone', { path: /manifests/, status: 404 }, 'MANIFEST_INVALID'],
    ['a manifest that is another', { path: /manifests/, corrupt: true }, 'DIGEST_MISMATCH'],
    ['a blob that is gone', { path: blobPath, status: 404 }, 'NOT_FOUND'],
    ['a blob that is another', { path: blobPath, corrupt: true, times: 9 }, 'DIGEST_MISMATCH'],
    ['a blob that always ends early', { path: blobPath, cutAfter: 0, times: 99 }, 'UNREACHABLE'],
    ['a source that is overrun', { path: blobPath, status: 503, times: 99 }, 'UNEXPECTED_STATUS'],
    ['a source that lets nobody in', { path: blobPath, status: 403 }, 'DENIED'],
  ])('for %s says that it was the source, and sets no tag', async (_, fault, code) => {
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', image);
    scene.source.faults.add(fault);
    await expect(scene.copier.copy(task(scene, image))).rejects.toMatchObject({
      code,
      side: 'source',
      reference: expect.stringContaining(`${scene.from('app').registry}/app@sha256:`),
    });
    expect(tagsOf(scene)).toEqual([]);
    expect(linesOf(scene.target)).not.toContain('PUT app manifests/v1');
  });

  it.each([
    [
      'a full disk',
      { method: 'PUT', path: /uploads/, status: 500, times: 99 },
      'UNEXPECTED_STATUS',
    ],
    ['missing rights', { method: 'POST', status: 403, times: 99 }, 'DENIED'],
    [
      'a tag that may not be set',
      { method: 'PUT', path: /manifests/, status: 409 },
      'UNEXPECTED_STATUS',
    ],
  ])('for %s says that it was the target, and sets no tag', async (_, fault, code) => {
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', image);
    scene.target.faults.add(fault);
    await expect(scene.copier.copy(task(scene, image))).rejects.toMatchObject({
      code,
      side: 'target',
      reference: expect.stringContaining(`${scene.to('app').registry}/app`),
    });
    expect(tagsOf(scene)).toEqual([]);
  });

  it('survives what passes: 503, 429, a reset and a cut body', async () => {
    const scene = await makeScene();
    pushTo(scene.source.store, 'app', 'v1', image);
    scene.source.faults.add(
      { path: /manifests/, status: 503 },
      { path: blobPath, status: 429, headers: { 'retry-after': '2' } },
      { path: blobPath, cutAfter: 10 },
      { path: new RegExp(`blobs/${layers[1]}`), reset: true },
    );
    scene.target.faults.add(
      { method: 'POST', status: 502 },
      { method: 'PUT', path: /manifests/, reset: true },
    );
    await scene.copier.copy(task(scene, image));
    expect(tagsOf(scene)).toEqual([['v1', digestOf(image)]]);
    expect(scene.source.log.entries.map(({ status }) => status)).toContain(206);
  });

  it('leaves its siblings alone', async () => {
    const scene = await makeScene();
    const other = makeImage({ seed: 'other' });
    for (const one of [image, other]) pushTo(scene.source.store, 'app', undefined, one);
    scene.source.faults.add({ path: blobPath, corrupt: true, times: 99 });
    const outcomes = await Promise.allSettled([
      scene.copier.copy(task(scene, image, { tag: 'bad' })),
      scene.copier.copy(task(scene, other, { tag: 'good' })),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(tagsOf(scene)).toEqual([['good', digestOf(other)]]);
  });
});
