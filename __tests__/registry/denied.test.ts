import { afterEach, describe, expect, it } from 'vitest';
import type { FakeSettings } from '../../src/fake-registry/index.ts';
import type { Credential, RegistriesOptions } from '../../src/registry/index.ts';
import { makeBlob, makeImage, pushTo, seededBytes } from '../support/images.ts';
import { loginAs, sourceOf, type Wired, wired } from '../support/wire.ts';

const alice: Credential = { kind: 'basic', username: 'alice', password: 'secret' };
const users = { alice: { password: 'secret' } };
const bearer = { kind: 'bearer', users, anonymous: ['pull'] } as const;
const image = makeImage({ seed: 'denied' });
const { digest } = image.manifest.descriptor;

const registries: readonly (readonly [string, Partial<FakeSettings>])[] = [
  ['whose tokens do not cover it', { auth: bearer, unknownRepository: 'ungranted' }],
  ['whose token service refuses it', { auth: bearer, unknownRepository: 'token-refused' }],
  ['that denies it', { auth: { kind: 'basic', users }, unknownRepository: 'denied' }],
];

describe('a repository that does not exist, at a registry', () => {
  let wire: Wired;
  const start = async (
    settings: Partial<FakeSettings>,
    options: Partial<RegistriesOptions> = loginAs(alice),
  ) => {
    wire = await wired(settings, options);
    pushTo(wire.fake.store, 'there', 'v1', image);
    return (name: string, denial: 'absence' | 'error' = 'absence') =>
      wire.registries.repository(wire.host, name, { denial });
  };
  const log = () => wire.fake.log.entries.map(({ method, path }) => `${method} ${path}`);
  afterEach(() => wire.close());

  it.each(registries)('%s is absent, where nothing says that it exists', async (_, settings) => {
    const open = await start(settings);
    const { manifests, tags, blobs, referrers } = open('new/app');
    expect(await tags.list()).toBeUndefined();
    expect(await manifests.resolve('v1')).toBeUndefined();
    expect(await manifests.fetch(digest)).toBeUndefined();
    expect(await blobs.exists(digest)).toBe(false);
    expect(await referrers.list(digest)).toEqual([]);
    expect([...wire.fake.store.keys()]).toEqual(['there']);
  });

  it.each(registries)(
    '%s is made by the first push, and read from then on',
    async (_, settings) => {
      const open = await start(settings);
      const { manifests, blobs, tags } = open('new/app');
      expect(await manifests.resolve('v1')).toBeUndefined();
      for (const blob of image.blobs) await blobs.push(blob.descriptor, sourceOf(blob.bytes));
      await manifests.push(image.manifest, 'v1');
      expect(await manifests.resolve('v1')).toEqual(image.manifest.descriptor);
      expect(await tags.list()).toEqual(['v1']);
    },
  );

  it.each(registries)('%s is an error for whoever knows that it exists', async (_, settings) => {
    const open = await start(settings);
    await expect(open('new/app', 'error').tags.list()).rejects.toMatchObject({
      status: expect.toSatisfy((status: number) => status === 401 || status === 403),
    });
  });

  it.each(registries)('%s is an error with a wrong password, and quickly', async (_, settings) => {
    const open = await start(settings, loginAs({ ...alice, password: 'wrong' }));
    await expect(open('new/app').manifests.fetch('v1')).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
    });
    expect(log().length).toBeLessThan(8);
  });

  it('is an error for nobody in particular: nobody can write there', async () => {
    const open = await start({ auth: bearer, unknownRepository: 'ungranted' }, {});
    await expect(open('new/app').tags.list()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('is absent where the token service answers that it knows no such repository', async () => {
    const open = await start({ auth: bearer });
    wire.fake.faults.add({ path: /\/token\?.*new(?:\/|%2F)app/, status: 404, times: 99 });
    expect(await open('new/app').tags.list()).toBeUndefined();
    await expect(open('new/app', 'error').tags.list()).rejects.toMatchObject({ code: 'DENIED' });
  });

  it('is no longer absent once it has answered otherwise', async () => {
    const open = await start({ auth: { kind: 'basic', users } });
    expect(await open('there').tags.list()).toEqual(['v1']);
    wire.fake.faults.add({ path: /there/, status: 403 });
    await expect(open('there').tags.list()).rejects.toMatchObject({ code: 'DENIED' });
  });
});

describe('one token', () => {
  let wire: Wired;
  afterEach(() => wire.close());
  const blob = makeBlob(seededBytes('token', 100));
  const scopes = () =>
    wire.fake.log.entries
      .filter(({ path }) => path === '/token')
      .map(({ query }) => new URLSearchParams(query).getAll('scope').join(' '));

  it('serves reads and writes of a repository that is written to', async () => {
    wire = await wired({ auth: bearer }, loginAs(alice));
    const { manifests, blobs } = wire.registries.repository(wire.host, 'app');
    await manifests.resolve('v1');
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    await manifests.resolve('v1');
    await blobs.exists(blob.descriptor.digest);
    expect(scopes()).toEqual(['repository:app:pull', 'repository:app:pull,push']);
  });

  it('for reading is asked for alone where the wider one is refused', async () => {
    const auth = { kind: 'bearer', users: { alice: { password: 'secret', actions: ['pull'] } } };
    wire = await wired(
      { auth: { ...auth, kind: 'bearer', unknownAction: 'push' } },
      loginAs(alice),
    );
    pushTo(wire.fake.store, 'app', 'v1', image);
    const { manifests, blobs } = wire.registries.repository(wire.host, 'app');
    const push = blobs.push(blob.descriptor, sourceOf(blob.bytes));
    await expect(push).rejects.toMatchObject({ status: 400 });
    expect(await manifests.resolve('v1')).toEqual(image.manifest.descriptor);
  });
});
