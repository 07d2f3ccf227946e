import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTrustSource } from '../../src/registry/settings/trust.ts';
import { certificates } from '../support/certificates.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const { one, two } = certificates;
const host = 'reg.example.com:5000';

function trust(options: Partial<Parameters<typeof createTrustSource>[0]>) {
  return createTrustSource({
    env: {},
    insecureRegistries: [],
    systemDirectories: [],
    ...options,
  });
}

describe('certs.d', () => {
  it('gives authorities and the client certificate of exactly that host and port', async () => {
    const system = tempDirectory({
      [`${host}/ca.crt`]: one,
      [`${host}/client.cert`]: two,
      [`${host}/client.key`]: 'the key',
      [`${host}/notes.txt`]: 'not read',
    });
    const source = trust({ systemDirectories: [system] });
    expect(await source.lookup(host)).toEqual({
      ca: [one.trim()],
      clientCertificate: two.trim(),
      clientKey: 'the key',
      insecure: false,
      isListed: true,
    });
    expect(await source.lookup('reg.example.com')).toEqual({ insecure: false });
  });

  it("counts the user's directory before the system's, and not both", async () => {
    const HOME = tempDirectory({ [`.config/containers/certs.d/${host}/ca.crt`]: one });
    const system = tempDirectory({ [`${host}/ca.crt`]: two });
    const source = trust({ env: { HOME }, systemDirectories: [system] });
    expect(await source.lookup(host)).toMatchObject({ ca: [one.trim()] });
  });

  it('is not read by a name that leads elsewhere', async () => {
    const root = tempDirectory({ 'certs.d/x/a.crt': two, 'ca.crt': one });
    const source = trust({ systemDirectories: [join(root, 'certs.d')] });
    for (const name of ['..', '../../x', 'x/..', '.', '']) {
      expect(await source.lookup(name)).toEqual({ insecure: false });
    }
  });

  it('stands back for a directory that was named for every host', async () => {
    const named = tempDirectory({ 'ca.crt': one });
    const system = tempDirectory({ [`${host}/ca.crt`]: two });
    const source = trust({ certDir: named, systemDirectories: [system] });
    expect(await source.lookup(host)).toMatchObject({ ca: [one.trim()] });
    expect(await source.lookup('other')).toMatchObject({ ca: [one.trim()] });
  });

  it.each([
    ['a broken certificate', { 'ca.crt': one.replace('MIIB', 'MIIA') }, 'ca.crt'],
    ['a file without certificates', { 'ca.crt': 'nothing' }, 'ca.crt'],
    ['a certificate without its key', { 'c.cert': one }, 'c.key'],
    ['a key without its certificate', { 'c.key': 'k' }, 'c.cert'],
  ])('with %s is refused by name', async (_, files, name) => {
    const source = trust({ certDir: tempDirectory(files) });
    await expect(source.lookup(host)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(name),
    });
  });

  it('that was named and does not exist is refused', async () => {
    const source = trust({ certDir: join(tempDirectory(), 'none') });
    await expect(source.lookup(host)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('additional authorities', () => {
  it('come from a bundle, as text or as a path, with what else it holds left out', async () => {
    const text = `# internal\n${one}\n-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n${two}`;
    const path = join(tempDirectory({ 'bundle.pem': text }), 'bundle.pem');
    for (const caBundle of [text, path, `${path}\n`]) {
      expect(await trust({ caBundle }).lookup(host)).toEqual({
        ca: [one.trim(), two.trim()],
        insecure: false,
      });
    }
  });

  it('are refused when the bundle is missing or holds none', async () => {
    const empty = tempDirectory({ 'bundle.pem': '' });
    for (const caBundle of [join(empty, 'none.pem'), join(empty, 'bundle.pem'), '-----BEGIN X']) {
      await expect(trust({ caBundle }).lookup(host)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    }
  });

  it('come from SSL_CERT_FILE and SSL_CERT_DIR, each certificate once', async () => {
    const directory = tempDirectory({ 'a.0': one, 'b.pem': two, readme: 'no certificate' });
    const env = {
      SSL_CERT_FILE: join(directory, 'a.0'),
      SSL_CERT_DIR: `${join(directory, 'none')}:${directory}`,
    };
    expect(await trust({ env }).lookup(host)).toMatchObject({ ca: [one.trim(), two.trim()] });
  });

  it('do without an SSL_CERT_FILE that is not there, as OpenSSL does', async () => {
    const env = { SSL_CERT_FILE: join(tempDirectory(), 'none') };
    expect(await trust({ env }).lookup(host)).toEqual({ insecure: false });
  });
});

describe('an insecure host', () => {
  it.each([
    ['reg.example.com:5000', 'reg.example.com:5000', true],
    ['reg.example.com', 'reg.example.com:5000', true],
    ['REG.example.com', 'reg.example.com', true],
    [' http://reg.example.com:5000/ ', 'reg.example.com:5000', true],
    ['reg.example.com:5000', 'reg.example.com', false],
    ['reg.example.com:5000', 'reg.example.com:5001', false],
    ['example.com', 'reg.example.com', false],
    ['[::1]', '[::1]:5000', true],
  ])('listed as %s: %s is insecure: %s', async (entry, registry, insecure) => {
    const source = trust({ insecureRegistries: [entry] });
    expect(await source.lookup(registry)).toEqual({
      insecure,
      ...(insecure && { isListed: true }),
    });
  });

  it('is every host when TLS is not to be verified', async () => {
    expect(await trust({ tlsVerify: false }).lookup(host)).toEqual({ insecure: true });
    expect(await trust({ tlsVerify: true }).lookup(host)).toEqual({ insecure: false });
  });

  it('is one that the rules of registries.conf mark so', async () => {
    const source = trust({ rules: { isInsecure: (registry) => registry === host } });
    expect(await source.lookup(host)).toEqual({ insecure: true, isListed: true });
    expect(await source.lookup('other')).toEqual({ insecure: false });
  });
});
