import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeRegistry, serve } from '../../src/fake-registry/index.ts';
import { connect, type HostTrust, type RegistriesOptions } from '../../src/registry/index.ts';
import { isSameOwner, registrableDomain } from '../../src/registry/owner.ts';
import { guardedLookup, reachOf, refuseAddress } from '../../src/registry/reach.ts';
import { makeBlob, makeImage, pushTo, seededBytes } from '../support/images.ts';
import { bytesOf, loginAs, sourceOf, wireOptions } from '../support/wire.ts';

describe('an address', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.200.3.4', 'loopback'],
    ['0.0.0.0', 'loopback'],
    ['::1', 'loopback'],
    ['::', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00:ec2::254', 'private'],
    ['64:ff9b::a9fe:a9fe', 'link-local'],
    ['172.32.0.1', 'public'],
    ['203.0.113.7', 'public'],
    ['2600::1', 'public'],
    ['::ffff:8.8.8.8', 'public'],
  ] as const)('%s is %s', (address, reach) => {
    expect(reachOf(address)).toBe(reach);
  });

  const named = (by: Parameters<typeof refuseAddress>[0]['reach'], host: string) => () =>
    refuseAddress(
      { url: new URL('https://registry.test/v2/'), reach: by },
      new URL(`http://${host}/x`),
    );

  it.each([
    ['public', '203.0.113.7'],
    ['private', '10.0.0.1'],
    ['private', '203.0.113.7'],
    ['loopback', '127.0.0.1:5000'],
    ['loopback', '[::1]:5000'],
    ['loopback', '10.0.0.1'],
    ['link-local', '169.254.1.1'],
  ] as const)('that a %s registry names may be %s', (by, host) => {
    expect(named(by, host)).not.toThrow();
  });

  it.each([
    ['public', '10.0.0.1'],
    ['public', '127.0.0.1:5000'],
    ['public', '[::1]'],
    ['public', '2130706433'],
    ['public', '169.254.169.254'],
    ['private', '127.0.0.1'],
    ['private', '169.254.169.254'],
    ['loopback', '169.254.169.254'],
  ] as const)('that a %s registry names is never %s', (by, host) => {
    expect(named(by, host)).toThrow(expect.objectContaining({ code: 'BLOCKED' }));
  });

  it('is looked at when a name is connected to', async () => {
    const url = new URL('https://localhost:1/x');
    const look = guardedLookup({ url: new URL('https://registry.test/'), reach: 'public' }, url);
    const error = await new Promise((resolve) => look('localhost', {}, resolve));
    expect(error).toMatchObject({
      code: 'BLOCKED',
      message: 'registry.test leads to localhost:1, which lies on this machine: it was not asked.',
      hint: expect.stringMatching(/into certs\.d\/localhost:1/),
    });
    const inside = guardedLookup({ url: new URL('https://127.0.0.1/'), reach: 'loopback' }, url);
    expect(await new Promise((resolve) => inside('localhost', {}, resolve))).toBeNull();
  });
});

describe('the owner of a host', () => {
  it.each([
    ['registry-1.docker.io', 'docker.io'],
    ['auth.docker.io', 'docker.io'],
    ['quay.io', 'quay.io'],
    ['registry.example.co.uk', 'example.co.uk'],
    ['registry.example.com.au', 'example.com.au'],
    ['a.azurecr.io', 'a.azurecr.io'],
    ['10.0.0.1', '10.0.0.1'],
    ['[fd00::1]', '[fd00::1]'],
    ['registry', 'registry'],
    ['Registry.Example.COM.', 'example.com'],
  ])('of %s registered %s', (host, domain) => {
    expect(registrableDomain(host)).toBe(domain);
  });

  it.each([
    ['registry.gitlab.com', 'gitlab.com'],
    ['registry.redhat.io', 'sso.redhat.com'],
    ['10.0.0.1', '10.0.0.1'],
  ])('is the same for %s and %s', (one, other) => {
    expect(isSameOwner(one, other)).toBe(true);
  });

  it.each([
    ['quay.io', 'auth.evil.com'],
    ['quay.io', 'quay.io.evil.com'],
    ['a.co.uk', 'b.co.uk'],
    ['a.azurecr.io', 'b.azurecr.io'],
    ['10.0.0.1', '10.0.0.2'],
    ['registry', 'auth'],
    ['localhost', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.2'],
  ])('is another for %s and %s', (one, other) => {
    expect(isSameOwner(one, other)).toBe(false);
  });
});

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A registry that the world calls `registry.test`, behind a proxy, and one of this machine that it leads to. */
async function strangers(options: Partial<RegistriesOptions> = {}, listed?: string) {
  const fake = createFakeRegistry();
  pushTo(fake.store, 'app', 'v1', image);
  const served = await serve(fake);
  const asked: string[] = [];
  const inside = await listening(
    createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'nobody'}`);
      response.end('{"token":"t"}');
    }),
  );
  const proxy = await listening(
    createServer(async (request, response) => {
      const { pathname, search } = new URL(request.url ?? '');
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const given = fake.handle({
        method: request.method ?? '',
        url: pathname + search,
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(parts),
      });
      response.writeHead(given.status, given.headers).end(given.body);
    }),
  );
  const trustOf = (host: string): HostTrust => ({
    ...(host === 'registry.test' && { insecure: true }),
    ...(host === listed && { insecure: true, isListed: true }),
  });
  const registries = connect(
    wireOptions({
      trust: { lookup: async (host) => trustOf(host) },
      env: { http_proxy: `http://127.0.0.1:${proxy}`, https_proxy: 'http://127.0.0.1:1' },
      retry: { times: 0 },
      ...options,
    }),
  );
  onTestFinished(async () => {
    await registries.close();
    await served.close();
  });
  return { fake, inside, asked, app: registries.repository('registry.test', 'app') };
}

const image = makeImage({ seed: 'reach' });
const blob = makeBlob(seededBytes('reach', 100));
const layer = image.blobs[0];
if (!layer) throw new Error('no layer');
const alice = loginAs({ kind: 'basic', username: 'alice', password: 'secret' });

describe('a registry of the world', () => {
  it.each(['127.0.0.1', 'localhost'])('leads nobody by a redirect to %s', async (host) => {
    const { fake, inside, asked, app } = await strangers();
    const headers = { location: `http://${host}:${inside}/secret` };
    fake.faults.add({ method: 'GET', path: /blobs/, status: 307, headers });
    const read = async () => bytesOf(await app.blobs.fetch(layer.descriptor));
    await expect(read()).rejects.toMatchObject({
      code: 'BLOCKED',
      message: expect.stringMatching(`registry.test leads to ${host}:${inside}`),
    });
    expect(asked).toEqual([]);
  });

  it('leads no upload to this machine', async () => {
    const { fake, inside, asked, app } = await strangers();
    const headers = { location: `http://127.0.0.1:${inside}/upload` };
    fake.faults.add({ method: 'POST', status: 202, headers });
    await expect(app.blobs.push(blob.descriptor, sourceOf(blob.bytes))).rejects.toMatchObject({
      code: 'BLOCKED',
    });
    expect(asked).toEqual([]);
  });

  it('names no token service of this machine', async () => {
    const { fake, inside, asked, app } = await strangers();
    const headers = { 'www-authenticate': `Bearer realm="http://127.0.0.1:${inside}/token"` };
    fake.faults.add({ status: 401, headers, times: 9 });
    await expect(app.manifests.fetch('v1')).rejects.toMatchObject({ code: 'BLOCKED' });
    expect(asked).toEqual([]);
  });

  it('may lead to a host that the user lists', async () => {
    const { fake, inside, asked, app } = await strangers();
    const listing = await strangers({}, `127.0.0.1:${inside}`);
    const headers = { location: `http://127.0.0.1:${inside}/secret` };
    listing.fake.faults.add({ method: 'GET', path: /blobs/, status: 307, headers });
    const read = async () => bytesOf(await listing.app.blobs.fetch(layer.descriptor));
    await expect(read()).rejects.toMatchObject({ code: expect.not.stringMatching('BLOCKED') });
    expect(asked).toEqual(['GET /secret nobody']);
    expect(app.registry).toBe('registry.test');
    expect(fake.log.entries).toEqual([]);
  });
});

describe('credentials of a registry', () => {
  const challenge = (fake: ReturnType<typeof createFakeRegistry>, realm: string) =>
    fake.faults.add({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${realm}",service="s"` },
      times: 9,
    });

  it('are not sent to a token service of another owner, which the error names with the remedy', async () => {
    const { fake, app } = await strangers(alice);
    challenge(fake, 'http://auth.other.test/token');
    await expect(app.manifests.fetch('v1')).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
      message: expect.stringMatching(/registry\.test asks .* auth\.other\.test.* Nothing was sent/),
      hint: expect.stringContaining('add an entry for "auth.other.test"'),
    });
    expect(fake.log.entries.map(({ path }) => path)).toEqual(['/v2/']);
  });

  it('are those of the token service, where the user has some for it', async () => {
    const { fake, app } = await strangers({
      credentials: {
        ...alice.credentials,
        entryFor: async (host) =>
          host === 'auth.other.test'
            ? { kind: 'basic', username: 'bob', password: 'other' }
            : undefined,
      },
    });
    challenge(fake, 'http://auth.other.test/token');
    await expect(app.manifests.fetch('v1')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    const [, toService] = fake.log.entries;
    expect(toService).toMatchObject({ path: '/token', authorization: 'basic' });
    expect(toService?.query).toContain('account=bob');
  });
});
