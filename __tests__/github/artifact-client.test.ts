import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../src/fake-registry/index.ts';
import { uploadPlainly } from '../../src/github/artifact-client.ts';
import { silentLogger } from '../../src/log.ts';
import { stillClock } from '../support/fake-host.ts';
import { HostServices, runtimeToken, serveHostServices } from '../support/host-services.ts';
import { tempDirectory } from '../support/temp-directory.ts';

async function upload(
  services: HostServices,
  files: Readonly<Record<string, string>>,
  token = runtimeToken(),
  names = Object.keys(files),
) {
  const { address, close } = await serveHostServices(services);
  onTestFinished(close);
  const root = tempDirectory(files);
  const env = { ACTIONS_RESULTS_URL: address, ACTIONS_RUNTIME_TOKEN: token };
  const world = { env, clock: stillClock, log: silentLogger, version: '1.2.3' };
  const paths = names.map((name) => join(root, name));
  return await uploadPlainly(world, { name: 'plan', root, files: paths });
}

describe('an artifact that is uploaded by plain requests', () => {
  it('arrives whole, with the paths of its files', async () => {
    const services = new HostServices();
    // Random bytes cannot be packed, so that they take several blocks.
    const large = randomBytes(5_000_000).toString('hex');
    const files = {
      'plan.json': '{}',
      'cluster-resources/é.yaml': large,
      'a.tar': large,
      empty: '',
    };
    expect(await upload(services, files)).toBe(42);
    const arrived = [...(services.artifacts.get('plan') ?? [])];
    expect(Object.fromEntries(arrived.map(([name, bytes]) => [name, String(bytes)]))).toEqual(
      files,
    );
    expect(services.asked.filter((one) => one.startsWith('PUT')).length).toBeGreaterThan(2);
  });

  it('fails with the cause when one of its files is gone', async () => {
    const services = new HostServices();
    await expect(upload(services, { a: 'a' }, undefined, ['b'])).rejects.toThrow('ENOENT');
  });

  it('is refused with the words of the host', async () => {
    const services = new HostServices();
    services.broken.add('artifact');
    await expect(upload(services, { a: 'a' })).rejects.toThrow(
      'CreateArtifact was answered 400: no artifacts today',
    );
  });

  it('is not tried with a token that names no run', async () => {
    const services = new HostServices();
    await expect(upload(services, { a: 'a' }, 'a1b2c3')).rejects.toThrow('names no run');
    expect(services.asked).toEqual([]);
  });

  /** Uploads to a host that names this place, and says that about the end. */
  async function uploadTo(place: string, ok: boolean, name = 'plan') {
    const asked: string[] = [];
    const tokens = new Set<string | undefined>();
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.method === 'PUT') tokens.add(request.headers.authorization);
      request.resume().on('end', () => {
        response.end(JSON.stringify({ ok, artifact_id: '42', signed_upload_url: place }));
      });
    });
    const { host, close } = await listen(server);
    onTestFinished(close);
    const root = tempDirectory({ a: 'a' });
    const env = { ACTIONS_RESULTS_URL: `http://${host}/`, ACTIONS_RUNTIME_TOKEN: runtimeToken() };
    const world = { env, clock: stillClock, log: silentLogger, version: '1.2.3' };
    const upload = { name, root, files: [join(root, 'a')] };
    return { asked, tokens, id: await uploadPlainly(world, upload) };
  }

  it('goes to a place below the address of the service, with or without a query', async () => {
    const { asked, id } = await uploadTo('/up', true);
    expect(id).toBe(42);
    expect(asked.filter((one) => /^\/up\?comp=block/.test(one))).toHaveLength(2);
    const signed = await uploadTo('/up?sig=s', true);
    expect(signed.asked.filter((one) => /^\/up\?sig=s&comp=block/.test(one))).toHaveLength(2);
  });

  it('gives its token to the service alone: the place may be on another host', async () => {
    expect([...(await uploadTo('/up', true)).tokens]).toEqual([undefined]);
  });

  it('shares the names of its blocks with no other artifact of the run', async () => {
    const first = await uploadTo('/up', true);
    const second = await uploadTo('/up', true, 'result');
    const blocks = ({ asked }: typeof first) => asked.filter((one) => one.includes('comp=block&'));
    expect(blocks(first)).toHaveLength(1);
    expect(blocks(second)).not.toEqual(blocks(first));
  });

  it('fails where the host does not say that it is whole, or names no place on the web', async () => {
    await expect(uploadTo('/up', false)).rejects.toThrow('not with ok');
    const refused = uploadTo('file:///up?sig=secret', true);
    await expect(refused).rejects.toThrow(/^CreateArtifact names no place for the upload$/);
  });
});
