import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RegistryError } from '../../src/errors.ts';
import { contactRegistry } from '../../src/registry/contact.ts';
import { connect } from '../../src/registry/index.ts';
import { networkError } from '../../src/registry/network-error.ts';
import { isTransient } from '../../src/registry/retry.ts';
import type { Answer } from '../../src/registry/transport.ts';
import { readSession } from '../../src/registry/upload-session.ts';
import { wireOptions } from '../support/wire.ts';

function answerWith(url: string, headers: Record<string, string>): Answer {
  return {
    asked: { method: 'POST', url: new URL(url) },
    status: 202,
    body: (async function* () {})(),
    header: (name) => headers[name],
    drop: async () => {},
  };
}

describe('where an upload goes on', () => {
  const at = (location: string) =>
    readSession(answerWith('https://registry.test:8443/v2/app/blobs/uploads/', { location })).at
      .href;

  it('is read relative, absolute, and elsewhere', () => {
    expect(at('/v2/app/blobs/uploads/1?a=b')).toBe(
      'https://registry.test:8443/v2/app/blobs/uploads/1?a=b',
    );
    expect(at('1')).toBe('https://registry.test:8443/v2/app/blobs/uploads/1');
    expect(at('https://storage.test/put?sig=x')).toBe('https://storage.test/put?sig=x');
  });

  it('never leads from https to http at another host, and the error names both', () => {
    expect(() => at('http://storage.test/put?sig=x')).toThrow(
      'registry.test:8443 leads from https to http at storage.test.',
    );
  });

  it.each(['file:', 'file:///etc/passwd', 'data:,x', 'javascript:1', 'ftp://a/b', 'http://'])(
    'is an address of the web, and not %s',
    (location) => {
      expect(() => at(location)).toThrow(RegistryError);
    },
  );

  it('stays with TLS where a registry behind a proxy calls itself by http', () => {
    expect(at('http://registry.test/v2/app/1')).toBe('https://registry.test:8443/v2/app/1');
  });

  it('has to be said', () => {
    expect(() => readSession(answerWith('https://registry.test/', {}))).toThrow(
      /does not say where/,
    );
  });
});

describe('a host', () => {
  it('that does not exist is not asked again, one that cannot be named for a moment is', () => {
    const asked = { method: 'GET', url: new URL('https://registry.test/v2/') };
    const failure = (code: string) => networkError(Object.assign(new Error(code), { code }), asked);
    expect(isTransient(failure('ENOTFOUND'))).toBe(false);
    expect(isTransient(failure('EAI_AGAIN'))).toBe(true);
    expect(failure('ENOTFOUND')).toMatchObject({ code: 'UNREACHABLE' });
    expect(failure('ENOTFOUND').message).toContain('(ENOTFOUND, no such host)');
  });

  it('with TLS whose first connection failed is not taken for one without', async () => {
    const failure = new RegistryError('UNREACHABLE', 'reset');
    const transport = {
      isInsecure: async () => true,
      async send({ url }: { readonly url: URL }) {
        if (url.protocol === 'https:') throw failure;
        return { ...answerWith(url.href, {}), status: 400 };
      },
    };
    const contact = contactRegistry(transport, { name: 'registry.test', isInsecure: true });
    await expect(contact).rejects.toBe(failure);
  });

  it('called docker.io is asked at its own address, with the library in the path', async () => {
    const asked: (string | undefined)[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(404).end();
    });
    proxy.on('connect', (request, socket) => {
      asked.push(request.url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    proxy.listen(0, '127.0.0.1');
    await new Promise((resolve) => proxy.once('listening', resolve));
    const at = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const registries = connect(
      wireOptions({
        retry: { times: 0 },
        env: { HTTPS_PROXY: at, HTTP_PROXY: at },
        trust: { lookup: async () => ({ insecure: true }) },
      }),
    );
    onTestFinished(async () => {
      await registries.close();
      proxy.closeAllConnections();
      proxy.close();
    });
    const image = registries.repository('docker.io', 'busybox');
    expect(await image.manifests.resolve('latest')).toBeUndefined();
    expect(asked).toContain('registry-1.docker.io:443');
    expect(asked).toContain('http://registry-1.docker.io/v2/library/busybox/manifests/latest');
  });
});
