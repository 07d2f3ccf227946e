import { createServer } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createConnection } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeRegistry, serve } from '../../src/fake-registry/index.ts';
import { connect, type HostTrust } from '../../src/registry/index.ts';
import { proxyFor } from '../../src/registry/proxy.ts';
import { testTls } from '../support/tls.ts';
import { wireOptions } from '../support/wire.ts';

const env = { HTTPS_PROXY: 'http://proxy.test:3128', http_proxy: 'plain.test:80' };
const through = (url: string, noProxy = '') =>
  proxyFor(new URL(url), { ...env, NO_PROXY: noProxy });

describe('a proxy from the environment', () => {
  it('is the one of the scheme, in any case, with or without its own scheme', () => {
    expect(through('https://registry.test/v2/')).toBe('http://proxy.test:3128');
    expect(through('http://registry.test/v2/')).toBe('http://plain.test:80');
    expect(proxyFor(new URL('https://registry.test'), {})).toBeUndefined();
  });

  it.each(['localhost', '127.0.0.1:5000', '[::1]:5000', '127.1.2.3'])(
    'never stands before %s',
    (host) => {
      expect(through(`https://${host}/v2/`)).toBeUndefined();
    },
  );

  it.each([
    ['https://registry.test', 'registry.test'],
    ['https://a.registry.test', 'registry.test'],
    ['https://a.registry.test', '.registry.test'],
    ['https://a.registry.test', '*.registry.test'],
    ['https://registry.test:8443', 'other.test, registry.test:8443'],
    ['https://registry.test', 'registry.test:443'],
    ['https://10.1.2.3:5000', '10.0.0.0/8'],
    ['https://[fd00::5]:5000', 'fd00::/8'],
    ['https://10.1.2.3', '10.1.2.3'],
    ['https://REGISTRY.test', 'registry.TEST'],
    ['https://any.test', '*'],
  ])('does not stand before %s when NO_PROXY is %s', (url, noProxy) => {
    expect(through(url, noProxy)).toBeUndefined();
  });

  it.each([
    ['https://registry.test', '.registry.test'],
    ['https://notregistry.test', 'registry.test'],
    ['https://registry.test:8443', 'registry.test:443'],
    ['https://11.1.2.3', '10.0.0.0/8'],
    ['https://10.1.2.3', '10.0.0.0/99'],
    ['https://registry.test', ', ,'],
  ])('stands before %s when NO_PROXY is %s', (url, noProxy) => {
    expect(through(url, noProxy)).toBe('http://proxy.test:3128');
  });

  it('carries a request to a host that only the proxy knows', async () => {
    const asked: (string | undefined)[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url);
      response.end('from afar');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => proxy.once('listening', resolve));
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const registries = connect(wireOptions({ env: { HTTP_PROXY: `http://127.0.0.1:${port}` } }));
    const { body } = await registries.get('http://updates.invalid/graph');
    expect(Buffer.from(body).toString()).toBe('from afar');
    expect(asked).toEqual(['http://updates.invalid/graph']);
    await registries.close();
    proxy.closeAllConnections();
  });
});

/** Starts a proxy that opens tunnels to a registry of this machine, whatever host is asked for; over TLS with a certificate. */
async function tunnel(answer: number, tls?: ServerOptions) {
  const served = await serve(createFakeRegistry(), {
    cert: testTls.certificate,
    key: testTls.key,
  });
  const server = tls ? createTlsServer(tls) : createServer();
  const asked: (string | undefined)[] = [];
  server.on('connect', (request, client) => {
    asked.push(request.url);
    client.on('error', () => {});
    if (answer !== 200) return void client.end(`HTTP/1.1 ${answer} No\r\n\r\n`);
    const there = createConnection(Number(served.host.split(':')[1]), '127.0.0.1');
    there.on('error', () => {});
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    client.pipe(there).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy = `${tls ? 'https' : 'http'}://0.0.0.0:${port}`;
  const ask = async (trust: (host: string) => HostTrust, at = proxy) => {
    const lookup = async (host: string) => trust(host);
    const env = { HTTPS_PROXY: at };
    const registries = connect(wireOptions({ trust: { lookup }, env, retry: { times: 0 } }));
    onTestFinished(() => registries.close());
    await registries.ping('registry.test');
  };
  onTestFinished(async () => {
    server.close();
    await served.close();
  });
  return { host: `0.0.0.0:${port}`, asked, ask };
}

const ownTls = { cert: testTls.certificate, key: testTls.key };
const insecureTarget = (host: string): HostTrust => ({ insecure: host === 'registry.test' });

describe('TLS with a proxy itself', () => {
  it('is verified by the authority that is added for it', async () => {
    const { host, asked, ask } = await tunnel(200, ownTls);
    await ask((one) => (one === host ? { ca: [testTls.ca] } : insecureTarget(one)));
    expect(asked).toEqual(['registry.test:443']);
  });

  it('fails without one, and the error names the proxy and what was asked', async () => {
    const { host, asked, ask } = await tunnel(200, ownTls);
    await expect(ask(insecureTarget)).rejects.toMatchObject({
      code: 'CERTIFICATE',
      message: expect.stringMatching(`proxy ${host}.*registry\\.test`),
      hint: expect.stringContaining(`certs.d/${host}`),
    });
    expect(asked).toEqual([]);
  });
});

describe('a proxy that fails', () => {
  it('is named when it cannot be reached', async () => {
    const { ask } = await tunnel(200);
    await expect(ask(insecureTarget, 'http://127.0.0.1:1')).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringMatching(/proxy 127\.0\.0\.1:1 .*registry\.test.*ECONNREFUSED/),
    });
  });

  it.each([
    [403, /NO_PROXY/],
    [407, /name and password/],
  ])('is named when it answers %i', async (status, hint) => {
    const { host, ask } = await tunnel(status);
    await expect(ask(insecureTarget)).rejects.toMatchObject({
      message: expect.stringMatching(`proxy ${host}.*registry\\.test.*${status}`),
      hint: expect.stringMatching(hint),
    });
  });

  it('is named when the registry behind it has no valid certificate', async () => {
    const { ask } = await tunnel(200);
    await expect(ask(() => ({}))).rejects.toMatchObject({ code: 'CERTIFICATE' });
  });

  it('has to have an address', async () => {
    const { ask } = await tunnel(200);
    await expect(ask(insecureTarget, 'http://:secret@')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.not.stringContaining('secret'),
    });
  });
});
