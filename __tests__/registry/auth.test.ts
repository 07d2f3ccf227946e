import { afterEach, describe, expect, it } from 'vitest';
import { createFakeRegistry, type FakeSettings, serve } from '../../src/fake-registry/index.ts';
import type { Credential, RegistriesOptions } from '../../src/registry/index.ts';
import { makeBlob, makeImage, pushTo, seededBytes } from '../support/images.ts';
import { bytesOf, fakeClock, loginAs, sourceOf, type Wired, wired } from '../support/wire.ts';

const alice: Credential = { kind: 'basic', username: 'alice', password: 'p:w' };
const users = { alice: { password: 'p:w' } };
const bearer = { kind: 'bearer', users } as const;
const image = makeImage({ seed: 'auth' });

describe('credentials and tokens', () => {
  let wire: Wired;
  const start = async (
    settings: Partial<FakeSettings>,
    options: Partial<RegistriesOptions> = {},
  ) => {
    wire = await wired(settings, options);
    pushTo(wire.fake.store, 'team/app', 'v1', image);
    return wire.registries.repository(wire.host, 'team/app');
  };
  const paths = () => wire.fake.log.entries.map(({ path }) => path);
  const tokenRequests = () => paths().filter((path) => path === '/token').length;
  const unauthorized = () => wire.fake.log.entries.filter(({ status }) => status === 401).length;
  afterEach(() => wire.close());

  it('finds out once how a registry wants to be asked, and opens no upload for it', async () => {
    const repository = await start({ auth: bearer }, loginAs(alice));
    await repository.manifests.fetch('v1');
    await repository.manifests.resolve('v1');
    expect(wire.fake.log.entries.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v2/',
      'GET /token',
      'GET /v2/team/app/manifests/v1',
      'HEAD /v2/team/app/manifests/v1',
    ]);
    expect(wire.fake.log.writes()).toEqual([]);
  });

  it('sends a name and password only to a registry that asks for them', async () => {
    const repository = await start({}, loginAs(alice));
    await repository.manifests.fetch('v1');
    expect(wire.fake.log.entries.map(({ authorization }) => authorization)).toEqual([
      'none',
      'none',
    ]);
  });

  it('logs in by name and password', async () => {
    const repository = await start({ auth: { kind: 'basic', users } }, loginAs(alice));
    expect(await repository.manifests.resolve('v1')).toEqual(image.manifest.descriptor);
    expect(unauthorized()).toBe(1);
  });

  it('reads what anybody may read with an anonymous token', async () => {
    const repository = await start({ auth: { ...bearer, anonymous: ['pull'] } });
    expect((await repository.manifests.fetch('v1'))?.descriptor).toEqual(image.manifest.descriptor);
  });

  it('turns an identity token into access tokens', async () => {
    const auth = { ...bearer, identityTokens: { secret: 'alice' } };
    const repository = await start({ auth }, loginAs({ kind: 'identity-token', token: 'secret' }));
    const { descriptor, bytes } = makeBlob(seededBytes('identity', 10));
    await repository.blobs.push(descriptor, sourceOf(bytes));
    expect(await bytesOf(await repository.blobs.fetch(descriptor))).toEqual(Buffer.from(bytes));
  });

  it('asks for one token for many requests at once, and one for each scope', async () => {
    const repository = await start({ auth: bearer }, loginAs(alice));
    await Promise.all(Array.from({ length: 20 }, () => repository.manifests.resolve('v1')));
    expect(tokenRequests()).toBe(1);
    await repository.manifests.push(image.manifest, 'v2');
    await repository.manifests.push(image.manifest, 'v3');
    expect(tokenRequests()).toBe(2);
    await wire.registries.repository(wire.host, 'other/app').manifests.resolve('v1');
    expect(tokenRequests()).toBe(3);
  });

  it('renews a token before it ends, so that no request is refused', async () => {
    const clock = fakeClock();
    const repository = await start(
      { auth: { ...bearer, lifetime: 100 }, now: () => clock.now() },
      { ...loginAs(alice), clock },
    );
    await repository.manifests.resolve('v1');
    clock.advance(80_000);
    await repository.manifests.resolve('v1');
    expect(tokenRequests()).toBe(1);
    clock.advance(12_000);
    await repository.manifests.resolve('v1');
    expect(tokenRequests()).toBe(2);
    expect(unauthorized()).toBe(1);
  });

  it('answers the 401 of a token that ended early by one new token, however many requests it met', async () => {
    let now = 0;
    const repository = await start(
      { auth: { ...bearer, lifetime: 100 }, now: () => now },
      loginAs(alice),
    );
    await repository.manifests.resolve('v1');
    now += 1_000_000;
    const found = await Promise.all(
      Array.from({ length: 5 }, () => repository.manifests.resolve('v1')),
    );
    expect(found).toEqual(Array.from({ length: 5 }, () => image.manifest.descriptor));
    expect(tokenRequests()).toBe(2);
  });

  it('uploads on although the token ended between opening the upload and the bytes', async () => {
    let now = 0;
    const repository = await start(
      { auth: { ...bearer, lifetime: 100 }, now: () => now },
      loginAs(alice),
    );
    const { descriptor, bytes } = makeBlob(seededBytes('late', 100_000));
    let opened = 0;
    await repository.blobs.push(descriptor, async () => {
      opened += 1;
      if (opened === 1) now += 200_000;
      return sourceOf(bytes)();
    });
    expect(opened).toBe(2);
    expect(await repository.blobs.exists(descriptor.digest)).toBe(true);
  });

  it('gives up after one answer to a 401', async () => {
    const repository = await start(
      { auth: { kind: 'basic', users: { alice: { password: 'other' } } } },
      loginAs(alice),
    );
    await expect(repository.manifests.fetch('v1')).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      hint: expect.stringContaining(wire.host),
    });
    expect(unauthorized()).toBe(2);
  });

  it('names the registry, and no password, when the token service refuses', async () => {
    const repository = await start(
      { auth: { ...bearer, users: { alice: { password: 'other' } } } },
      loginAs(alice),
    );
    const error: Error = await repository.manifests.resolve('v1').catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(error.message).toContain(`${wire.host} refuses the credentials`);
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/p:w|cDp3/);
  });

  it('says DENIED where the account has not the right', async () => {
    const auth = {
      kind: 'basic',
      users: { alice: { password: 'p:w', actions: ['pull'] } },
    } as const;
    const repository = await start({ auth }, loginAs(alice));
    await expect(repository.manifests.push(image.manifest, 'v2')).rejects.toMatchObject({
      code: 'DENIED',
      status: 403,
      specCodes: ['DENIED'],
    });
  });

  it.each(['delete', '*'])(
    'deletes where the token service knows no "%s"',
    async (unknownAction) => {
      const repository = await start({ auth: { ...bearer, unknownAction } }, loginAs(alice));
      expect(await repository.tags.delete('v1')).toBe('deleted');
    },
  );

  it('asks for a delete with the right to push where the token service grants no more', async () => {
    const repository = await start({ auth: bearer }, loginAs(alice));
    wire.fake.faults.add({ path: /\/token\?.*(?:delete|\*)/, status: 403, times: 99 });
    await expect(repository.tags.delete('v1')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    const asked = wire.fake.log.entries.filter(({ path }) => path === '/token');
    const scopes = asked.map(({ query }) => new URLSearchParams(query).get('scope'));
    expect(scopes).toContain('repository:team/app:pull,push');
    expect(wire.fake.log.entries.map(({ method }) => method)).toContain('DELETE');
  });

  it('mounts with a token that may also read the other repository', async () => {
    await start({ auth: bearer }, loginAs(alice));
    const to = wire.registries.repository(wire.host, 'team/copy');
    const [config] = image.blobs;
    expect(await to.blobs.mount(config?.descriptor.digest ?? ('' as never), 'team/app')).toBe(
      'mounted',
    );
  });

  it('pings with credentials where they are asked for', async () => {
    await start({ auth: bearer }, loginAs({ ...alice, password: 'wrong' }));
    await expect(wire.registries.ping(wire.host)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('keeps credentials away once a redirect left the registry, and from its 401', async () => {
    const explain = async () => ({ from: 'the entry of alice', looked: [] });
    const credentials = { lookup: async () => alice, explain };
    const repository = await start({ auth: bearer }, { credentials });
    const elsewhere = createFakeRegistry({ auth: bearer });
    const stranger = await serve(elsewhere);
    const [config] = image.blobs;
    const at = `${stranger.origin}/v2/stolen/blobs/x`;
    wire.fake.faults.add({ path: /\/blobs\//, status: 307, headers: { location: at }, times: 9 });
    const fetched = repository.blobs.fetch(config?.descriptor ?? ('' as never));
    await expect(fetched).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      hint: expect.not.stringContaining('this run sent'),
    });
    expect(elsewhere.log.entries).toMatchObject([{ authorization: 'none', status: 401 }]);
    await stranger.close();
  });
});
