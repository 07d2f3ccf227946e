import type { ServerOptions } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeRegistry, serve } from '../../src/fake-registry/index.ts';
import { connect, type HostTrust, type RegistriesOptions } from '../../src/registry/index.ts';
import { networkError } from '../../src/registry/network-error.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { testTls } from '../support/tls.ts';
import { fakeClock, wireOptions } from '../support/wire.ts';

const image = makeImage({ seed: 'tls' });
const tls = { cert: testTls.certificate, key: testTls.key };

async function start(
  trust: HostTrust,
  server: ServerOptions | undefined,
  options: Partial<RegistriesOptions> = {},
) {
  const fake = createFakeRegistry();
  pushTo(fake.store, 'app', 'v1', image);
  const served = await serve(fake, server);
  // Connects to this machine, but is none of the names that are trusted blindly.
  const host = served.host.replace('127.0.0.1', '0.0.0.0');
  const registries = connect(wireOptions({ trust: { lookup: async () => trust }, ...options }));
  onTestFinished(async () => {
    await registries.close();
    await served.close();
  });
  return { fake, served, host, registries, app: registries.repository(host, 'app') };
}

describe('trust in a host', () => {
  it('is refused without its authority, at once and with the remedy', async () => {
    const clock = fakeClock();
    const { app, host, fake } = await start({}, tls, { clock });
    await expect(app.manifests.resolve('v1')).rejects.toMatchObject({
      code: 'CERTIFICATE',
      message: expect.stringContaining(host),
      hint: `Put the authority of ${host} as ca.crt into certs.d/${host}, or let the system trust it.`,
    });
    expect(clock.slept).toEqual([]);
    expect(fake.log.entries).toEqual([]);
  });

  it('is of no use where a server speaks plain http: that is said at once, with the remedy', async () => {
    const clock = fakeClock();
    const plainAdvice = 'say so by --plain';
    const { app, host, fake } = await start({}, undefined, { clock, plainAdvice });
    await expect(app.manifests.resolve('v1')).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining(`${host} does not speak TLS`),
      hint: `Check the port. If ${host} is meant to serve plain http, say so by --plain.`,
    });
    expect(clock.slept).toEqual([]);
    expect(fake.log.entries).toEqual([]);
  });

  it('is explained in the words of the door', async () => {
    const { app } = await start({}, tls, { trustAdvice: 'or ask the admin' });
    await expect(app.manifests.resolve('v1')).rejects.toMatchObject({
      hint: expect.stringMatching(/ as ca\.crt into certs\.d\/.*, or ask the admin\.$/),
    });
  });

  it('comes with an authority that is added to those of the system', async () => {
    const { app } = await start({ ca: [testTls.ca] }, tls);
    expect(await app.manifests.resolve('v1')).toEqual(image.manifest.descriptor);
  });

  it('does not cover another name than the certificate has', async () => {
    const { registries, host } = await start({ ca: [testTls.ca] }, tls);
    const other = registries.repository(host.replace('0.0.0.0', '[::ffff:127.0.0.1]'), 'app');
    await expect(other.manifests.resolve('v1')).rejects.toMatchObject({ code: 'CERTIFICATE' });
  });

  it('is not needed for a host that is declared insecure', async () => {
    const { app } = await start({ insecure: true }, tls);
    expect(await app.manifests.resolve('v1')).toEqual(image.manifest.descriptor);
  });

  it('is not needed for this machine itself', async () => {
    const { registries, served } = await start({}, tls);
    const app = registries.repository(served.host, 'app');
    expect(await app.manifests.resolve('v1')).toEqual(image.manifest.descriptor);
  });

  it('falls back to http for an insecure host without TLS, and asks only once', async () => {
    const { app, fake } = await start({ insecure: true }, undefined);
    await app.manifests.resolve('v1');
    await app.manifests.resolve('v1');
    expect(fake.log.entries.map(({ path }) => path)).toEqual([
      '/v2/',
      '/v2/app/manifests/v1',
      '/v2/app/manifests/v1',
    ]);
  });

  it('never falls back to http for any other host', async () => {
    const { app, fake } = await start({}, undefined);
    await expect(app.manifests.resolve('v1')).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(fake.log.entries).toEqual([]);
  });

  it('is shown by a client certificate where the host wants one', async () => {
    const mutual = { ...tls, ca: testTls.ca, requestCert: true, rejectUnauthorized: true };
    const trust = {
      ca: [testTls.ca],
      clientCertificate: testTls.certificate,
      clientKey: testTls.key,
    };
    const { app } = await start(trust, mutual);
    expect(await app.manifests.resolve('v1')).toEqual(image.manifest.descriptor);
  });

  it('names the client certificate that a host misses', () => {
    const alert = Object.assign(new Error('alert'), {
      code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    });
    const asked = { method: 'GET', url: new URL('https://registry.test/v2/') };
    expect(networkError(alert, asked)).toMatchObject({
      code: 'CERTIFICATE',
      hint: expect.stringContaining('client.cert'),
    });
  });

  it('cannot be built on a key that is none', async () => {
    const trust = { clientCertificate: testTls.certificate, clientKey: 'no key' };
    const { app } = await start(trust, tls);
    await expect(app.manifests.resolve('v1')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
