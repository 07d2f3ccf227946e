import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/registry/index.ts';
import { redactUrl } from '../../src/registry/redact.ts';
import { makeBlob, seededBytes } from '../support/images.ts';
import { fakeClock, loginAs, sourceOf, wireOptions } from '../support/wire.ts';

async function serveWith(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = fakeClock();
  const secret = loginAs({ kind: 'basic', username: 'alice', password: 'secret' });
  const registries = connect(wireOptions({ clock, ...secret }));
  onTestFinished(async () => {
    await registries.close();
    server.closeAllConnections();
    server.close();
  });
  return { host, url: `http://${host}/graph?channel=stable`, clock, registries };
}

describe('a service that is no registry', () => {
  it('is asked with the headers that are given, and without credentials', async () => {
    const { url, registries } = await serveWith((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify([request.url, request.headers['accept'], request.headers['authorization']]),
      );
    });
    const answer = await registries.get(url, { headers: { Accept: 'application/json' } });
    expect(answer).toMatchObject({ status: 200, contentType: 'application/json' });
    expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual([
      '/graph?channel=stable',
      'application/json',
      null,
    ]);
  });

  it('may answer that there is nothing', async () => {
    const { url, registries } = await serveWith((_, response) => {
      response.writeHead(404).end('no such channel');
    });
    expect((await registries.get(url)).status).toBe(404);
  });

  it('is asked again when it fails for a moment', async () => {
    let count = 0;
    const { url, registries, clock } = await serveWith((_, response) => {
      count += 1;
      response.writeHead(count < 3 ? 503 : 200, { 'retry-after': '3' }).end('graph');
    });
    expect((await registries.get(url)).status).toBe(200);
    expect(clock.slept).toEqual([3_000, 3_000]);
  });

  it('is not asked again to write what it may have written', async () => {
    let count = 0;
    const { url, registries } = await serveWith((request) => {
      count += 1;
      request.socket.destroy();
    });
    const written = registries.send(url, { method: 'POST', body: new Uint8Array([1]) });
    await expect(written).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(count).toBe(1);
  });

  it('has an address on the web; another one is refused without its password and its query', async () => {
    const { registries } = await serveWith(() => {});
    await expect(registries.get('ftp://user:secret@host/a?sig=secret')).rejects.toThrow(
      '"ftp://host/a" is not a web address.',
    );
  });

  it('is not read past the bound', async () => {
    const { url, registries } = await serveWith((_, response) => response.end('x'.repeat(100)));
    await expect(registries.get(url, { maxBytes: 99 })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    expect((await registries.get(url, { maxBytes: 100 })).body).toHaveLength(100);
  });

  it.each(['registry.test/graph', 'file:///etc/passwd', ''])('is not %j', async (url) => {
    const registries = connect(wireOptions());
    await expect(registries.get(url)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('a proxy that answers before it has read', () => {
  it('is understood when it says that a body is too long', async () => {
    const methods: (string | undefined)[] = [];
    const { host, registries } = await serveWith((request, response) => {
      methods.push(request.method);
      if (request.method === 'GET') response.end('{}');
      else if (request.method === 'POST') {
        request.resume();
        response.writeHead(202, { location: '/v2/app/blobs/uploads/1' }).end();
      } else if (request.method === 'DELETE') response.writeHead(204).end();
      else response.writeHead(413, { connection: 'close' }).end('<html>too large</html>');
    });
    const { descriptor, bytes } = makeBlob(seededBytes('early', 3_000_000));
    const push = registries.repository(host, 'app').blobs.push(descriptor, sourceOf(bytes));
    await expect(push).rejects.toMatchObject({
      status: 413,
      hint: expect.stringContaining('largest'),
    });
    expect(methods).toContain('PATCH');
  });
});

describe('a URL in a log or an error', () => {
  it('has no user, no fragment, and no value that may be a signature', () => {
    const url =
      'https://user:secret@s3.test/blob?digest=sha256:ab&X-Amz-Signature=secret&n=5#secret';
    expect(redactUrl(new URL(url))).toBe(
      'https://s3.test/blob?digest=sha256:ab&X-Amz-Signature=REDACTED&n=5',
    );
  });
});
