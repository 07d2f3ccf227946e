import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/registry/index.ts';
import { fakeClock, wired, wireOptions } from '../support/wire.ts';

it('what waits for its next attempt ends when the way is closed', async () => {
  const waits = Promise.withResolvers<void>();
  const sleep = (_: number, signal?: AbortSignal) => {
    waits.resolve();
    return new Promise<void>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  };
  const wire = await wired({}, { clock: { ...fakeClock(), sleep } });
  onTestFinished(wire.close);
  wire.fake.faults.add({ path: /tags/, status: 503, times: 99 });
  const listed = wire.registries.repository(wire.host, 'app').tags.list();
  const refused = expect(listed).rejects.toMatchObject({ code: 'CANCELLED' });
  await waits.promise;
  await wire.registries.close();
  await refused;
});

it('what waits for an answer ends when the way is closed', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/v2/') response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const asked = new Promise<void>((resolve) => {
    server.on('request', ({ url }) => url?.includes('/tags/') && resolve());
  });
  const registries = connect(wireOptions());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const listed = registries.repository(host, 'app').tags.list();
  const refused = expect(listed).rejects.toMatchObject({ code: 'CANCELLED' });
  await asked;
  await registries.close();
  await refused;
});

it('what is asked for after the way was closed is not sent', async () => {
  const wire = await wired();
  onTestFinished(wire.close);
  const { tags } = wire.registries.repository(wire.host, 'app');
  await tags.list();
  await wire.registries.close();
  const count = wire.fake.log.entries.length;
  await expect(tags.list()).rejects.toMatchObject({ code: 'CANCELLED' });
  await turn();
  expect(wire.fake.log.entries).toHaveLength(count);
});
