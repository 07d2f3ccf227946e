import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/registry/index.ts';
import { proxyFor } from '../../src/registry/proxy.ts';
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
