import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/fake-registry/index.ts';
import { connect, type Repository } from '../../src/registry/index.ts';
import { parseRetryAfter } from '../../src/registry/retry.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { keepLines } from '../support/log-lines.ts';
import { type FakeClock, fakeClock, type Wired, wired, wireOptions } from '../support/wire.ts';

const image = makeImage({ seed: 'retry' });
const manifests = /\/manifests\//;

describe('attempts', () => {
  let wire: Wired;
  let clock: FakeClock;
  const start = async (...faults: Fault[]): Promise<Repository> => {
    clock = fakeClock();
    wire = await wired({}, { clock });
    pushTo(wire.fake.store, 'app', 'v1', image);
    wire.fake.faults.add(...faults);
    return wire.registries.repository(wire.host, 'app');
  };
  afterEach(() => wire.close());

  it.each([500, 502, 503, 504])(
    'tries again after %i, also when a proxy says so in HTML',
    async (status) => {
      const body = '<html><h1>Bad gateway</h1></html>';
      const headers = { 'content-type': 'text/html' };
      const repository = await start({ path: manifests, status, body, headers, times: 2 });
      expect((await repository.manifests.fetch('v1'))?.raw).toEqual(image.manifest.raw);
      expect(clock.slept).toEqual([1_050, 2_100]);
      expect(wire.registries.traffic()).toMatchObject({ retries: 2, writes: 0, requests: 4 + 1 });
    },
  );

  it('tries again after a connection that was reset, and one that was closed half-way', async () => {
    const repository = await start(
      { path: manifests, reset: true },
      { path: manifests, cutAfter: 20 },
    );
    expect((await repository.manifests.fetch('v1'))?.raw).toEqual(image.manifest.raw);
    expect(clock.slept).toHaveLength(2);
  });

  it('waits a second, then twice as long each time, and says at last how often it tried', async () => {
    const repository = await start({ path: manifests, status: 503, times: 99 });
    await expect(repository.manifests.resolve('v1')).rejects.toMatchObject({
      code: 'UNEXPECTED_STATUS',
      status: 503,
      message: expect.stringContaining('It was tried 4 times.'),
      hint: expect.stringContaining(wire.host),
    });
    expect(clock.slept).toEqual([1_050, 2_100, 4_200]);
  });

  it('are visible while they wait, but not more than once in ten seconds', async () => {
    const repository = await start({ path: manifests, status: 503, times: 99 });
    const log = keepLines();
    const patient = connect(wireOptions({ clock, log, retry: { times: 4 } }));
    await patient
      .repository(wire.host, repository.name)
      .manifests.resolve('v1')
      .catch(() => {});
    const seen = log.lines.filter(({ level }) => level === 'info');
    expect(log.lines).toHaveLength(4);
    expect(seen.map(({ message }) => message)).toEqual([
      expect.stringMatching(/answered 503.* Attempt 2 of 5 in 1\.1 s\.$/),
    ]);
    clock.advance(10_000);
    await patient
      .repository(wire.host, repository.name)
      .manifests.resolve('v2')
      .catch(() => {});
    expect(log.lines.filter(({ level }) => level === 'info')).toHaveLength(2);
    await patient.close();
  });

  it('keeps to the delay of the policy', async () => {
    const repository = await start({ path: manifests, status: 503, times: 2 });
    const patient = connect(wireOptions({ clock, retry: { times: 2, delayMs: 7 } }));
    await patient.repository(wire.host, repository.name).manifests.resolve('v1');
    expect(clock.slept).toEqual([7, 7]);
    await patient.close();
  });

  it.each([400, 403, 405, 409, 413])('does not repeat what was answered %i', async (status) => {
    const repository = await start({ path: manifests, method: 'PUT', status });
    await expect(repository.manifests.push(image.manifest, 'v2')).rejects.toMatchObject({ status });
    expect(wire.fake.log.writes()).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  it('waits as long as Retry-After asks, in seconds or by a date', async () => {
    const date = new Date(fakeClock().now() + 40_000).toUTCString();
    const repository = await start(
      { path: manifests, status: 429, headers: { 'retry-after': '30' } },
      { path: manifests, status: 429, headers: { 'retry-after': date } },
    );
    await repository.manifests.resolve('v1');
    expect(clock.slept).toEqual([30_000, 10_000]);
  });

  it('fails at once, saying why, when it is asked to wait for hours', async () => {
    const headers = { 'retry-after': '21600' };
    const repository = await start({ path: manifests, status: 429, headers, times: 9 });
    await expect(repository.manifests.resolve('v1')).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      message: expect.stringContaining('21600 s'),
    });
    expect(clock.slept).toEqual([]);
  });

  it('sends nothing else to a host that asked to wait', async () => {
    const headers = { 'retry-after': '5' };
    const repository = await start({ path: manifests, status: 429, headers });
    const registries = connect(wireOptions({ clock, retry: { times: 0 } }));
    const { tags, manifests: store } = registries.repository(wire.host, repository.name);
    await expect(store.resolve('v1')).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    await tags.list();
    expect(clock.slept).toEqual([5_000]);
    await registries.close();
  });

  it('survives a storm of 429', async () => {
    const headers = { 'retry-after': '5' };
    const repository = await start({ path: manifests, status: 429, headers, times: 12 });
    const found = await Promise.all(
      Array.from({ length: 40 }, () => repository.manifests.resolve('v1')),
    );
    expect(found.filter(Boolean)).toHaveLength(40);
    expect(wire.fake.log.entries.filter(({ status }) => status === 429)).toHaveLength(12);
  });

  it('pushes a manifest again whose answer was lost', async () => {
    const repository = await start();
    pushTo(wire.fake.store, 'app', undefined, image);
    wire.fake.faults.add({ method: 'PUT', reset: true });
    await repository.manifests.push(image.manifest, 'v2');
    expect(wire.fake.log.writes().map(({ status }) => status)).toEqual([0, 201]);
  });

  it('deletes once, although the answer was lost', async () => {
    const repository = await start({ method: 'DELETE', reset: true });
    expect(await repository.tags.delete('v1')).toBe('absent');
    expect(await repository.manifests.resolve(image.manifest.descriptor.digest)).toBeDefined();
  });

  it('takes a 503 on deleting a tag for trouble and not for "unsupported"', async () => {
    const repository = await start({ method: 'DELETE', status: 503, times: 99 });
    await expect(repository.tags.delete('v1')).rejects.toMatchObject({ code: 'UNEXPECTED_STATUS' });
  });

  it('takes a 403 on deleting for a missing right and not for "unsupported"', async () => {
    const repository = await start({ method: 'DELETE', status: 403 });
    await expect(repository.tags.delete('v1')).rejects.toMatchObject({ code: 'DENIED' });
  });

  it('stops between attempts when the run is cancelled', async () => {
    const controller = new AbortController();
    const repository = await start({ path: manifests, status: 503, times: 99 });
    const log = { log: () => controller.abort() };
    const registries = connect(wireOptions({ clock, log, signal: controller.signal }));
    const stopped = registries.repository(wire.host, repository.name).manifests.resolve('v1');
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    await registries.close();
  });

  it('gives up a host that does not go on, after the idle time', async () => {
    const repository = await start({ path: manifests, cutAfter: 10, stall: true, times: 2 });
    const hasty = connect(wireOptions({ clock, retry: { times: 1, idleTimeoutMs: 30 } }));
    const stalled = hasty.repository(wire.host, repository.name).manifests.fetch('v1');
    await expect(stalled).rejects.toMatchObject({ code: 'TIMEOUT' });
    await hasty.close();
  });

  it('names the host that nobody listens at, and what to do', async () => {
    await start();
    const host = wire.host;
    await wire.close();
    const registries = connect(wireOptions({ clock }));
    const found = registries.repository(host, 'app').manifests.resolve('v1');
    await expect(found).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining(
        `${host} cannot be reached (ECONNREFUSED, connection refused)`,
      ),
      hint: `Nothing listens there: check that ${host} is right, its port too, and up.`,
    });
    expect(clock.slept).toHaveLength(1);
    await registries.close();
    wire = await wired();
  });
});

describe('Retry-After', () => {
  it('is seconds, or a date, or nothing that can be used', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(parseRetryAfter('120', now)).toBe(120_000);
    expect(parseRetryAfter('Thu, 01 Jan 2026 00:00:10 GMT', now)).toBe(10_000);
    expect(parseRetryAfter('Thu, 01 Jan 2025 00:00:10 GMT', now)).toBe(0);
    expect(parseRetryAfter('soon', now)).toBeUndefined();
    expect(parseRetryAfter(undefined, now)).toBeUndefined();
  });
});
