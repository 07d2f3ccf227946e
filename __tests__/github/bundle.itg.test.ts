import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inputEnv } from '../support/fake-host.ts';
import { makeLab } from '../support/lab.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const execute = promisify(execFile);
const bundle = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const hasBundle = existsSync(bundle);
if (!hasBundle) process.stdout.write('dist/ is not built: the action is not run.\n');

const config = `apiVersion: mirror.openshift.io/v2alpha1
kind: ImageSetConfiguration
mirror:
  platform: {channels: [{name: stable-4.16, minVersion: 4.16.6, maxVersion: 4.16.6}]}
`;

/** Serves artifacts, caches and the REST interface, as far as an upload and a comment need them. */
async function serveHost() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const [method = '', path = ''] = [request.method, request.url?.split('?')[0]];
    asked.push(`${method} ${path.split('/').at(-1)}`);
    const url = `http://${request.headers.host}/blob/1?sig=none`;
    const answer = path.includes('/Get')
      ? { ok: false }
      : { ok: true, signed_upload_url: url, artifact_id: '42', entry_id: '7' };
    request.resume();
    request.on('end', () => {
      response.writeHead(path.startsWith('/twirp/') ? 200 : 201, { etag: '"1"' });
      response.end(path.startsWith('/blob/') ? '' : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Makes a token as runners have it: a claim names the run for the artifact service. */
function runtimeToken(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'none' }), part({ scp: 'Actions.Results:run:job' }), 'none'].join('.');
}

describe.skipIf(!hasBundle)('the bundle of the action', { timeout: 120_000 }, () => {
  it('uploads an artifact, saves the cache and writes a comment with what it loads late', async () => {
    const lab = await makeLab();
    const { address, asked } = await serveHost();
    const directory = tempDirectory({
      'config.yaml': config,
      'key.asc': lab.upstream.key.publicKey,
      'event.json': JSON.stringify({ pull_request: { number: 3 } }),
      output: '',
    });
    const inputs = {
      command: 'plan',
      target: lab.target.host,
      config: 'config.yaml',
      'signature-keys': join(directory, 'key.asc'),
      'github-token': 'ghs_1',
    };
    const runner = {
      RUNNER_TEMP: directory,
      GITHUB_WORKSPACE: directory,
      GITHUB_OUTPUT: join(directory, 'output'),
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: join(directory, 'event.json'),
      GITHUB_SERVER_URL: 'http://github.localhost',
      GITHUB_API_URL: `${address}/api`,
      GITHUB_REPOSITORY: 'team/mirror',
      ACTIONS_RUNTIME_TOKEN: runtimeToken(),
      ACTIONS_RESULTS_URL: `${address}/`,
      ACTIONS_CACHE_SERVICE_V2: 'true',
    };
    const env = { ...process.env, ...lab.settings().env, ...inputEnv(inputs), ...runner };
    const { stdout } = await execute(process.execPath, [bundle], { env });
    expect(asked, stdout).toEqual(
      expect.arrayContaining([
        'POST GetCacheEntryDownloadURL',
        'POST FinalizeArtifact',
        'POST FinalizeCacheEntryUpload',
        'POST comments',
      ]),
    );
  });
});
