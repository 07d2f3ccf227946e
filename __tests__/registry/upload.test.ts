import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ContentError } from '../../src/errors.ts';
import {
  createFakeRegistry,
  ensureRepository,
  type FakeSettings,
  serve,
} from '../../src/fake-registry/index.ts';
import { makeBlob, seededBytes } from '../support/images.ts';
import {
  type FakeClock,
  fakeClock,
  loginAs,
  sourceOf,
  type Wired,
  wired,
} from '../support/wire.ts';

const blob = makeBlob(seededBytes('upload', 300_000));
const mebibyte = 1024 * 1024;
const madeOf = (bytes: number) =>
  makeBlob(new Uint8Array(Uint32Array.from({ length: bytes / 4 }, (_, index) => index).buffer));
/** Two and a bit of the chunks that are sent where nothing else is asked for. */
let large: typeof blob;
/** One and a bit. */
let medium: typeof blob;
beforeAll(() => {
  [large, medium] = [madeOf(33 * mebibyte), madeOf(17 * mebibyte)];
});
// Other tests follow in the same process, and a process that holds much memory starts children slowly.
afterAll(() => {
  [large, medium] = [blob, blob];
});

describe('a blob that is pushed', () => {
  let wire: Wired;
  let clock: FakeClock;
  const start = async (settings: Partial<FakeSettings> = {}) => {
    clock = fakeClock();
    wire = await wired(settings, { clock });
    return wire.registries.repository(wire.host, 'app').blobs;
  };
  const stored = () => ensureRepository(wire.fake.store, 'app');
  const asked = () => wire.fake.log.entries.slice(1).map(({ method }) => method);
  /** Compares all bytes at once: `toEqual` compares them one by one, which takes a second. */
  const isStoredWhole = ({ descriptor, bytes }: typeof blob) => {
    const found = stored().blobs.get(descriptor.digest);
    return found !== undefined && Buffer.compare(found, bytes) === 0;
  };
  afterEach(() => wire.close());

  it('takes a POST and one PUT', async () => {
    const blobs = await start();
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    expect(asked()).toEqual(['POST', 'PUT']);
    expect(isStoredWhole(blob)).toBe(true);
    expect(wire.registries.traffic()).toMatchObject({ writes: 2, bytesSent: 300_000 });
  });

  it('may be empty', async () => {
    const blobs = await start();
    const empty = makeBlob(new Uint8Array());
    await blobs.push(empty.descriptor, sourceOf(empty.bytes));
    expect(stored().blobs.has(empty.descriptor.digest)).toBe(true);
  });

  it.each(['POST', 'PUT'])('starts over when the answer to %s is lost or bad', async (method) => {
    const blobs = await start();
    wire.fake.faults.add({ method, reset: true }, { method, status: 502 });
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    expect(stored().blobs.has(blob.descriptor.digest)).toBe(true);
    expect(wire.registries.traffic().retries).toBe(2);
  });

  it('starts over when the registry has lost the upload, as one behind a balancer does', async () => {
    const blobs = await start();
    const body = '{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}';
    wire.fake.faults.add({ method: 'PUT', status: 404, body });
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    expect(asked()).toEqual(['POST', 'PUT', 'POST', 'PUT']);
  });

  it('passes on what its source says, unchanged and at once, and gives the upload up', async () => {
    const blobs = await start();
    const failure = new ContentError('DIGEST_MISMATCH', 'the source is damaged');
    const source = async () =>
      (async function* () {
        yield blob.bytes.subarray(0, 100_000);
        throw failure;
      })();
    await expect(blobs.push(blob.descriptor, source)).rejects.toBe(failure);
    expect(clock.slept).toEqual([]);
    expect(asked()).toEqual(['POST', 'DELETE']);
    expect(stored().uploads.size).toBe(0);
  });

  it('passes on that its source cannot be opened', async () => {
    const blobs = await start();
    const failure = new Error('no such source');
    await expect(blobs.push(blob.descriptor, () => Promise.reject(failure))).rejects.toBe(failure);
  });

  it('fails when its source is shorter than promised', async () => {
    const blobs = await start();
    const push = blobs.push(blob.descriptor, sourceOf(blob.bytes.subarray(1)));
    await expect(push).rejects.toMatchObject({ code: 'SIZE_MISMATCH' });
    expect(stored().blobs.size).toBe(0);
  });

  it('goes in chunks of the length that a registry asks for', async () => {
    const blobs = await start({ chunkMinLength: 20 * mebibyte });
    await blobs.push(large.descriptor, sourceOf(large.bytes, 1_000_003));
    expect(asked()).toEqual(['POST', 'PATCH', 'PATCH', 'PUT']);
    expect(stored().blobs.get(large.descriptor.digest)).toHaveLength(33 * mebibyte);
  });

  it('goes in chunks once a proxy said that a body is too long, and stays so for that host', async () => {
    const blobs = await start({ maxBodyBytes: 17 * mebibyte });
    await blobs.push(large.descriptor, sourceOf(large.bytes, 1_000_003));
    expect(asked()).toEqual(['POST', 'PUT', 'DELETE', 'POST', 'PATCH', 'PATCH', 'PATCH', 'PUT']);
    wire.fake.log.clear();
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    expect(asked()).toEqual(['PATCH', 'PUT']);
  });

  it('goes in chunks too when another one met the limit in the same instant', async () => {
    const blobs = await start({ maxBodyBytes: 17 * mebibyte });
    const push = () => blobs.push(large.descriptor, sourceOf(large.bytes, 1_000_003));
    await Promise.all([push(), push()]);
    expect(stored().blobs.has(large.descriptor.digest)).toBe(true);
    expect(asked().filter((method) => method === 'DELETE')).toHaveLength(2);
  });

  it('has as many attempts to begin as to send: failures of both in turn do not add up', async () => {
    const blobs = await start();
    wire.fake.faults.add(
      { method: 'POST', status: 503, times: 3 },
      { method: 'PUT', status: 503, times: 3 },
    );
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    expect(stored().blobs.has(blob.descriptor.digest)).toBe(true);
  });

  it('asks a registry how far it came when a chunk was interrupted, and goes on from there', async () => {
    const blobs = await start({ chunkMinLength: 1024 });
    wire.fake.faults.add({ method: 'PATCH', every: 2, reset: true });
    await blobs.push(large.descriptor, sourceOf(large.bytes, 1_000_003));
    expect(asked()).toEqual(['POST', 'PATCH', 'PATCH', 'GET', 'PATCH', 'PUT']);
    expect(stored().blobs.has(large.descriptor.digest)).toBe(true);
  });

  it('believes the registry and not itself about how much of a chunk is stored', async () => {
    const blobs = await start({ chunkMinLength: 1 });
    wire.fake.faults.add({ method: 'PATCH', status: 202, headers: { range: '0-0' } });
    await blobs.push(medium.descriptor, sourceOf(medium.bytes, 1_000_003));
    expect(stored().blobs.has(medium.descriptor.digest)).toBe(true);
  });

  it('may be one byte in a chunk', async () => {
    const blobs = await start({ chunkMinLength: 1 });
    const tiny = makeBlob(seededBytes('tiny', 1));
    await blobs.push(tiny.descriptor, sourceOf(tiny.bytes));
    expect(asked()).toEqual(['POST', 'PATCH', 'PUT']);
  });

  it('goes on in chunks when the token ended between two of them', async () => {
    let now = 0;
    const users = { alice: { password: 'secret' } };
    wire = await wired(
      { chunkMinLength: 1, auth: { kind: 'bearer', users }, now: () => now },
      loginAs({ kind: 'basic', username: 'alice', password: 'secret' }),
    );
    let opened = 0;
    const source = async () => {
      opened += 1;
      return (async function* () {
        for (let at = 0; at < medium.bytes.byteLength; at += 1_000_000) {
          if (opened === 1 && at === 2_000_000) now += 1_000_000;
          yield medium.bytes.subarray(at, at + 1_000_000);
        }
      })();
    };
    const { blobs } = wire.registries.repository(wire.host, 'app');
    await blobs.push(medium.descriptor, source);
    expect(opened).toBe(2);
    expect(stored().blobs.has(medium.descriptor.digest)).toBe(true);
  });

  it('starts over when the registry has forgotten an interrupted upload', async () => {
    const blobs = await start({ chunkMinLength: 1024 });
    wire.fake.faults.add(
      { method: 'PATCH', reset: true },
      { method: 'GET', path: /uploads/, status: 404 },
    );
    await blobs.push(medium.descriptor, sourceOf(medium.bytes, 1_000_003));
    expect(stored().blobs.has(medium.descriptor.digest)).toBe(true);
  });

  it.each([307, 308])('is led on by %i to another path, with method and body', async (status) => {
    const blobs = await start();
    const lead = (method: string, path: RegExp) => ({ method, path, status });
    wire.fake.faults.add(
      { ...lead('POST', /uploads\/$/), headers: { location: '/v2/app/blobs/uploads/?shard=1' } },
      {
        ...lead('PUT', /uploads\/upload-1/),
        headers: { location: `upload-1?state=0&moved&digest=${blob.descriptor.digest}` },
      },
    );
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    expect(asked()).toEqual(['POST', 'POST', 'PUT', 'PUT']);
    expect(isStoredWhole(blob)).toBe(true);
  });

  it('goes on elsewhere when a chunk is led there', async () => {
    const blobs = await start({ chunkMinLength: 1 });
    const headers = { location: 'upload-1?state=0&moved' };
    wire.fake.faults.add({ method: 'PATCH', status: 307, headers });
    await blobs.push(large.descriptor, sourceOf(large.bytes, 1_000_003));
    expect(asked()).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH', 'PATCH', 'PUT']);
    expect(stored().blobs.has(large.descriptor.digest)).toBe(true);
  });

  it('is not led on for ever', async () => {
    const blobs = await start();
    const headers = { location: '/v2/app/blobs/uploads/' };
    wire.fake.faults.add({ method: 'POST', status: 307, headers, times: 99 });
    await expect(blobs.push(blob.descriptor, sourceOf(blob.bytes))).rejects.toMatchObject({
      code: 'UNEXPECTED_STATUS',
    });
    expect(asked()).toHaveLength(6);
  });

  it.each([
    ['405', { status: 405 }],
    ['400 with a code', { status: 400, body: '{"errors":[{"code":"DIGEST_INVALID"}]}' }],
    ['501', { status: 501 }],
    ['500, each time', { status: 500 }],
  ])('goes in chunks where a PUT of all bytes is answered %s, and stays so', async (_, answer) => {
    const blobs = await start();
    // A PUT that only closes an upload is taken.
    wire.fake.faults.add({ method: 'PUT', path: /state=0&/, times: 99, ...answer });
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    expect(stored().blobs.has(blob.descriptor.digest)).toBe(true);
    wire.fake.log.clear();
    await blobs.push(medium.descriptor, sourceOf(medium.bytes));
    expect(asked()).not.toContain('POST');
    expect(
      wire.fake.log.entries.filter(({ method, status }) => method === 'PUT' && status !== 201),
    ).toEqual([]);
  });

  it('goes in one PUT where chunks are asked for and refused', async () => {
    const blobs = await start({ chunkMinLength: 1 });
    wire.fake.faults.add({ method: 'PATCH', status: 405, times: 99 });
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    expect(stored().blobs.has(blob.descriptor.digest)).toBe(true);
  });

  it('fails with the first refusal when no way is taken', async () => {
    const blobs = await start();
    wire.fake.faults.add(
      { method: 'PUT', status: 415, times: 99 },
      { method: 'PATCH', status: 405, times: 99 },
    );
    await expect(blobs.push(blob.descriptor, sourceOf(blob.bytes))).rejects.toMatchObject({
      status: 415,
    });
  });

  it.each([404, 410, 416])(
    'starts over when an upload has ended (%i), without waiting',
    async (status) => {
      const blobs = await start();
      wire.fake.faults.add({ method: 'PUT', status, times: 2 });
      await blobs.push(blob.descriptor, sourceOf(blob.bytes));
      expect(asked().filter((method) => method === 'PUT')).toHaveLength(3);
      expect(clock.slept).toEqual([]);
    },
  );

  it('goes in shorter chunks where a proxy lets only short bodies pass', async () => {
    const blobs = await start({ maxBodyBytes: 5 * mebibyte });
    await blobs.push(large.descriptor, sourceOf(large.bytes, 1_000_003));
    expect(stored().blobs.has(large.descriptor.digest)).toBe(true);
    wire.fake.log.clear();
    await blobs.push(large.descriptor, sourceOf(large.bytes, 1_000_003));
    expect(wire.fake.log.entries.map(({ status }) => status)).not.toContain(413);
  });

  it.each([
    '/v2/app/blobs/uploads/upload-1?state=0',
    'upload-1?state=0',
    'HOST/v2/app/blobs/uploads/upload-1?state=0',
  ])('goes on at %s', async (location) => {
    const blobs = await start();
    wire.fake.handle({
      method: 'POST',
      url: '/v2/app/blobs/uploads/',
      headers: {},
      body: new Uint8Array(),
    });
    wire.fake.log.clear();
    const headers = { location: location.replace('HOST', wire.origin) };
    wire.fake.faults.add({ method: 'POST', status: 202, headers });
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    expect(stored().blobs.has(blob.descriptor.digest)).toBe(true);
  });

  it.each(['file:', 'file:///etc/passwd', 'data:,x', 'javascript:alert(1)'])(
    'fails where it has to go on at %s',
    async (location) => {
      const blobs = await start();
      wire.fake.faults.add({ method: 'POST', status: 202, headers: { location } });
      await expect(blobs.push(blob.descriptor, sourceOf(blob.bytes))).rejects.toMatchObject({
        code: 'UNEXPECTED_STATUS',
        message: expect.stringContaining(wire.host),
      });
    },
  );

  it('sends no credentials to a location at another origin', async () => {
    const users = { alice: { password: 'secret' } };
    wire = await wired(
      { auth: { kind: 'basic', users } },
      loginAs({ kind: 'basic', username: 'alice', password: 'secret' }),
    );
    const storage = createFakeRegistry();
    const served = await serve(storage);
    const upload = storage.handle({
      method: 'POST',
      url: '/v2/storage/blobs/uploads/',
      headers: {},
      body: new Uint8Array(),
    });
    const location = `${served.origin}${upload.headers['location']}&sig=a%2Bb~c`;
    wire.fake.faults.add({ method: 'POST', status: 202, headers: { location } });
    const { blobs } = wire.registries.repository(wire.host, 'app');
    await blobs.push(blob.descriptor, sourceOf(blob.bytes));
    expect(storage.log.entries.at(-1)).toMatchObject({ authorization: 'none', status: 201 });
    expect(storage.log.entries.at(-1)?.query).toContain('&sig=a%2Bb~c&digest=sha256%3A');
    await served.close();
  });

  it('leaves no upload behind when a mount is refused', async () => {
    const blobs = await start({ mounts: 'off' });
    ensureRepository(wire.fake.store, 'other').blobs.set(blob.descriptor.digest, blob.bytes);
    expect(await blobs.mount(blob.descriptor.digest, 'other')).toBe('refused');
    expect(stored().uploads.size).toBe(0);
  });

  it.each([400, 401, 403, 404, 405, 409, 429, 500, 503])(
    'may be refused to be mounted by %i, without a second attempt',
    async (status) => {
      const blobs = await start();
      wire.fake.faults.add({ method: 'POST', status, times: 99 });
      expect(await blobs.mount(blob.descriptor.digest, 'other')).toBe('refused');
      expect(asked()).toEqual(['POST']);
    },
  );

  it('counts as not mounted where the answer names no place of the web', async () => {
    const blobs = await start();
    wire.fake.faults.add({ method: 'POST', status: 202, headers: { location: 'file:' } });
    expect(await blobs.mount(blob.descriptor.digest, 'other')).toBe('refused');
  });

  it('is mounted by one POST', async () => {
    const blobs = await start();
    ensureRepository(wire.fake.store, 'other').blobs.set(blob.descriptor.digest, blob.bytes);
    expect(await blobs.mount(blob.descriptor.digest, 'other')).toBe('mounted');
    expect(asked()).toEqual(['POST']);
  });
});
