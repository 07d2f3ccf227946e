import { afterEach, describe, expect, it } from 'vitest';
import { ensureRepository, type FakeSettings } from '../../src/fake-registry/index.ts';
import { digestOf, mediaTypes, parseManifest, referrersTag } from '../../src/oci/index.ts';
import { makeImage, makeIndex, pushTo, type TestImage } from '../support/images.ts';
import { type Wired, wired } from '../support/wire.ts';

const image = makeImage({ seed: 'manifest' });
const { descriptor } = image.manifest;

describe('the content of a repository', () => {
  let wire: Wired;
  const start = async (settings: Partial<FakeSettings> = {}) => {
    wire = await wired(settings);
    pushTo(wire.fake.store, 'app', 'v1', image);
    return wire.registries.repository(wire.host, 'app');
  };
  const asked = () => wire.fake.log.entries.slice(1).map(({ method }) => method);
  afterEach(() => wire.close());

  it('is resolved by one HEAD', async () => {
    const repository = await start();
    expect(await repository.manifests.resolve('v1')).toEqual(descriptor);
    expect(await repository.manifests.resolve(descriptor.digest)).toEqual(descriptor);
    expect(asked()).toEqual(['HEAD', 'HEAD']);
  });

  it('is digested here where HEAD names no digest', async () => {
    const repository = await start({ digestHeader: 'absent' });
    expect(await repository.manifests.resolve('v1')).toEqual(descriptor);
    expect(asked()).toEqual(['HEAD', 'GET']);
  });

  it.each([400, 401, 403, 405, 406, 500, 501, 502])(
    'is fetched where HEAD is answered %i',
    async (status) => {
      const repository = await start();
      wire.fake.faults.add({ method: 'HEAD', status });
      expect(await repository.manifests.resolve('v1')).toEqual(descriptor);
      expect(asked()).toEqual(['HEAD', 'GET']);
    },
  );

  it('is not asked for by HEAD again at a host that refused it, and may be missing there', async () => {
    const repository = await start();
    wire.fake.faults.add({ method: 'HEAD', status: 405 });
    await repository.manifests.resolve('v1');
    expect(await repository.manifests.resolve('v2')).toBeUndefined();
    expect(asked()).toEqual(['HEAD', 'GET', 'GET']);
  });

  it.each([403, 404])('is fetched where HEAD is led to storage that answers %i', async (status) => {
    const repository = await start();
    const headers = { location: '/storage/1' };
    wire.fake.faults.add(
      { method: 'HEAD', path: /manifests/, status: 307, headers },
      { method: 'HEAD', path: /storage/, status },
    );
    expect(await repository.manifests.resolve('v1')).toEqual(descriptor);
  });

  it('fails as GET fails, when HEAD and GET do', async () => {
    const repository = await start();
    wire.fake.faults.add({ path: /manifests/, status: 403, times: 2 });
    await expect(repository.manifests.resolve('v1')).rejects.toMatchObject({
      code: 'DENIED',
      method: 'GET',
    });
  });

  it.each(['v1', descriptor.digest])(
    'is not taken when the bytes of %s are others',
    async (name) => {
      const repository = await start();
      wire.fake.faults.add({ method: 'GET', path: /manifests/, corrupt: true });
      await expect(repository.manifests.fetch(name)).rejects.toMatchObject({
        code: 'DIGEST_MISMATCH',
        expected: descriptor.digest,
      });
    },
  );

  it('is not taken when it is no manifest, or larger than any', async () => {
    const repository = await start({ digestHeader: 'absent' });
    const { manifests, tags } = ensureRepository(wire.fake.store, 'app');
    const put = (tag: string, bytes: Uint8Array) => {
      manifests.set(tag, { mediaType: mediaTypes.ociManifest, bytes });
      tags.set(tag, tag);
    };
    put('login', new TextEncoder().encode('<html>Log in</html>'));
    put('huge', new Uint8Array(4 * 1024 * 1024 + 1));
    await expect(repository.manifests.fetch('login')).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
    });
    await expect(repository.manifests.fetch('huge')).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('keeps a manifest of sha512 under its own name', async () => {
    const repository = await start();
    const long = parseManifest(image.manifest.raw, undefined, 'sha512');
    await repository.manifests.push(long);
    expect((await repository.manifests.fetch(long.descriptor.digest))?.descriptor).toEqual(
      long.descriptor,
    );
  });

  it('is not pushed when the registry answers with the digest of something else', async () => {
    const repository = await start();
    const headers = { 'docker-content-digest': digestOf(new Uint8Array()) };
    wire.fake.faults.add({ method: 'PUT', status: 201, headers });
    await expect(repository.manifests.push(image.manifest, 'v2')).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
  });

  it('names every missing blob of a refused manifest', async () => {
    const repository = await start();
    const other = makeImage({ seed: 'other', layers: [1, 2, 3] });
    await expect(repository.manifests.push(other.manifest, 'v2')).rejects.toMatchObject({
      specCodes: Array.from({ length: 4 }, () => 'MANIFEST_BLOB_UNKNOWN'),
    });
  });

  it('loses a tag and keeps the manifest', async () => {
    const repository = await start();
    expect(await repository.tags.delete('v1')).toBe('deleted');
    expect(await repository.tags.delete('v1')).toBe('absent');
    expect(await repository.manifests.resolve(descriptor.digest)).toEqual(descriptor);
  });

  it.each(['off', 'unsupported'] as const)(
    'keeps a tag where deleting is %s, by that name',
    async (tagDelete) => {
      const repository = await start({ tagDelete });
      await expect(repository.tags.delete('v1')).rejects.toMatchObject({ code: 'UNSUPPORTED' });
      expect(await repository.manifests.resolve('v1')).toEqual(descriptor);
      expect(wire.fake.log.writes()).toHaveLength(1);
    },
  );

  it('says UNSUPPORTED where no digest can be deleted', async () => {
    const repository = await start({ digestDelete: 'off' });
    await expect(repository.manifests.delete(descriptor.digest)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      hint: expect.stringContaining('storage.delete.enabled'),
    });
  });

  it('lists tags over all pages', async () => {
    const repository = await start({ pageSize: 3 });
    const tags = Array.from({ length: 10 }, (_, index) => `t${index}`);
    for (const tag of tags) pushTo(wire.fake.store, 'app', tag, image);
    expect(await repository.tags.list()).toEqual([...tags, 'v1']);
    expect(asked()).toEqual(['GET', 'GET', 'GET', 'GET']);
  });

  it('does not follow a next page to another host', async () => {
    const repository = await start();
    const headers = { link: '<https://elsewhere.test/v2/app/tags/list>; rel="next"' };
    wire.fake.faults.add({ path: /tags/, status: 200, headers, body: '{"tags":["v1"]}' });
    await expect(repository.tags.list()).rejects.toMatchObject({ code: 'UNEXPECTED_STATUS' });
  });

  it('does not turn the same pages for ever', async () => {
    const repository = await start();
    const headers = { link: '</v2/app/tags/list?last=v1>; rel="next"' };
    wire.fake.faults.add({ path: /tags/, status: 200, headers, body: '{"tags":["v1"]}', times: 9 });
    await expect(repository.tags.list()).rejects.toMatchObject({ code: 'UNEXPECTED_STATUS' });
    expect(asked()).toEqual(['GET', 'GET']);
  });

  it('has no tags where a registry says null, and none are listed of an unknown repository', async () => {
    const repository = await start();
    wire.fake.faults.add({ path: /tags/, status: 200, body: '{"name":"app","tags":null}' });
    expect(await repository.tags.list()).toEqual([]);
    expect(await wire.registries.repository(wire.host, 'none').tags.list()).toBeUndefined();
  });

  it('does not take a login page for a list of tags', async () => {
    const repository = await start();
    wire.fake.faults.add({ path: /tags/, status: 200, body: '<html>Log in</html>' });
    await expect(repository.tags.list()).rejects.toMatchObject({ code: 'UNEXPECTED_STATUS' });
  });

  const sign = (count: number): readonly TestImage[] =>
    Array.from({ length: count }, (_, index) =>
      makeImage({
        seed: `signature ${index}`,
        subject: descriptor,
        artifactType: 'test/signature',
      }),
    );

  it('finds what refers to a manifest by the API, over all pages', async () => {
    const repository = await start({ pageSize: 2 });
    const signatures = sign(5);
    for (const one of signatures) pushTo(wire.fake.store, 'app', undefined, one);
    const found = await repository.referrers.list(descriptor.digest);
    expect(found.map(({ digest }) => digest)).toEqual(
      signatures.map(({ manifest }) => manifest.descriptor.digest),
    );
    expect(found[0]?.artifactType).toBe('test/signature');
    expect(asked()).toEqual(['GET', 'GET', 'GET']);
  });

  it('finds what refers to a manifest by its tag where there is no API, which it asks for once', async () => {
    const repository = await start({ referrers: 'off' });
    const signatures = sign(2);
    pushTo(wire.fake.store, 'app', referrersTag(descriptor.digest), makeIndex(signatures));
    const found = await repository.referrers.list(descriptor.digest);
    expect(found.map(({ digest }) => digest)).toEqual(
      signatures.map(({ manifest }) => manifest.descriptor.digest),
    );
    await repository.referrers.list(descriptor.digest);
    expect(wire.fake.log.entries.filter(({ path }) => path.includes('/referrers/'))).toHaveLength(
      1,
    );
  });

  it('finds by its tag, cut as the specification says, what refers to a sha512 digest', async () => {
    const repository = await start({ referrers: 'off' });
    const long = digestOf(image.manifest.raw, 'sha512');
    pushTo(wire.fake.store, 'app', `sha512-${long.slice(7, 71)}`, makeIndex(sign(1)));
    expect(await repository.referrers.list(long)).toHaveLength(1);
  });
});
