import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { FakeSettings, Fault } from '../../src/fake-registry/index.ts';
import { ensureRepository } from '../../src/fake-registry/index.ts';
import type { Descriptor } from '../../src/oci/index.ts';
import { makeBlob, seededBytes } from '../support/images.ts';
import { bytesOf, type FakeClock, fakeClock, type Wired, wired } from '../support/wire.ts';

const blob = makeBlob(seededBytes('blob', 300_000));
const blobs = /\/blobs\//;

describe('a blob that is read', () => {
  let wire: Wired;
  let clock: FakeClock;
  const start = async (faults: readonly Fault[], settings: Partial<FakeSettings> = {}) => {
    clock = fakeClock();
    wire = await wired(settings, { clock });
    const stored = ensureRepository(wire.fake.store, 'app');
    stored.blobs.set(blob.descriptor.digest, blob.bytes);
    wire.fake.faults.add(...faults);
    const repository = wire.registries.repository(wire.host, 'app');
    return async (descriptor: Descriptor = blob.descriptor) =>
      bytesOf(await repository.blobs.fetch(descriptor));
  };
  const store = (digest: string, bytes: Uint8Array) =>
    ensureRepository(wire.fake.store, 'app').blobs.set(digest, bytes);
  const statuses = () =>
    wire.fake.log.entries.filter(({ path }) => blobs.test(path)).map(({ status }) => status);
  afterEach(() => wire.close());

  it('goes on by range where a body was cut, as often as it is cut', async () => {
    const read = await start([{ path: blobs, cutAfter: 50_000, times: 5 }]);
    expect(Buffer.compare(await read(), blob.bytes)).toBe(0);
    expect(statuses()).toEqual([200, 206, 206, 206, 206, 206]);
    expect(wire.registries.traffic().bytesReceived).toBe(300_000);
    expect(clock.slept).toEqual([1_050, 1_050, 1_050, 1_050, 1_050]);
  });

  it('starts again and skips what it has where a registry ignores ranges', async () => {
    const read = await start([{ path: blobs, cutAfter: 200_000 }], { ranges: 'ignored' });
    expect(Buffer.compare(await read(), blob.bytes)).toBe(0);
    expect(statuses()).toEqual([200, 200]);
  });

  it.each([400, 403, 405, 416, 501])(
    'is read anew and skipped where a range is answered %i',
    async (status) => {
      const read = await start([
        { path: blobs, cutAfter: 10_000 },
        { path: blobs, status },
      ]);
      expect(Buffer.compare(await read(), blob.bytes)).toBe(0);
      expect(statuses()).toEqual([200, status, 200]);
    },
  );

  it('is there where HEAD fails in any way and GET gives its first byte', async () => {
    await start([]);
    const repository = wire.registries.repository(wire.host, 'app');
    for (const status of [400, 403, 405, 500]) {
      wire.fake.faults.add({ method: 'HEAD', path: blobs, status });
      expect(await repository.blobs.exists(blob.descriptor.digest)).toBe(true);
    }
    expect(statuses()).toHaveLength(8);
    expect(clock.slept).toEqual([]);
  });

  it('of another size is not there, if HEAD and the range both say so', async () => {
    await start([]);
    const { exists } = wire.registries.repository(wire.host, 'app').blobs;
    const { digest, size } = blob.descriptor;
    expect(await exists(digest, size)).toBe(true);
    expect(statuses()).toEqual([200]);
    expect(await exists(digest, size + 1)).toBe(false);
    wire.fake.faults.add({ method: 'HEAD', path: blobs, status: 200, headers: {} });
    expect(await exists(digest, size)).toBe(true);
    const coded = { 'content-encoding': 'gzip', 'content-length': '9' };
    wire.fake.faults.add({ method: 'HEAD', path: blobs, status: 200, headers: coded });
    expect(await exists(digest, size)).toBe(true);
    expect(statuses().at(-1)).toBe(200);
  });

  it('goes on after a 503 to the range request', async () => {
    const read = await start([
      { path: blobs, cutAfter: 10 },
      { path: blobs, status: 503, times: 2 },
    ]);
    expect(Buffer.compare(await read(), blob.bytes)).toBe(0);
  });

  it('gives up when a body is cut at the same byte every time', async () => {
    const faults = [{ path: blobs, cutAfter: 70_000, times: 99 }];
    const read = await start(faults, { ranges: 'ignored' });
    await expect(read()).rejects.toMatchObject({
      code: expect.stringMatching('UNREACHABLE|TRUNCATED'),
    });
    expect(statuses()).toHaveLength(4);
  });

  it('tells that the bytes are not what the digest names', async () => {
    const read = await start([{ path: blobs, corrupt: true, times: 99 }]);
    await expect(read()).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
      expected: blob.descriptor.digest,
    });
    expect(clock.slept).toEqual([]);
  });

  it('tells that a blob is longer than promised, before the bytes after its end are given', async () => {
    const read = await start([]);
    store(blob.descriptor.digest, Buffer.concat([blob.bytes, blob.bytes]));
    await expect(read()).rejects.toMatchObject({ code: 'TRAILING_BYTES' });
  });

  it('tells that a blob is shorter than promised', async () => {
    const read = await start([]);
    store(blob.descriptor.digest, blob.bytes.subarray(0, 1000));
    await expect(read()).rejects.toMatchObject({
      code: 'SIZE_MISMATCH',
      message: `The blob ${blob.descriptor.digest} is shorter than its manifest says.`,
    });
  });

  it('is verified by sha512 too', async () => {
    const read = await start([]);
    const long = makeBlob(seededBytes('long', 100), undefined, 'sha512');
    store(long.descriptor.digest, long.bytes);
    expect(Buffer.compare(await read(long.descriptor), long.bytes)).toBe(0);
    store(long.descriptor.digest, seededBytes('other', 100));
    await expect(read(long.descriptor)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  it('has no bytes and is whole', async () => {
    const read = await start([]);
    const empty = makeBlob(new Uint8Array());
    store(empty.descriptor.digest, empty.bytes);
    expect(await read(empty.descriptor)).toHaveLength(0);
  });

  it('is an error when it is missing, because a manifest promised it', async () => {
    const read = await start([]);
    const { descriptor } = makeBlob(seededBytes('missing', 10));
    await expect(read(descriptor)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      status: 404,
      hint: expect.stringContaining('has to be pushed there again'),
    });
  });

  it('follows a redirect to where the bytes lie, and resumes there', async () => {
    const read = await start([]);
    const at = `${wire.origin}/v2/app/blobs/${blob.descriptor.digest}`;
    const redirect = { status: 307, headers: { location: at }, every: 2, times: 9 } as const;
    wire.fake.faults.add({ path: blobs, cutAfter: 100_000 }, { ...redirect, path: blobs });
    expect(Buffer.compare(await read(), blob.bytes)).toBe(0);
  });

  it('does not follow redirects for ever', async () => {
    const read = await start([]);
    const headers = { location: `/v2/app/blobs/${blob.descriptor.digest}` };
    wire.fake.faults.add({ path: blobs, status: 307, headers, times: 99 });
    await expect(read()).rejects.toMatchObject({ code: 'UNEXPECTED_STATUS' });
    expect(statuses()).toHaveLength(6);
  });

  it('is not read on when its reader fails, as a decompressor on damaged content', async () => {
    await start([]);
    const repository = wire.registries.repository(wire.host, 'app');
    const stream = Readable.from(await repository.blobs.fetch(blob.descriptor));
    stream.once('data', () => stream.destroy(new Error('bad archive')));
    await expect(finished(stream)).rejects.toThrow('bad archive');
    expect(statuses()).toEqual([200]);
    expect(wire.registries.traffic().retries).toBe(0);
  });

  it('lets go of the connection when the reader stops early', async () => {
    await start([]);
    const repository = wire.registries.repository(wire.host, 'app');
    for await (const chunk of await repository.blobs.fetch(blob.descriptor)) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
    expect(await repository.blobs.exists(blob.descriptor.digest)).toBe(true);
  });
});
