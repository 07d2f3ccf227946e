import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeApi } from '../support/fake-api.ts';
import { inputEnv } from '../support/fake-host.ts';
import { HostServices, runtimeToken, serveHostServices } from '../support/host-services.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { type Lab, makeLab } from '../support/lab.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { TempRepository } from '../support/temp-repository.ts';

const entry = fileURLToPath(new URL('../../src/index.ts', import.meta.url));
const page = readFileSync(new URL('../../.github/docs/hosts.md', import.meta.url), 'utf8');

/** The services in the order of the columns of the page, and the commands that use them. */
const services = {
  artifact: ['plan', 'apply'],
  cache: ['plan', 'apply', 'verify'],
  comment: ['plan'],
  review: ['apply'],
  summary: ['plan', 'apply', 'verify'],
} as const;
type Service = keyof typeof services;
const names = Object.keys(services) as Service[];

/** The services that each host lacks, as the page says. */
function readPage(): Readonly<Record<string, readonly Service[]>> {
  const [table = ''] = page.split('| Missing |');
  const rows = [...table.matchAll(/^\| (.+?) \|((?: (?:yes|–) \|){5})$/gm)];
  const lacks = rows.map(([, host = '', cells = '']) => {
    const marks = cells.split('|').map((cell) => cell.trim());
    return [host, names.filter((_, column) => marks[column] === '–')] as const;
  });
  return Object.fromEntries(lacks);
}

const token = { ACTIONS_RUNTIME_TOKEN: runtimeToken() };
const loud = { 'github-token': 'token' };

/** The environment that a host gives its jobs, and how it answers. */
interface Host {
  env(address: string): Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly pages?: FakeApi['pages'];
  readonly signatures?: HostServices['signatures'];
  /** The services that are missing beyond the row of the page. */
  readonly lacks?: readonly Service[];
  readonly broken?: readonly ('artifact' | 'cache')[];
  /** The row of the page, if it is not the name. */
  readonly row?: string;
}

const giteaEnv = (address: string) => ({
  ...token,
  GITEA_ACTIONS: 'true',
  GITHUB_SERVER_URL: address,
  GITHUB_API_URL: `${address}/api/v1`,
  ACTIONS_RUNTIME_URL: `${address}/api/actions_pipeline/`,
  ACTIONS_RESULTS_URL: address,
  ACTIONS_CACHE_URL: `${address}/`,
});

const enterpriseEnv = (address: string) => ({
  ...token,
  GITHUB_SERVER_URL: 'https://github.internal.example.com',
  GITHUB_API_URL: `${address}/api/v3`,
  ACTIONS_RUNTIME_URL: `${address}/`,
});

const hosts: Readonly<Record<string, Host>> = {
  GitHub: {
    env: (address) => ({
      ...token,
      GITHUB_SERVER_URL: 'http://github.localhost',
      GITHUB_API_URL: `${address}/api`,
      ACTIONS_RESULTS_URL: `${address}/`,
      ACTIONS_CACHE_SERVICE_V2: 'true',
    }),
    inputs: loud,
    signatures: 'encoded',
  },
  'GitHub Enterprise Server': {
    env: (address) => ({ ...enterpriseEnv(address), ACTIONS_CACHE_URL: `${address}/` }),
    inputs: loud,
  },
  'GitHub Enterprise Server without storage for a cache': {
    row: 'GitHub Enterprise Server',
    env: enterpriseEnv,
    inputs: loud,
    lacks: ['cache'],
  },
  'Gitea 1.27 and newer': {
    env: (address) => ({ ...giteaEnv(address), GITEA_ACTIONS_CAPABILITIES: 'job-summary' }),
    inputs: loud,
    pages: 'gitea',
  },
  'Gitea 1.22 to 1.26': { env: giteaEnv, inputs: loud, pages: 'gitea' },
  'Gitea before artifacts of version 4': {
    row: 'Gitea 1.22 to 1.26',
    env: (address) => ({ ...giteaEnv(address), ACTIONS_RUNTIME_TOKEN: 'a1b2c3' }),
    inputs: loud,
    pages: 'gitea',
    lacks: ['artifact'],
  },
  Forgejo: {
    env: (address) => ({ ...giteaEnv(address), FORGEJO_ACTIONS: 'true' }),
    inputs: loud,
    pages: 'gitea',
  },
  'Forgejo with services that fail': {
    row: 'Forgejo',
    env: (address) => ({ ...giteaEnv(address), FORGEJO_ACTIONS: 'true' }),
    inputs: loud,
    pages: 'gitea',
    lacks: ['artifact', 'cache'],
    broken: ['artifact', 'cache'],
  },
  'act, with `--artifact-server-path` and a token': {
    env: (address) => ({
      ...token,
      ACT: 'true',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_API_URL: `${address}/api`,
      ACTIONS_RUNTIME_URL: `${address}/`,
      ACTIONS_RESULTS_URL: `${address}/`,
      ACTIONS_CACHE_URL: `${address}/`,
    }),
    inputs: loud,
  },
  act: {
    env: (address) => ({
      ACT: 'true',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_API_URL: 'https://api.github.com',
      ACTIONS_CACHE_URL: `${address}/`,
    }),
  },
};

/** The compiled sources of this test, if they are kept. */
const { NODE_COMPILE_CACHE = '' } = process.env;

/** Runs the action, as the host's runner does, and gives its exit code, its log and its outputs. */
async function start(env: Readonly<Record<string, string>>, cwd: string) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    cwd,
    // Compiled sources are kept: each start would take twice as long.
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const log = await text(child.stdout);
  const written = readFileSync(env['GITHUB_OUTPUT'] ?? '', 'utf8');
  const outputs = [...written.matchAll(/^([\w-]+)<<(.+)\n(.*)\n\2$/gm)];
  return {
    exitCode: await ended,
    log,
    outputs: Object.fromEntries(outputs.map(([, name, , value]) => [name, value])),
    warnings: [...log.matchAll(/^::(warning|error) title=(.*?)::(.*)$/gm)].map(
      ([, severity, title, told = '']) => ({
        told: `${severity} ${title}`,
        beginning: told.split('. ')[0],
      }),
    ),
  };
}

/** A repository with two images on a host, and a way to run the action there. */
async function openScene(lab: Lab, host: Host) {
  const { env, inputs, pages = 'github', broken = [], signatures = 'bare' } = host;
  const directory = tempDirectory();
  const repository = new TempRepository();
  onTestFinished(() => repository[Symbol.dispose]());
  const services = new HostServices(new FakeApi());
  services.api.pages = pages;
  services.signatures = signatures;
  for (const one of broken) services.broken.add(one);
  const { address, close } = await serveHostServices(services);
  onTestFinished(close);
  const images = (count: number) => {
    const lines = ['a', 'b']
      .slice(0, count)
      .map((name) => `    - name: ${lab.source.host}/${name}:1`);
    const head = ['kind: ImageSetConfiguration', 'apiVersion: mirror.openshift.io/v2alpha1'];
    repository.write(
      'set.yaml',
      [...head, 'mirror:', '  additionalImages:', ...lines, ''].join('\n'),
    );
    return repository.commit();
  };
  const run = async (event: string, payload: object = {}) => {
    const files = { 'event.json': JSON.stringify(payload), output: '', summary: '' };
    const place = tempDirectory(files);
    const end = await start(
      {
        ...inputEnv({
          target: lab.target.host,
          'insecure-registries': `${lab.source.host}\n${lab.target.host}`,
          ...inputs,
        }),
        HOME: directory,
        RUNNER_TEMP: directory,
        GITHUB_WORKSPACE: repository.root,
        GITHUB_REPOSITORY: 'team/mirror',
        GITHUB_SHA: repository.git('rev-parse', 'HEAD'),
        GITHUB_REF: 'refs/heads/main',
        GITHUB_RUN_ID: '1',
        GITHUB_WORKFLOW_REF: 'team/mirror/.github/workflows/mirror.yml@refs/heads/main',
        GITHUB_EVENT_NAME: event,
        GITHUB_EVENT_PATH: join(place, 'event.json'),
        GITHUB_OUTPUT: join(place, 'output'),
        GITHUB_STEP_SUMMARY: join(place, 'summary'),
        ...env(address),
      },
      repository.root,
    );
    return { ...end, summary: readFileSync(join(place, 'summary'), 'utf8') };
  };
  return { repository, services, images, run };
}

const said = new Map<string, Set<string | undefined>>();

describe('the page of hosts', () => {
  it('has a row for each host that is emulated, and no other', () => {
    expect(new Set(Object.entries(hosts).map(([name, { row = name }]) => row))).toEqual(
      new Set(Object.keys(readPage())),
    );
  });
});

describe('a run comes to its end, uses what is there, and warns once of what is missing', () => {
  it.each(Object.entries(hosts))(
    'on %s',
    async (name, host) => {
      const lab = await makeLab();
      const store = lab.source.fake?.store;
      for (const image of ['a', 'b'])
        if (store) pushTo(store, image, '1', makeImage({ seed: image }));
      const scene = await openScene(lab, host);
      const { api } = scene.services;
      const missing = [...(readPage()[host.row ?? name] ?? []), ...(host.lacks ?? [])];
      const expectWarnings = (command: string, end: Awaited<ReturnType<typeof scene.run>>) => {
        const used = names.filter((one) => services[one].some((user) => user === command));
        const lacked = used.filter((one) => missing.includes(one));
        const known = end.warnings.filter(({ told }) => told.includes(' no-'));
        expect(known.map(({ told }) => told).sort(), end.log).toEqual(
          lacked.map((one) => `warning no-${one}`).sort(),
        );
        for (const { told, beginning } of known)
          said.set(told, (said.get(told) ?? new Set()).add(beginning));
        expect(end.log).not.toMatch(/^::(?:warning|error)::/m);
      };

      const before = scene.images(2);
      const first = await scene.run('push');
      expect(first.outputs, first.log).toMatchObject({ outcome: 'applied', 'mirror-count': '2' });
      const head = scene.images(1);
      const pull = { number: 7, base: { sha: before }, head: { sha: head } };
      const planned = await scene.run('pull_request', { number: 7, pull_request: pull });
      expect(planned.outputs, planned.log).toMatchObject({
        outcome: 'planned',
        'delete-count': '1',
      });
      expectWarnings('plan', planned);
      expect(api.comments).toHaveLength(missing.includes('comment') ? 0 : 1);

      api.runs.push({ id: 1, headSha: head });
      api.history.push(before, head);
      api.pulls.push({ number: 7, headSha: head, mergedWith: head });
      const merged = await scene.run('push', { before });
      const outcome = missing.includes('review') ? 'partial' : 'applied';
      expect(merged.outputs, merged.log).toMatchObject({ outcome });
      expectWarnings('apply', merged);

      const verified = await scene.run('schedule');
      expect(verified.exitCode, verified.log).toBe(0);
      expect(verified.summary).toContain('Verified');
      expectWarnings('verify', verified);

      const plans = [...scene.services.artifacts.values()].filter((files) =>
        files.has('plan.json'),
      );
      expect(plans.length > 0, 'a plan is an artifact').toBe(!missing.includes('artifact'));
      expect(scene.services.caches.size > 0, 'a cache is kept').toBe(!missing.includes('cache'));
      const found = scene.services.asked.some((one) => one.startsWith('GET imageset-mirror-v1-'));
      expect(found, 'a later run finds the cache').toBe(!missing.includes('cache'));
    },
    120_000,
  );

  it('in the same words, whatever the reason', () => {
    expect([...said].filter(([, words]) => words.size !== 1)).toEqual([]);
    expect(said.size).toBe(names.length);
  });
});
