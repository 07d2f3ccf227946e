import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createFakeRegistry, type FakeRegistry, serve } from '../../src/fake-registry/index.ts';
import { makeUpstream, serveUpstream, type Upstream } from '../../src/fake-upstream/index.ts';
import { renderCheckIssue } from '../../src/views/index.ts';
import { copyAction, missingForAct, runAct } from '../support/act.ts';
import { freePort } from '../support/docker-registry.ts';
import { type Example, type ExampleStep, readExamples, workflowOf } from '../support/examples.ts';
import { FakeApi, serveApi } from '../support/fake-api.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { storeIn } from '../support/lab.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { TempRepository } from '../support/temp-repository.ts';
import { testTls } from '../support/tls.ts';
import { readZip } from '../support/zip.ts';

const missing = missingForAct();
if (missing) process.stderr.write(`examples.itg: skipped, ${missing}\n`);

const examples = readExamples();
const workflows = examples.filter((one) => workflowOf(one));

/** Gives the examples below a heading, the first one first. */
function below(heading: string, language = 'yaml'): readonly Example[] {
  return examples.filter((one) => one.heading === heading && one.language === language);
}

const headings = {
  hosted: 'Hosted runners',
  disconnected: 'Self-hosted runners in a disconnected network',
  archives: 'Over an air gap',
  commands: 'Command line only',
};

const execute = promisify(execFile);
const commit = '0123456789abcdef0123456789abcdef01234567';
const login = { username: 'mirror', password: 'not-a-secret' };
/** This machine, by a name that no client trusts blindly. */
const here = (host: string) => host.replace('127.0.0.1', '0.0.0.0');

describe('the examples of the pages', () => {
  it('are all run below, or are the beginning of one that is', () => {
    const run = Object.values(headings).flatMap((heading) => below(heading));
    const rest = workflows.filter((one) => !run.includes(one));
    expect(rest.map(({ heading }) => heading)).toEqual(['Install']);
    const [hosted] = below(headings.hosted);
    expect(rest.every(({ text }) => hosted?.text.includes(text.trim()))).toBe(true);
  });

  it('say which permissions a job needs, and let none write but what it shows', () => {
    const whole = workflows.map(({ text }) => parse(text)).filter((one) => one.jobs);
    expect(whole).toHaveLength(3);
    for (const { permissions, jobs } of whole) {
      const { contents, ...rest } = { ...permissions, ...jobs.mirror.permissions };
      expect(contents).toBe('read');
      const known = ['pull-requests', 'actions', 'issues'];
      expect(Object.keys(rest).filter((name) => !known.includes(name))).toEqual([]);
      const usesIssue = jobs.mirror.steps.some((step: ExampleStep) => step.with?.['issue']);
      expect(rest['issues']).toBe(usesIssue ? 'write' : undefined);
    }
  });
});

describe.skipIf(missing !== undefined)('under act, each example works as it is written', () => {
  let directory: string;
  let target: FakeRegistry;
  let upstream: Upstream;
  let fakeApi: FakeApi;
  let places: readonly (readonly [RegExp, string])[];
  let env: Readonly<Record<string, string>>;
  let secrets: Readonly<Record<string, string>>;
  /** The words that start act's servers of artifacts and caches. */
  let servers: readonly string[];
  const ends: (() => Promise<void>)[] = [];

  async function serveRegistry(registry: FakeRegistry): Promise<string> {
    const served = await serve(registry, { cert: testTls.certificate, key: testTls.key });
    ends.push(served.close);
    return here(served.host);
  }

  beforeEach(async () => {
    directory = tempDirectory({ 'ca.pem': testTls.ca, 'registries.conf': '' });
    copyAction(join(directory, 'action'));
    const source = createFakeRegistry();
    target = createFakeRegistry({
      auth: { kind: 'basic', users: { [login.username]: { password: login.password } } },
    });
    const [sourceHost, targetHost] = [await serveRegistry(source), await serveRegistry(target)];
    const channels = { 'stable-4.16': ['4.16.5', '4.16.6'] };
    upstream = await makeUpstream({ components: 4, shared: 2, registry: sourceHost, channels });
    await upstream.fill(storeIn(source.store));
    pushTo(source.store, 'ubi9/ubi', 'latest', makeImage({ seed: 'ubi' }));
    const served = await serveUpstream(upstream);
    fakeApi = new FakeApi();
    const api = await serveApi(fakeApi);
    ends.push(served.close, api.close);
    const auth = Buffer.from(`${login.username}:${login.password}`).toString('base64');
    const pullSecret = JSON.stringify({ auths: { [targetHost]: { auth } } });
    writeFileSync(join(directory, 'auth.json'), pullSecret);
    writeFileSync(join(directory, 'release.asc'), upstream.key.publicKey);
    places = [
      [/registry\.(internal\.)?example\.com(:8443)?/g, targetHost],
      [/registry\.redhat\.io/g, sourceHost],
      [/https:\/\/graph\.internal\.example\.com\S*/g, served.env.UPDATE_URL_OVERRIDE],
      [/https:\/\/signatures\.internal\.example\.com\S*/g, served.env.OCP_SIGNATURE_URL],
      [/\/etc\/pki\/\S+\/internal\.pem/g, join(directory, 'ca.pem')],
      [/\/etc\/mirror\//g, `${directory}/`],
      [/\/var\/lib\/imageset-mirror/g, join(directory, 'kept')],
      [/\/mnt\/transfer/g, join(directory, 'transfer')],
      [/\/opt\/imageset-mirror/g, join(directory, 'action')],
    ];
    env = {
      ...served.env,
      OCP_SIGNATURE_VERIFICATION_PK: join(directory, 'release.asc'),
      NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem'),
      GITHUB_REPOSITORY: 'team/mirror',
      GITHUB_API_URL: `http://${api.host}/api`,
      GITHUB_GRAPHQL_URL: `http://${api.host}/api/graphql`,
    };
    servers = [
      ...['--artifact-server-path', join(directory, 'artifacts')],
      ...[
        '--artifact-server-addr',
        '127.0.0.1',
        '--artifact-server-port',
        String(await freePort()),
      ],
      ...['--cache-server-addr', '127.0.0.1', '--cache-server-path', join(directory, 'caches')],
    ];
    secrets = { PULL_SECRET: pullSecret, GITHUB_TOKEN: 'not-a-token' };
  });

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  /** Puts what this machine has in the place of what the examples name. */
  const settle = (text = ''): string =>
    places.reduce((settled, [name, place]) => settled.replaceAll(name, place), text);

  const imageSet = (): string => settle(below('Quick start')[0]?.text);

  /** A repository with the image set of the first steps, and one workflow. */
  function createRepository(workflow: string | undefined): TempRepository {
    const repository = new TempRepository();
    repository.write('imageset-config.yaml', imageSet());
    repository.write('.github/workflows/mirror.yml', settle(workflow));
    repository.commit('first');
    return repository;
  }

  function raise(repository: TempRepository): string {
    const text = imageSet().replace('minVersion: 4.16.5', 'minVersion: 4.16.6');
    repository.write('imageset-config.yaml', text);
    return repository.commit('raise minVersion');
  }

  /** Runs the workflow, and expects that each of its steps succeeds. */
  async function run(repository: TempRepository, event: string, payload: object = {}) {
    const action = join(directory, 'action');
    const end = await runAct(repository, directory, {
      event,
      payload,
      env,
      secrets,
      words: [
        '--local-repository',
        `OWNER/imageset-mirror@${commit}=${action}`,
        '--local-repository',
        `platform/imageset-mirror@${commit}=${action}`,
        ...servers,
      ],
    });
    expect(end.exitCode, end.log).toBe(0);
    expect(end.log).toContain('Job succeeded');
    expect(end.warnings.filter((title) => title.startsWith('no-'))).toEqual([]);
    return end;
  }

  /** Puts the credentials where commands look for them by themselves. */
  function writeAuth(): void {
    mkdirSync(join(directory, '.docker'));
    cpSync(join(directory, 'auth.json'), join(directory, '.docker', 'config.json'));
  }

  /** Gives the files in all artifacts whose names end so. */
  function uploaded(ending: string): readonly (readonly [string, Buffer])[] {
    const places = readdirSync(join(directory, 'artifacts'), { recursive: true, encoding: 'utf8' });
    const archives = places.filter((place) => place.endsWith('.zip'));
    const files = archives.flatMap((place) => [
      ...readZip(readFileSync(join(directory, 'artifacts', place))),
    ]);
    return files.filter(([name]) => name.endsWith(ending));
  }

  function tags(repository: string): readonly string[] {
    return [...(target.store.get(repository)?.tags.keys() ?? [])];
  }

  it('on hosted runners: mirrors, plans, applies what was reviewed, and verifies', async () => {
    using repository = createRepository(below(headings.hosted)[0]?.text);
    const first = await run(repository, 'push');
    expect(first.outputs).toMatchObject({ outcome: 'applied', 'failed-count': '0' });
    expect(tags('ocp/ubi9/ubi')).toEqual(['latest']);
    const before = repository.git('rev-parse', 'HEAD');
    const head = raise(repository);
    const pull = { number: 7, base: { sha: before }, head: { sha: head } };
    const planned = await run(repository, 'pull_request', { number: 7, pull_request: pull });
    expect(planned.outputs).toMatchObject({ outcome: 'planned', 'mirror-count': '0' });
    expect(fakeApi.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining('Deletes release 4.16.5'),
    ]);
    expect(uploaded('report.html')).not.toEqual([]);
    fakeApi.runs.push({ id: 1, headSha: head });
    fakeApi.history.push(before, head);
    fakeApi.pulls.push({ number: 7, headSha: head, mergedWith: head });
    const merged = await run(repository, 'push', { before });
    expect(merged.outputs).toMatchObject({ outcome: 'applied', 'mirror-count': '0' });
    expect(Number(merged.outputs['delete-count'])).toBeGreaterThan(0);
    const verified = await run(repository, 'schedule');
    expect(verified.log).toMatch(/verified (\d+) \/ \1 images/);
    const place = settle('registry.example.com:8443/ocp');
    const told = renderCheckIssue(
      { done: 0, total: 1, imageFailures: [], notes: [] },
      { target: place },
    );
    fakeApi.issues.push({ ...told, number: 9, state: 'open', user: { login: fakeApi.login } });
    target.store.get('ocp/ubi9/ubi')?.tags.delete('latest');
    const repaired = await run(repository, 'schedule');
    expect(repaired.log).toMatch(/verified (\d+) \/ \1 images, repaired 1 of 1/);
    expect(tags('ocp/ubi9/ubi')).toEqual(['latest']);
    expect(fakeApi.issues).toMatchObject([{ state: 'closed' }]);
  }, 120_000);

  it('on self-hosted runners: mirrors, applies the plan that is named, and restores it', async () => {
    using repository = createRepository(below(headings.disconnected)[0]?.text);
    await run(repository, 'push');
    const whole = tags('openshift/release');
    raise(repository);
    const dispatch = (inputs: object) => run(repository, 'workflow_dispatch', { inputs });
    const { outputs } = await dispatch({ command: 'plan' });
    expect(Number(outputs['delete-count'])).toBeGreaterThan(0);
    const applied = await dispatch({ command: 'apply', approve: outputs['plan-digest'] });
    expect(applied.outputs).toMatchObject({ outcome: 'applied' });
    expect(tags('openshift/release').length).toBeLessThan(whole.length);
    const restored = await dispatch({ command: 'restore', undo: 'last' });
    expect(restored.outputs).toMatchObject({ outcome: 'applied' });
    expect(tags('openshift/release').toSorted()).toEqual(whole.toSorted());
  }, 120_000);

  it('over an air gap: archives without the target, and loads without a source', async () => {
    const [outside, inside] = below(headings.archives).map(workflowOf);
    using repository = createRepository(outside);
    await run(repository, 'push');
    expect(target.store.size).toBe(0);
    mkdirSync(join(directory, 'transfer'));
    for (const [name, bytes] of uploaded('.tar'))
      writeFileSync(join(directory, 'transfer', name), bytes);
    repository.write('.github/workflows/mirror.yml', settle(inside));
    await ends.shift()?.();
    const loaded = await run(repository, 'push');
    expect(loaded.outputs).toMatchObject({ outcome: 'applied', 'failed-count': '0' });
    expect(tags('ocp/ubi9/ubi')).toEqual(['latest']);
  }, 120_000);

  it('with the command line only: plans and applies', async () => {
    using repository = createRepository(below(headings.commands)[0]?.text);
    writeAuth();
    const { log } = await run(repository, 'push');
    expect(log).toMatch(/applied: mirrored \d+, deleted 0, untagged 0, held 0, failed 0/);
    expect(tags('ubi9/ubi')).toEqual(['latest']);
  }, 120_000);

  it('in a shell: plans and applies as the first steps say', async () => {
    using repository = createRepository('');
    writeAuth();
    const [{ text = '' } = {}] = below('Quick start', 'sh');
    const program = `imageset-mirror() { node ${directory}/action/dist/cli/index.js "$@"; }`;
    const path = [join(process.execPath, '..'), process.env['PATH']].join(delimiter);
    await execute('bash', ['-ec', `${program}\n${settle(text)}`], {
      cwd: repository.root,
      env: { ...process.env, ...env, PATH: path, HOME: directory },
    });
    expect(tags('ubi9/ubi')).toEqual(['latest']);
  }, 120_000);
});
