import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/registry/index.ts';
import { makeBlob, makeImage, pushTo } from '../support/images.ts';
import { sourceOf, wired, wireOptions } from '../support/wire.ts';

const image = makeImage({ seed: 'silence' });
/** Ends what stands still after a tenth of a second, at once. */
const impatient = { retry: { times: 0, idleTimeoutMs: 100 } };

describe('a registry that says nothing any more', () => {
  it.each([
    ['PUT', /manifests/],
    ['GET', /manifests/],
    ['GET', /tags/],
  ])('ends a %s of %s, and the error names the request', async (method, path) => {
    const wire = await wired({}, impatient);
    onTestFinished(() => wire.close());
    pushTo(wire.fake.store, 'app', 'v1', image);
    const { manifests, tags } = wire.registries.repository(wire.host, 'app');
    await tags.list();
    wire.fake.faults.add({ method, path, delayMs: 60_000, times: 9 });
    const asked = {
      PUT: () => manifests.push(image.manifest, 'v2'),
      GET: () => (path.test('/tags/') ? tags.list() : manifests.fetch('v1')),
    }[method];
    await expect(asked?.()).rejects.toMatchObject({
      code: 'TIMEOUT',
      method,
      url: expect.stringMatching(path),
      message: expect.stringContaining(wire.host),
    });
  });

  it('ends an upload of which it takes no more bytes', async () => {
    const server = createServer((request, response) => {
      if (request.method !== 'POST') return void (request.method === 'GET' && response.end());
      response.writeHead(202, { location: '/v2/app/blobs/uploads/1' }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const registries = connect(wireOptions(impatient));
    onTestFinished(async () => {
      await registries.close();
      server.closeAllConnections();
      server.close();
    });
    const blob = makeBlob(new Uint8Array(50_000_000));
    const { blobs } = registries.repository(host, 'app');
    await expect(blobs.push(blob.descriptor, sourceOf(blob.bytes))).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: `${host} stopped taking the bytes of an upload.`,
    });
  });
});
