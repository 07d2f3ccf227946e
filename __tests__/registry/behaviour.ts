import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Digest, digestOf } from '../../src/oci/index.ts';
import { connect, type Registries, type Repository } from '../../src/registry/index.ts';
import { makeBlob, makeImage, makeIndex, seededBytes, type TestImage } from '../support/images.ts';
import { bytesOf, sourceOf, wireOptions } from '../support/wire.ts';

/** A registry that runs and may be filled. */
export interface RunningRegistry {
  /** `host:port`. */
  readonly host: string;
  stop(): Promise<void>;
}

async function pushImage(repository: Repository, image: TestImage, tag?: string): Promise<void> {
  for (const child of image.children) await pushImage(repository, child);
  for (const blob of image.blobs) {
    await repository.blobs.push(blob.descriptor, sourceOf(blob.bytes));
  }
  await repository.manifests.push(image.manifest, tag);
}

/** Says what every registry does that this tool speaks to, deletes allowed; the same for the fake and for real ones. */
export function describeRegistryBehaviour(
  name: string,
  start: () => Promise<RunningRegistry>,
): void {
  describe(name, () => {
    let running: RunningRegistry;
    let registries: Registries;
    const open = (repository: string) => registries.repository(running.host, repository);

    beforeAll(async () => {
      running = await start();
      registries = connect(wireOptions());
    });

    afterAll(async () => {
      await registries?.close();
      await running?.stop();
    });

    it('answers a ping', async () => {
      await expect(registries.ping(running.host)).resolves.toBeUndefined();
    });

    it('has nothing of a repository that nobody pushed to', async () => {
      const empty = open('nothing/here');
      const digest = digestOf(seededBytes('nothing', 10));
      expect(await empty.manifests.resolve('latest')).toBeUndefined();
      expect(await empty.manifests.fetch(digest)).toBeUndefined();
      expect(await empty.blobs.exists(digest)).toBe(false);
      expect(await empty.tags.list()).toBeUndefined();
      expect(await empty.referrers.list(digest)).toEqual([]);
      expect(await empty.manifests.delete(digest)).toBe('absent');
    });

    it('gives back every byte of an index and its images', async () => {
      const repository = open('round/trip');
      const images = ['a', 'b'].map((seed) => makeImage({ seed, layers: [100_000, 0, 300] }));
      const index = makeIndex(images);
      await pushImage(repository, index, 'v1');
      const fetched = await repository.manifests.fetch('v1');
      expect(fetched?.descriptor).toEqual(index.manifest.descriptor);
      expect(Buffer.compare(fetched?.raw ?? new Uint8Array(), index.manifest.raw)).toBe(0);
      expect(await repository.manifests.resolve('v1')).toEqual(index.manifest.descriptor);
      for (const { manifest, blobs } of images) {
        const { digest } = manifest.descriptor;
        expect(await repository.manifests.resolve(digest)).toEqual(manifest.descriptor);
        for (const { descriptor, bytes } of blobs) {
          const stream = await repository.blobs.fetch(descriptor);
          expect(Buffer.compare(await bytesOf(stream), bytes)).toBe(0);
        }
      }
    });

    it('counts bytes and not characters of a manifest with umlauts', async () => {
      const repository = open('umlauts');
      const image = makeImage({ seed: 'umlaut', annotations: { city: 'Zürich' } });
      await pushImage(repository, image, 'v1');
      const resolved = await repository.manifests.resolve('v1');
      expect(resolved?.size).toBe(image.manifest.raw.byteLength);
    });

    it('refuses a manifest whose blobs it lacks, and takes it once they are there', async () => {
      const repository = open('incomplete');
      const image = makeImage({ seed: 'incomplete' });
      const codes = (error: { specCodes: string[] }) => error.specCodes;
      const refusal = await repository.manifests.push(image.manifest, 'v1').catch(codes);
      expect(refusal).toContain('MANIFEST_BLOB_UNKNOWN');
      await pushImage(repository, image, 'v1');
      expect(await repository.tags.list()).toEqual(['v1']);
    });

    it('refuses a blob that is not what its digest names', async () => {
      const repository = open('damaged');
      const { descriptor, bytes } = makeBlob(seededBytes('damaged', 1000));
      const other = Uint8Array.from(bytes).reverse();
      const push = repository.blobs.push(descriptor, sourceOf(other));
      await expect(push).rejects.toMatchObject({ status: 400, specCodes: ['DIGEST_INVALID'] });
      expect(await repository.blobs.exists(descriptor.digest)).toBe(false);
    });

    it('mounts a blob from another repository', async () => {
      const { descriptor, bytes } = makeBlob(seededBytes('mounted', 5000));
      await open('mount/from').blobs.push(descriptor, sourceOf(bytes));
      const to = open('mount/to');
      expect(await to.blobs.mount(descriptor.digest, 'mount/from')).toBe('mounted');
      expect(Buffer.compare(await bytesOf(await to.blobs.fetch(descriptor)), bytes)).toBe(0);
      const unknown = makeBlob(seededBytes('unknown', 10)).descriptor.digest;
      expect(await to.blobs.mount(unknown, 'mount/from')).toBe('refused');
    });

    it('moves a tag to the manifest that was pushed last', async () => {
      const repository = open('moved');
      const [before, after] = [makeImage({ seed: 'before' }), makeImage({ seed: 'after' })];
      await pushImage(repository, before, 'v1');
      await pushImage(repository, after, 'v1');
      const { digest } = after.manifest.descriptor;
      expect((await repository.manifests.resolve('v1'))?.digest).toBe(digest);
      expect(await repository.manifests.resolve(before.manifest.descriptor.digest)).toBeDefined();
    });

    it('lists many tags', async () => {
      const repository = open('many/tags');
      const image = makeImage({ seed: 'many' });
      const tags = Array.from({ length: 20 }, (_, index) => `v${String(index).padStart(2, '0')}`);
      await pushImage(repository, image);
      for (const tag of tags) await repository.manifests.push(image.manifest, tag);
      expect([...((await repository.tags.list()) ?? [])].sort()).toEqual(tags);
    });

    it('drops every tag of a digest that is deleted', async () => {
      const repository = open('deleted');
      const [gone, kept] = [makeImage({ seed: 'gone' }), makeImage({ seed: 'kept' })];
      for (const tag of ['one', 'two']) await pushImage(repository, gone, tag);
      await pushImage(repository, kept, 'three');
      const digest: Digest = gone.manifest.descriptor.digest;
      expect(await repository.manifests.delete(digest)).toBe('deleted');
      expect(await repository.manifests.resolve('one')).toBeUndefined();
      expect(await repository.manifests.fetch('two')).toBeUndefined();
      expect(await repository.manifests.delete(digest)).toBe('absent');
      expect(await repository.manifests.resolve('three')).toEqual(kept.manifest.descriptor);
    });
  });
}
