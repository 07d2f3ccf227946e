import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inputEnv } from '../support/fake-host.ts';
import { HostServices, runtimeToken, serveHostServices } from '../support/host-services.ts';
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

describe.skipIf(!hasBundle)('the bundle of the action', { timeout: 120_000 }, () => {
  it('uploads an artifact, saves the cache and writes a comment with what it loads late', async () => {
    const lab = await makeLab();
    const services = new HostServices();
    services.signatures = 'encoded';
    const { address, close } = await serveHostServices(services);
    onTestFinished(close);
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
    expect(services.asked, stdout).toEqual(
      expect.arrayContaining([
        'POST GetCacheEntryDownloadURL',
        'POST FinalizeArtifact',
        'POST FinalizeCacheEntryUpload',
        'POST comments',
      ]),
    );
  });
});
