import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pruneCache } from '../../src/archive/index.ts';
import { oneChunk } from '../../src/base/index.ts';
import { hexOf, referrersTag } from '../../src/oci/index.ts';
import { makeBlob, makeImage, makeIndex, seededBytes } from '../support/images.ts';
import { bytesOf, sourceOf } from '../support/wire.ts';
import { makeScene, pushInto } from './scene.ts';

const image = makeImage({ seed: 'cache', layers: [5_000, 0] });
const { digest } = image.manifest.descriptor;
const [, layer = makeBlob(new Uint8Array())] = image.blobs;

describe('a cache', () => {
  it('has nothing of a repository that nobody pushed to', async () => {
    const { manifests, blobs, tags, referrers } = makeScene().cache.repository('c', 'nothing/here');
    expect(await manifests.resolve('latest')).toBeUndefined();
    expect(await manifests.fetch(digest)).toBeUndefined();
    expect(await blobs.exists(digest)).toBe(false);
    expect(await tags.list()).toBeUndefined();
    expect(await referrers.list(digest)).toEqual([]);
    expect(await manifests.delete(digest)).toBe('absent');
    expect(await tags.delete('latest')).toBe('absent');
  });

  it('gives back every byte of an index and its images', async () => {
    const scene = makeScene();
    const index = makeIndex([image, makeImage({ seed: 'other' })]);
    await scene.add(index, 'ns/app', 'v1');
    const { manifests, blobs, tags } = scene.cache.repository('c', 'ns/app');
    expect((await manifests.fetch('v1'))?.raw).toEqual(index.manifest.raw);
    expect(await manifests.resolve(digest)).toEqual(image.manifest.descriptor);
    expect(Buffer.compare(await bytesOf(await blobs.fetch(layer.descriptor)), layer.bytes)).toBe(0);
    expect(await tags.list()).toEqual(['v1']);
    expect(await scene.cache.repositories()).toEqual(['ns/app']);
  });

  it("lies in the layout of oc-mirror's registry", async () => {
    const scene = makeScene();
    await scene.add(image, 'ns/app', 'v1');
    const root = join(scene.cache.directory, 'docker/registry/v2');
    const own = join(root, 'repositories/ns/app');
    const hex = hexOf(digest);
    const read = (path: string) => readFileSync(join(own, path), 'utf8');
    expect(read('_manifests/tags/v1/current/link')).toBe(digest);
    expect(read(`_manifests/tags/v1/index/sha256/${hex}/link`)).toBe(digest);
    expect(read(`_manifests/revisions/sha256/${hex}/link`)).toBe(digest);
    expect(read(`_layers/sha256/${hexOf(layer.descriptor.digest)}/link`)).toBe(
      layer.descriptor.digest,
    );
    expect(existsSync(join(root, 'blobs/sha256', hex.slice(0, 2), hex, 'data'))).toBe(true);
  });

  it('keeps nothing of a blob whose bytes are not what its digest names', async () => {
    const { cache } = makeScene();
    const { blobs } = cache.repository('c', 'ns/app');
    const wrong = blobs.push(layer.descriptor, sourceOf(seededBytes('wrong', 5_000)));
    await expect(wrong).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    const short = blobs.push(layer.descriptor, sourceOf(layer.bytes.subarray(1)));
    await expect(short).rejects.toMatchObject({ code: 'SIZE_MISMATCH' });
    const names = readdirSync(cache.directory, { recursive: true, withFileTypes: true });
    expect(names.filter((one) => one.isFile())).toEqual([]);
  });

  it('takes a blob of one repository for another without moving it', async () => {
    const scene = makeScene();
    await scene.add(image, 'ns/app');
    const { blobs } = scene.cache.repository('c', 'ns/other');
    expect(await blobs.exists(layer.descriptor.digest)).toBe(true);
    expect(await blobs.mount(digest, 'ns/app')).toBe('mounted');
  });

  it('counts a tag as absent of whose image something is lost or cut', async () => {
    const scene = makeScene();
    await scene.add(image, 'ns/app');
    const hex = hexOf(layer.descriptor.digest);
    truncateSync(
      join(scene.cache.directory, 'docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data'),
      17,
    );
    const { manifests } = scene.cache.repository('c', 'ns/app');
    expect(await manifests.resolve('latest')).toBeUndefined();
    await expect(manifests.push(image.manifest, 'again')).rejects.toMatchObject({
      specCodes: ['MANIFEST_BLOB_UNKNOWN'],
    });
  });

  it('forgets a blob that proves damaged, so that it comes again', async () => {
    const scene = makeScene();
    await scene.add(image, 'ns/app');
    const hex = hexOf(layer.descriptor.digest);
    const path = `docker/registry/v2/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
    writeFileSync(join(scene.cache.directory, path), seededBytes('bit rot', 5_000));
    const { blobs } = scene.cache.repository('c', 'ns/app');
    const reading = bytesOf(await blobs.fetch(layer.descriptor));
    await expect(reading).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(await blobs.exists(layer.descriptor.digest)).toBe(false);
  });

  it('removes a tag and leaves the manifest, or the manifest with its tags', async () => {
    const scene = makeScene();
    await scene.add(image, 'ns/app', 'v1');
    await scene.add(image, 'ns/app', 'v2');
    const { manifests, tags } = scene.cache.repository('c', 'ns/app');
    expect(await tags.delete('v1')).toBe('deleted');
    expect(await manifests.resolve(digest)).toBeDefined();
    expect(await manifests.delete(digest)).toBe('deleted');
    expect(await tags.list()).toEqual([]);
    expect(await manifests.resolve(digest)).toBeUndefined();
  });

  it('lists what refers to an image, by subject and by the tag for it', async () => {
    const scene = makeScene();
    await scene.add(image, 'ns/app');
    const subject = image.manifest.descriptor;
    const own = makeImage({ seed: 'attestation', subject, artifactType: 'application/x' });
    await pushInto(scene, own, ['ns/app']);
    const tagged = makeImage({ seed: 'signature' });
    await pushInto(scene, makeIndex([tagged]), ['ns/app', referrersTag(digest)]);
    const { referrers } = scene.cache.repository('c', 'ns/app');
    const found = await referrers.list(digest);
    expect(found.map((one) => one.digest)).toEqual([
      own.manifest.descriptor.digest,
      tagged.manifest.descriptor.digest,
    ]);
    expect(found[0]?.artifactType).toBe('application/x');
  });

  it('takes no name that leads out of it', () => {
    const { cache } = makeScene();
    expect(() => cache.repository('c', '../../etc')).toThrow('is no repository');
  });
});

describe('pruning a cache', () => {
  it('removes a tag and what nothing else reaches, with its signatures', async () => {
    const scene = makeScene();
    const shared = makeImage({ seed: 'shared' });
    const old = makeIndex([makeImage({ seed: 'old' }), shared]);
    const kept = makeIndex([makeImage({ seed: 'kept' }), shared]);
    const [gone, stays] = [
      await scene.add(old, 'ns/app', 'v1'),
      await scene.add(kept, 'ns/app', 'v2'),
    ];
    const signatureOf = (subject: string) => `${subject.replace(':', '-')}.sig`;
    await scene.add(makeImage({ seed: 'sig 1' }), 'ns/app', signatureOf(gone.digest));
    await scene.add(makeImage({ seed: 'sig 2' }), 'ns/app', signatureOf(stays.digest));
    const about = makeImage({ seed: 'sbom', subject: kept.manifest.descriptor });
    await pushInto(scene, about, ['ns/app']);
    await scene.add(makeImage({ seed: 'old' }), 'ns/other', 'v1');
    const pruned = await pruneCache(scene.cache, [gone]);
    // The index, and its signature with three blobs; the other repository still has the image of the index.
    expect(pruned).toMatchObject({ tags: 2, manifests: 3, blobs: 5 });
    const { manifests, tags, referrers } = scene.cache.repository('c', 'ns/app');
    expect(await tags.list()).toEqual([signatureOf(stays.digest), 'v2'].sort());
    expect((await manifests.resolve('v2'))?.digest).toBe(stays.digest);
    expect(await referrers.list(stays.digest)).toHaveLength(1);
    const other = scene.cache.repository('c', 'ns/other');
    expect(await other.manifests.resolve('v1')).toBeDefined();
    expect(await pruneCache(scene.cache, [gone])).toMatchObject({ tags: 0, blobs: 0, bytes: 0 });
  });

  it('keeps everything of a repository with a manifest that it cannot read', async () => {
    const scene = makeScene();
    const app = await scene.add(image, 'ns/app', 'v1');
    const strange = makeBlob(Buffer.from('{"schemaVersion": 1}'));
    await scene.cache.files.write(strange.descriptor, oneChunk(strange.bytes));
    await scene.cache.links('ns/app').setTag('odd', strange.descriptor.digest);
    await scene.cache.links('ns/app').addRevision(strange.descriptor.digest);
    const pruned = await pruneCache(scene.cache, [app]);
    expect(pruned).toEqual({ tags: 1, manifests: 0, blobs: 0, bytes: 0 });
  });
});
