import { describe, expect, it, onTestFinished } from 'vitest';
import { ensureRepository, type FakeSettings } from '../../src/fake-registry/index.ts';
import { createRemover, type Remover, type TaggedDigest } from '../../src/mirror/index.ts';
import { createPlaceholder, placeholderBlobs } from '../../src/mirror/placeholder.ts';
import type { Repository } from '../../src/registry/index.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { wired } from '../support/wire.ts';
import { linesOf } from './scene.ts';

const image = makeImage({ seed: 'image' });
const { digest } = image.manifest.descriptor;

/** A repository `app` with one image under three tags. */
async function makeTarget(settings: Partial<FakeSettings> = {}) {
  const wire = await wired(settings);
  onTestFinished(wire.close);
  for (const tag of ['v1', 'v2', 'stays']) pushTo(wire.fake.store, 'app', tag, image);
  const { tags, manifests } = ensureRepository(wire.fake.store, 'app');
  const app = wire.registries.repository(wire.host, 'app');
  return { fake: wire.fake, app, tags, manifests, asked: () => linesOf(wire.fake) };
}

/** Removes one tag; what failed is thrown. */
async function untag(app: Repository, one: TaggedDigest, remover: Remover = createRemover(4)) {
  const untagging = (await remover.untag(app, [one])).get(one.tag);
  if (untagging?.is === 'failed') throw untagging.error;
  return untagging?.is;
}

const v1 = { tag: 'v1', digest };
const v2 = { tag: 'v2', digest };

describe('a tag that is removed', () => {
  it('goes by one request where the registry removes tags', async () => {
    const { app, tags, manifests, asked } = await makeTarget();
    expect(await untag(app, v1)).toBe('untagged');
    expect([...tags.keys()]).toEqual(['v2', 'stays']);
    expect([...manifests.keys()]).toEqual([digest]);
    expect(asked()).toEqual(['DELETE app manifests/v1']);
  });

  it('that is not there is absent', async () => {
    const { app, tags } = await makeTarget();
    tags.delete('v1');
    expect(await untag(app, v1)).toBe('absent');
  });

  it('is not taken for gone where a registry says 404 to the request itself', async () => {
    const { fake, app, tags, manifests } = await makeTarget();
    fake.faults.add({ method: 'DELETE', path: /manifests\/v1$/, status: 404, times: 9 });
    expect(await untag(app, v1)).toBe('replaced');
    expect([...tags.keys()]).toEqual(['v2', 'stays']);
    expect(manifests.has(digest)).toBe(true);
  });

  it.each(['off', 'unsupported'] as const)(
    'goes by way of a placeholder where the registry removes none (%s), and leaves the image',
    async (tagDelete) => {
      const { app, tags, manifests, asked } = await makeTarget({ tagDelete });
      expect(await untag(app, v1)).toBe('replaced');
      expect([...tags]).toEqual([
        ['v2', digest],
        ['stays', digest],
      ]);
      expect([...manifests.keys()]).toEqual([digest]);
      const lines = asked();
      expect(lines.indexOf('PUT app manifests/v1')).toBeLessThan(
        lines.indexOf('DELETE app manifests/@'),
      );
    },
  );

  it.each([400, 405, 409, 412])(
    'stays where the registry lets no tag move (%i)',
    async (status) => {
      const { fake, app, tags } = await makeTarget({ tagDelete: 'off' });
      fake.faults.add({ method: 'PUT', path: /manifests\/v1$/, status, times: 9 });
      expect(await untag(app, v1)).toBe('immovable');
      expect(tags.get('v1')).toBe(digest);
    },
  );

  it('teaches what the registry cannot: later ones do not ask again', async () => {
    const { app, fake, asked } = await makeTarget({ tagDelete: 'off' });
    const remover = createRemover(4);
    await untag(app, v1, remover);
    fake.log.clear();
    await untag(app, v2, remover);
    expect(asked()).toEqual([
      'HEAD app blobs/@',
      'HEAD app blobs/@',
      'PUT app manifests/v2',
      'DELETE app manifests/@',
    ]);
  });

  it('names its image again where nothing can be deleted at all', async () => {
    const { app, tags, asked, fake } = await makeTarget({ tagDelete: 'off', digestDelete: 'off' });
    const remover = createRemover(4);
    expect(await untag(app, v1, remover)).toBe('unsupported');
    expect(tags.get('v1')).toBe(digest);
    fake.log.clear();
    expect(await untag(app, v2, remover)).toBe('unsupported');
    expect(asked()).toEqual([]);
  });

  it.each([401, 403, 409, 500])(
    'stays where the answer is %i: that is a failure and no "cannot"',
    async (status) => {
      const { app, fake, tags, asked } = await makeTarget();
      fake.faults.add({ method: 'DELETE', status, times: 99 });
      await expect(untag(app, v1)).rejects.toMatchObject({ status });
      expect(tags.get('v1')).toBe(digest);
      expect(asked().filter((line) => !line.startsWith('DELETE'))).toEqual([]);
    },
  );

  it('is removed by whoever asks next when the first who asked failed', async () => {
    const { app, fake, tags } = await makeTarget({ tagDelete: 'off' });
    const remover = createRemover(4);
    fake.faults.add({ method: 'DELETE', status: 403 });
    const outcomes = await Promise.allSettled([untag(app, v1, remover), untag(app, v2, remover)]);
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
      'failed',
      'replaced',
    ]);
    expect([...tags.keys()]).toEqual(['v1', 'stays']);
  });

  it('goes with others by one placeholder, which is deleted once when all of them name it', async () => {
    const { app, tags, manifests, asked } = await makeTarget({ tagDelete: 'off' });
    const untagged = await createRemover(4).untag(app, [v1, v2]);
    expect([...untagged.values()]).toEqual([{ is: 'replaced' }, { is: 'replaced' }]);
    expect([...tags]).toEqual([['stays', digest]]);
    expect([...manifests.keys()]).toEqual([digest]);
    const written = asked().filter((line) => /^(PUT|DELETE) app manifests\/(v\d|@)$/.test(line));
    expect(written.slice(-3).sort()).toEqual([
      'DELETE app manifests/@',
      'PUT app manifests/v1',
      'PUT app manifests/v2',
    ]);
    expect(written.at(-1)).toBe('DELETE app manifests/@');
  });

  it('is asked for by one alone as long as nobody knows whether the registry can', async () => {
    const { app, tags, asked } = await makeTarget({ tagDelete: 'off', digestDelete: 'off' });
    const remover = createRemover(4);
    const outcomes = await Promise.all([v1, v2].map((one) => untag(app, one, remover)));
    expect(outcomes).toEqual(['unsupported', 'unsupported']);
    expect(asked().filter((line) => line === 'DELETE app manifests/v1')).toHaveLength(1);
    expect(asked()).not.toContain('DELETE app manifests/v2');
    expect([...tags.values()]).toEqual([digest, digest, digest]);
  });

  it('leaves a placeholder that a later run knows when the run ends between the two steps', async () => {
    const { app, fake, tags } = await makeTarget({ tagDelete: 'off' });
    fake.faults.add({ method: 'DELETE', path: /sha256:/, status: 500, times: 99 });
    await expect(untag(app, v1)).rejects.toMatchObject({ status: 500 });
    expect(tags.get('v1')).toBe(createPlaceholder('app').descriptor.digest);
    fake.faults.clear();
    expect(await untag(app, v1)).toBe('replaced');
    expect([...tags.keys()]).toEqual(['v2', 'stays']);
  });

  it('does not need the bytes of a placeholder pushed twice', async () => {
    const { app, fake, asked } = await makeTarget({ tagDelete: 'off' });
    const { blobs } = ensureRepository(fake.store, 'app');
    for (const { descriptor, bytes } of placeholderBlobs) blobs.set(descriptor.digest, bytes);
    await untag(app, v1);
    expect(asked().filter((line) => line.includes('uploads'))).toEqual([]);
  });
});

describe('a manifest that is deleted', () => {
  it('goes with every tag of it', async () => {
    const { app, tags, manifests } = await makeTarget();
    expect(await createRemover(4).delete(app, digest)).toBe('deleted');
    expect([tags.size, manifests.size]).toEqual([0, 0]);
    expect(await createRemover(4).delete(app, digest)).toBe('absent');
  });

  it('stays where the registry deletes nothing, which is asked once', async () => {
    const { app, tags, asked } = await makeTarget({ digestDelete: 'off' });
    const remover = createRemover(4);
    const outcomes = [await remover.delete(app, digest), await remover.delete(app, digest)];
    expect(outcomes).toEqual(['unsupported', 'unsupported']);
    expect(asked()).toHaveLength(1);
    expect(tags.size).toBe(3);
  });
});
