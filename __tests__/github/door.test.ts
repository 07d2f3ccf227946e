import { existsSync, mkdirSync, readFileSync, realpathSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/diagnostic.ts';
import { runKey } from '../../src/door/index.ts';
import { ConfigError, CopyError, RegistryError } from '../../src/errors.ts';
import { runAction } from '../../src/github/door.ts';
import { outputNames } from '../../src/github/host.ts';
import type { ActionJobs } from '../../src/github/session.ts';
import type { PlanResult, Settings } from '../../src/run/index.ts';
import { FakeApi } from '../support/fake-api.ts';
import { type FakeHostOptions, fakeHost } from '../support/fake-host.ts';
import { fakeJobs, plannedOf, resultOf } from '../support/fake-jobs.ts';
import { fakeViews } from '../support/fake-views.ts';
import { changeOf, planOf } from '../support/plans.ts';
import { imageSetText, TempRepository } from '../support/temp-repository.ts';

const sha = (digit: string) => digit.repeat(40);
const plan = planOf([changeOf('mirror', '2'), changeOf('delete', '1'), changeOf('hold', '0')]);
/** An event of pull request 7, whose head is what is checked out. */
const pullPayload = (head: string, more: object = {}) => ({
  pull_request: { number: 7, base: { sha: sha('b') }, head: { sha: head } },
  ...more,
});

/** One run of the door in a repository with one image set. */
interface Scene extends Omit<FakeHostOptions, 'payload'> {
  readonly payload?: object | ((head: string) => object);
  readonly event?: string;
  readonly planned?: PlanResult;
  readonly jobs?: Partial<ActionJobs>;
}

async function play(repository: TempRepository, scene: Scene) {
  repository.write('imageset-config.yaml', imageSetText());
  const head = repository.commit();
  const { payload } = scene;
  const { host, recorded } = fakeHost({
    ...scene,
    payload: typeof payload === 'function' ? payload(head) : payload,
    inputs: { target: 'registry.example.com', ...scene.inputs },
    env: {
      PATH: process.env['PATH'] ?? '',
      GITHUB_WORKSPACE: repository.root,
      RUNNER_TEMP: join(repository.root, '.tmp'),
      GITHUB_EVENT_NAME: scene.event ?? 'pull_request',
      GITHUB_REPOSITORY: 'team/mirror',
      GITHUB_SHA: sha('c'),
      ...scene.env,
    },
  });
  const { jobs, asked } = fakeJobs(scene.planned ?? plannedOf(plan), scene.jobs);
  const exitCode = await runAction(host, { jobs, views: fakeViews });
  const outputs: Record<string, string> = Object.fromEntries(recorded.outputs);
  return { ...recorded, exitCode, outputs, asked };
}

describe('a run on a pull request', () => {
  it('plans, writes the files, shows them in summary and comment, and sets every output', async () => {
    using repository = new TempRepository();
    const fake = new FakeApi();
    const run = await play(repository, { payload: pullPayload, api: fake.api });
    expect(run.exitCode).toBe(0);
    expect(run.asked.calls).toEqual(['plan']);
    expect(Object.keys(run.outputs).sort()).toEqual([...outputNames].sort());
    expect(run.outputs).toMatchObject({
      'has-changes': 'true',
      'plan-digest': plan.digest,
      'mirror-count': '1',
      'delete-count': '1',
      'hold-count': '1',
      'failed-count': '0',
      outcome: 'planned',
      'cluster-resources-path': '',
      shards: '["1/1"]',
    });
    expect(readFileSync(run.outputs['plan-path'] ?? '', 'utf8')).toContain(plan.digest);
    expect(existsSync(run.outputs['delete-list-path'] ?? '')).toBe(true);
    expect(run.summary).toContain(plan.digest);
    expect(run.lines).toEqual(expect.arrayContaining(['::group::Plan', '  - delete 1']));
    expect(fake.comments.map((comment) => comment.body)).toEqual([
      expect.stringContaining(plan.digest),
    ]);
  });

  it.each<[string, (repository: TempRepository, head: string) => object]>([
    ['the head of the pull request', (_, head) => pullPayload(head)],
    [
      'its merge with the base',
      (repository, head) => {
        repository.git('checkout', '-q', '--orphan', 'base');
        repository.write('other.txt', 'x');
        repository.commit();
        repository.git(
          'merge',
          '-q',
          '--no-ff',
          '--allow-unrelated-histories',
          '-m',
          'merge',
          head,
        );
        return pullPayload(head);
      },
    ],
  ])('plans when the checkout is %s', async (_, payloadOf) => {
    using repository = new TempRepository();
    const payload = (head: string) => payloadOf(repository, head);
    const run = await play(repository, { payload });
    expect(run.outputs['outcome']).toBe('planned');
  });

  describe('without secrets', () => {
    const denied = () =>
      new CopyError({
        side: 'target',
        operation: 'asking',
        reference: 'registry.example.com',
        cause: new RegistryError('UNAUTHORIZED', 'asks for a login'),
      });
    const planned = plannedOf(plan, {
      diagnostics: [{ severity: 'warning', code: 'no-observation', summary: 'Not read.' }],
    });
    const guarded = async (settings: Settings) => {
      if (settings.targetAccess !== 'assumed') throw denied();
      return planned;
    };

    it('plans without a look at the target, with one warning', async () => {
      using repository = new TempRepository();
      const inputs = { username: 'robot', password: '' };
      const run = await play(repository, { payload: pullPayload, inputs, jobs: { plan: guarded } });
      expect(run).toMatchObject({ exitCode: 0, outputs: { outcome: 'planned' } });
      const codes = run.annotations.map(({ title }) => title);
      expect(codes.filter((code) => code === 'no-observation')).toHaveLength(1);
    });

    it.each([
      ['credentials are given', pullPayload, { username: 'robot', password: 'wrong' }],
      ['it is no pull request', {}, {}],
    ])('does not when %s: then the target has to be read', async (_, payload, inputs) => {
      using repository = new TempRepository();
      const event = payload === pullPayload ? 'pull_request' : 'workflow_dispatch';
      const run = await play(repository, { event, payload, inputs, jobs: { plan: guarded } });
      expect(run).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed' } });
    });
  });

  it('publishes no plan when the checkout is the base, and says why', async () => {
    using repository = new TempRepository();
    const fake = new FakeApi();
    const payload = () => pullPayload(sha('a'));
    const run = await play(repository, { event: 'pull_request_target', payload, api: fake.api });
    expect(run.asked.calls).toEqual([]);
    expect(run).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed', 'plan-path': '' } });
    expect(run.annotations[0]).toMatchObject({ title: 'checkout-is-not-the-change' });
    expect(fake.comments[0]?.body).toContain('no plan is published');
  });

  it('publishes no plan on pull_request_target when git cannot tell what the checkout is', async () => {
    using repository = new TempRepository();
    const env = { PATH: '/nowhere' };
    const withoutGit = (event: string) => play(repository, { event, env, payload: pullPayload });
    const run = await withoutGit('pull_request_target');
    expect(run.asked.calls).toEqual([]);
    expect(run).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed' } });
    expect(run.annotations[0]).toMatchObject({ title: 'checkout-is-not-the-change' });
    expect((await withoutGit('pull_request')).exitCode).toBe(0);
  });

  it.each(['auto', 'plan'])(
    'does nothing when the pull request is closed, with command %s',
    async (command) => {
      using repository = new TempRepository();
      const payload = (head: string) => pullPayload(head, { action: 'closed' });
      const run = await play(repository, { payload, inputs: { command, cache: 'off' } });
      expect(run.asked.calls).toEqual([]);
      expect(run).toMatchObject({ exitCode: 0, outputs: { outcome: 'nothing' } });
      expect(run.lines.slice(1)).toEqual(['Pull request 7 is closed: there is nothing to plan.']);
    },
  );

  it('applies nothing when the pull request is closed without a merge', async () => {
    using repository = new TempRepository();
    const payload = (head: string) => pullPayload(head, { action: 'closed' });
    const run = await play(repository, { payload, inputs: { command: 'apply' } });
    expect(run.asked.calls).toEqual([]);
    expect(run).toMatchObject({ exitCode: 0, outputs: { outcome: 'nothing' } });
  });

  it('passes the configurations of the checkout and its commit', async () => {
    using repository = new TempRepository();
    const { asked } = await play(repository, {});
    expect(asked.request?.head.map((file) => file.name)).toEqual(['imageset-config.yaml']);
    expect(asked.request?.headRevision.commit).toBe(repository.git('rev-parse', 'HEAD'));
  });

  it('works without any service of the host, and names each that is missing once', async () => {
    using repository = new TempRepository();
    const run = await play(repository, { payload: pullPayload });
    expect(run.exitCode).toBe(0);
    expect(existsSync(run.outputs['plan-path'] ?? '')).toBe(true);
    expect(run.annotations.map(({ severity, title }) => `${severity} ${title}`)).toEqual([
      'warning no-artifact',
      'warning no-cache',
      'warning no-comment',
    ]);
  });

  it('asks for no service that is switched off', async () => {
    using repository = new TempRepository();
    const inputs = { comment: 'off', upload: 'off', cache: 'off' };
    const run = await play(repository, { payload: pullPayload, inputs });
    expect(run.annotations).toEqual([]);
  });

  it('uploads the files under the name that the user gave', async () => {
    using repository = new TempRepository();
    const uploads: { name: string; files: readonly string[] }[] = [];
    const run = await play(repository, {
      inputs: { 'artifact-name': 'plan-east' },
      artifacts: {
        upload: async (name, root, files) => {
          uploads.push({ name, files: files.map((file) => file.slice(root.length + 1)) });
          return 42;
        },
        download: () => Promise.reject(new Error('not asked')),
      },
    });
    expect(run.outputs['artifact-id']).toBe('42');
    expect(uploads).toEqual([
      {
        name: 'plan-east',
        files: ['plan.json', 'delete-images.yaml', 'summary.md', 'report.html'],
      },
    ]);
  });
});

describe('findings', () => {
  const at = { file: 'imageset-config.yaml', line: 5, column: 7 };
  const finding = (severity: Diagnostic['severity'], n = 1): Diagnostic => ({
    severity,
    code: `finding-${n}`,
    summary: `Finding ${n}.`,
    detail: 'Mend it.',
    at,
  });
  const withFindings = (...diagnostics: Diagnostic[]) => plannedOf(plan, { diagnostics });

  it.each([
    ['error', 'error', 1],
    ['error', 'warning', 0],
    ['warning', 'warning', 1],
    ['warning', 'notice', 0],
    ['never', 'error', 0],
  ] as const)(
    'with fail-on %s, a finding of severity %s gives exit code %i',
    async (failOn, severity, exitCode) => {
      using repository = new TempRepository();
      const planned = withFindings(finding(severity));
      const run = await play(repository, { planned, inputs: { 'fail-on': failOn } });
      expect(run.exitCode).toBe(exitCode);
    },
  );

  it('are shown on their line', async () => {
    using repository = new TempRepository();
    const run = await play(repository, { planned: withFindings(finding('error')) });
    expect(run.annotations[0]).toMatchObject({
      severity: 'error',
      at,
      message: 'Finding 1. Mend it.',
    });
  });

  it('beyond the ten that a host shows are counted, and listed in the log', async () => {
    using repository = new TempRepository();
    const many = Array.from({ length: 25 }, (_, n) => finding('error', n));
    const run = await play(repository, { planned: withFindings(...many) });
    const errors = run.annotations.filter((annotation) => annotation.severity === 'error');
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)?.title).toBe('and 16 more');
    expect(run.lines.filter((line) => line.includes('error: Finding'))).toHaveLength(16);
  });

  it('are printed so that no name in them becomes a command of the runner', async () => {
    using repository = new TempRepository();
    const hostile = 'pkg\n::set-output name=a::b ##[error]c \u001b[2J';
    const many = Array.from({ length: 12 }, (_, n) => ({
      ...finding('error', n),
      detail: hostile,
      at: { ...at, file: `::add-mask::${n}` },
    }));
    const run = await play(repository, { planned: withFindings(...many) });
    const shown = run.lines.filter((line) => line.includes('set-output'));
    expect(shown.length).toBeGreaterThan(0);
    for (const line of shown) expect(line).not.toMatch(/^\s*::|\p{Cc}|##\[/u);
  });

  it('that forbid a plan are told in the comment', async () => {
    using repository = new TempRepository();
    const fake = new FakeApi();
    const { plan: _, ...rest } = plannedOf(plan, {
      diagnostics: [finding('error')],
      files: new Map(),
    });
    const run = await play(repository, { planned: rest, payload: pullPayload, api: fake.api });
    expect(run).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed', 'plan-path': '' } });
    expect(fake.comments[0]?.body).toContain('Finding 1.');
  });
});

describe('a run on a push', () => {
  const pushed = { event: 'push', payload: { before: sha('0') } } as const;

  it('applies, and publishes the result with its log', async () => {
    using repository = new TempRepository();
    const run = await play(repository, { ...pushed, inputs: { 'require-review': 'none' } });
    expect(run.exitCode).toBe(0);
    expect(run.asked.calls).toEqual(['apply']);
    expect(run.outputs).toMatchObject({
      outcome: 'applied',
      'mirror-count': '1',
      'delete-count': '1',
      'failed-count': '0',
    });
    const resources = run.outputs['cluster-resources-path'] ?? '';
    expect(existsSync(join(resources, 'idms-oc-mirror.yaml'))).toBe(true);
    const log = readFileSync(join(resources, '..', 'logs', 'imageset-mirror.log'), 'utf8');
    expect(log).toMatch(/^14:01:02 {2}mirror +1 \/ 3 {2}team\/app:2 +1\.0 kB {2}0\.1 s$/m);
    expect(log).toContain(
      'done      applied: mirrored 1, deleted 1, untagged 0, held 1, failed 0\n14:01:02  undo      command: restore, undo: 17\n',
    );
    expect(run.summary).toBe('result applied\n');
  });

  it('logs each release and catalog that was collected', async () => {
    using repository = new TempRepository();
    const run = await play(repository, {
      ...pushed,
      jobs: {
        async planAndApply({ log }) {
          log.event?.({ kind: 'release-collected', origin: 'quay.io/ocp/release:4.16.6-x86_64' });
          log.event?.({ kind: 'catalog-collected', origin: 'quay.io/ocp/catalog:v4.16' });
          return { planned: plannedOf(plan), refusals: [] };
        },
      },
    });
    expect(run.lines).toContain(
      '14:01:02  info      collected release quay.io/ocp/release:4.16.6-x86_64',
    );
    expect(run.lines).toContain('14:01:02  info      collected catalog quay.io/ocp/catalog:v4.16');
  });

  it('passes what the merged pull request published as its approval', async () => {
    using repository = new TempRepository();
    const fake = new FakeApi();
    const target = 'registry.example.com';
    const key = runKey(target, [`file://${realpathSync(repository.root)}//imageset-config.yaml`]);
    fake.pulls.push({ number: 7, headSha: sha('a'), mergedWith: sha('c') });
    fake.runs.push({ id: 9, headSha: sha('a') });
    const mark = { key, head: sha('a'), run: '9-1' };
    fake.say(fakeViews.comment({ plan, findings: [] }, { target, elapsedMs: 0, mark }), fake.login);
    const env = { GITHUB_WORKFLOW_REF: 'team/mirror/.github/workflows/mirror.yml@refs/heads/main' };
    const run = await play(repository, { ...pushed, api: fake.api, env });
    expect(run.asked.approval).toEqual({
      require: 'deletes',
      reviewed: [{ digest: plan.digest, by: 'pull request #7' }],
    });
  });

  it.each([
    ['changes the reviewed comment once everything is done', 'applied', 1],
    ['leaves the reviewed comment after a failure, and says in another what failed', 'failed', 2],
  ] as const)('%s', async (_, status, comments) => {
    using repository = new TempRepository();
    const fake = new FakeApi();
    const target = 'registry.example.com';
    const key = runKey(target, [`file://${realpathSync(repository.root)}//imageset-config.yaml`]);
    fake.pulls.push({ number: 7, headSha: sha('a'), mergedWith: sha('c') });
    const mark = { key, head: sha('a'), run: '9-1' };
    fake.say(fakeViews.comment({ plan, findings: [] }, { target, elapsedMs: 0, mark }), fake.login);
    const planAndApply = async () => ({
      planned: plannedOf(plan),
      applied: { result: { ...resultOf(plan, []), status }, files: new Map() },
      refusals: [],
    });
    await play(repository, { ...pushed, api: fake.api, jobs: { planAndApply } });
    expect(fake.comments).toHaveLength(comments);
    expect(fake.comments.at(-1)?.body).toContain(`became ${status}`);
    if (comments === 2) expect(fake.comments[0]?.body).toContain(plan.digest);
  });

  it('tells its result on the pull request whose merge started it', async () => {
    using repository = new TempRepository();
    const fake = new FakeApi();
    await play(repository, {
      event: 'pull_request',
      payload: (head) => ({
        action: 'closed',
        pull_request: { merged: true, number: 7, base: { sha: sha('b') }, head: { sha: head } },
      }),
      api: fake.api,
      inputs: { command: 'apply', 'require-review': 'none' },
    });
    expect(fake.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining('became applied'),
    ]);
  });

  it('fails when the plan is refused, and shows it so that it can be approved', async () => {
    using repository = new TempRepository();
    const refusal: Diagnostic = {
      severity: 'error',
      code: 'review-missing',
      summary: 'Nobody has reviewed the deletes of this plan.',
    };
    const planAndApply = async () => ({ planned: plannedOf(plan), refusals: [refusal] });
    const run = await play(repository, { ...pushed, jobs: { planAndApply } });
    expect(run).toMatchObject({
      exitCode: 1,
      outputs: { outcome: 'refused', 'plan-digest': plan.digest },
    });
    expect(run.annotations[0]).toMatchObject({ severity: 'error', title: 'review-missing' });
    expect(existsSync(run.outputs['plan-path'] ?? '')).toBe(true);
  });

  it('is partial when removals wait: the rest is done, and what is left is published to be approved', async () => {
    using repository = new TempRepository();
    const digest = `sha256:${'d'.repeat(64)}`;
    const left = { ...plan, digest };
    const reason: Diagnostic = {
      severity: 'error',
      code: 'review-missing',
      summary: 'Refused: nobody reviewed this plan.',
      fix: `approve: ${digest}`,
    };
    const waiting = { digest, deletes: 1, untags: 0, reasons: [reason] };
    const result = { ...resultOf(plan, []), status: 'partial', waiting } as const;
    const planAndApply = async () => ({
      planned: plannedOf(left),
      applied: { result, files: new Map([['result.json', '{}']]) },
      refusals: [reason],
    });
    const run = await play(repository, { ...pushed, jobs: { planAndApply } });
    expect(run).toMatchObject({
      exitCode: 1,
      outputs: { outcome: 'partial', 'plan-digest': digest, 'delete-count': '0' },
    });
    expect(readFileSync(run.outputs['plan-path'] ?? '', 'utf8')).toContain(digest);
    expect(run.summary).toContain('result partial\nplan');
    expect(run.annotations[0]).toMatchObject({ severity: 'error', title: 'review-missing' });
  });

  it('says the same of held and freed in outputs, log and summary: what was really done', async () => {
    using repository = new TempRepository();
    const change = changeOf('delete', '1');
    const detail = 'this registry deletes nothing';
    const result = resultOf(planOf([change]), [{ change, result: 'held', detail }]);
    const planAndApply = async () => ({
      planned: plannedOf(result.plan),
      applied: { result, files: new Map() },
      refusals: [],
    });
    const run = await play(repository, { ...pushed, jobs: { planAndApply } });
    expect(run.outputs).toMatchObject({
      'hold-count': '1',
      'delete-count': '0',
      'bytes-to-free': '0',
      'has-changes': 'false',
    });
    expect(run.lines.join('\n')).toContain('deleted 0, untagged 0, held 1');
  });

  it('fails when an image failed, and names it, its side and the remedy', async () => {
    using repository = new TempRepository();
    const change = changeOf('mirror', '2');
    const result = resultOf(plan, [
      { change, result: 'failed', code: 'DENIED', side: 'target', message: '403', hint: 'Log in.' },
    ]);
    const planAndApply = async () => ({
      planned: plannedOf(plan),
      applied: { result, files: new Map() },
      refusals: [],
    });
    const run = await play(repository, { ...pushed, jobs: { planAndApply } });
    expect(run).toMatchObject({
      exitCode: 1,
      outputs: { outcome: 'partial', 'failed-count': '1' },
    });
    expect(run.annotations[0]?.message).toBe('mirror team/app:2 failed at the target: 403 Log in.');
  });

  it('leaves no file of an earlier try in the directory of the plan', async () => {
    using repository = new TempRepository();
    const first = await play(repository, { planned: plannedOf(plan) });
    const files = new Map([['plan.json', '{}']]);
    const second = await play(repository, { planned: plannedOf(plan, { files }) });
    expect(existsSync(second.outputs['plan-path'] ?? '')).toBe(true);
    expect(existsSync(first.outputs['report-path'] ?? '')).toBe(false);
  });

  it.each([
    ['run', { GITHUB_RUN_ID: '2', GITHUB_RUN_ATTEMPT: '1' }, {}],
    ['attempt', { GITHUB_RUN_ID: '1', GITHUB_RUN_ATTEMPT: '2' }, {}],
    ['target', { GITHUB_RUN_ID: '1', GITHUB_RUN_ATTEMPT: '1' }, { target: 'other.example.com' }],
  ])(
    'keeps its plan apart from that of another %s in the same workspace',
    async (_, env, inputs) => {
      using repository = new TempRepository();
      const one = { GITHUB_RUN_ID: '1', GITHUB_RUN_ATTEMPT: '1' };
      const first = await play(repository, { env: one });
      const second = await play(repository, { env, inputs });
      const paths = [first.outputs['plan-path'] ?? '', second.outputs['plan-path'] ?? ''];
      expect(new Set(paths).size).toBe(2);
      expect(paths.map((path) => existsSync(path))).toEqual([true, true]);
    },
  );

  it('forgets the files of runs of long ago, and nothing else', async () => {
    using repository = new TempRepository();
    const runs = join(repository.root, '.tmp', 'imageset-mirror', 'working-dir', 'runs');
    const old = ['7-1-0123456789ab', 'notes'].map((name) => join(runs, name));
    for (const path of old) {
      mkdirSync(path, { recursive: true });
      utimesSync(path, new Date('2025-12-01'), new Date('2025-12-01'));
    }
    await play(repository, {});
    expect(old.map((path) => existsSync(path))).toEqual([false, true]);
  });
});

describe('verify and restore', () => {
  it('verifies on schedule', async () => {
    using repository = new TempRepository();
    const run = await play(repository, { event: 'schedule' });
    expect(run).toMatchObject({ exitCode: 0, outputs: { outcome: 'nothing' } });
    expect(run.asked.calls).toEqual(['verify']);
    expect(run.summary).toContain('verified 3 / 3 images');
  });

  it('repairs where the input asks for it, and says that something changed', async () => {
    using repository = new TempRepository();
    const asked: unknown[] = [];
    const verify: ActionJobs['verify'] = async (_, __, request) => {
      asked.push(request);
      return { done: 3, total: 3, changed: 2, damaged: 2, imageFailures: [], notes: [] };
    };
    const jobs = { verify };
    const run = await play(repository, { event: 'schedule', inputs: { repair: 'true' }, jobs });
    expect(run).toMatchObject({
      exitCode: 0,
      outputs: { outcome: 'applied', 'has-changes': 'true', 'failed-count': '0' },
    });
    expect(run.lines.join('\n')).toContain('verified 3 / 3 images, repaired 2 of 2');
    await play(repository, { event: 'schedule', jobs });
    const files = [expect.objectContaining({ name: 'imageset-config.yaml' })];
    expect(asked).toEqual([
      { repairs: true, files },
      { repairs: false, files },
    ]);
  });

  it('opens an issue on request, and closes it when the mirror is whole again', async () => {
    using repository = new TempRepository();
    const fake = new FakeApi();
    const verify = async () => ({ done: 2, total: 3, imageFailures: [], notes: [] });
    const scene = { event: 'schedule', api: fake.api };
    await play(repository, { ...scene, jobs: { verify } });
    expect(fake.issues).toEqual([]);
    const inputs = { issue: 'auto' };
    expect(await play(repository, { ...scene, inputs, jobs: { verify } })).toMatchObject({
      exitCode: 1,
    });
    expect(fake.issues).toMatchObject([{ state: 'open' }]);
    await play(repository, { ...scene, inputs });
    expect(fake.issues).toMatchObject([{ state: 'closed' }]);
    expect(fake.comments[0]?.body).toMatch(/^The mirror is whole again: verified 3 \/ 3 images/);
  });

  it('warns once without an interface for the issue', async () => {
    using repository = new TempRepository();
    const run = await play(repository, { event: 'schedule', inputs: { issue: 'auto' } });
    expect(run.exitCode).toBe(0);
    expect(run.annotations.filter(({ title }) => title === 'no-issue')).toHaveLength(1);
  });

  it('fails when something is missing', async () => {
    using repository = new TempRepository();
    const failure = { kind: 'release', origin: 'a:1', message: 'is gone' } as const;
    const verify = async () => ({ done: 2, total: 3, imageFailures: [failure], notes: [] });
    const run = await play(repository, { event: 'schedule', jobs: { verify } });
    expect(run).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed', 'failed-count': '1' } });
  });

  it('restores the apply that is named', async () => {
    using repository = new TempRepository();
    const inputs = { command: 'restore', undo: '17' };
    const run = await play(repository, { event: 'workflow_dispatch', inputs });
    expect(run.asked.calls).toEqual(['restore 17']);
    expect(run.outputs['outcome']).toBe('applied');
  });

  it.each([
    [1, 'partial', 'true'],
    [0, 'failed', 'false'],
  ])('that put back %i of three images ends as %s', async (changed, outcome, hasChanges) => {
    using repository = new TempRepository();
    const restore = async () => ({ done: 1, total: 3, changed, imageFailures: [], notes: [] });
    const inputs = { command: 'restore', undo: '17' };
    const run = await play(repository, { event: 'workflow_dispatch', inputs, jobs: { restore } });
    expect(run).toMatchObject({ exitCode: 1, outputs: { outcome, 'has-changes': hasChanges } });
  });
});

describe('the lines of files in a comment', () => {
  it.each([
    ['GITEA_ACTIONS', 'src/commit'],
    ['FORGEJO_ACTIONS', 'src/commit'],
    ['GITHUB_ACTIONS', 'blob'],
  ])('lead to the pages of the host that sets %s', async (name, path) => {
    using repository = new TempRepository();
    const fake = new FakeApi();
    const env = { GITHUB_SERVER_URL: 'https://git.example.com', [name]: 'true' };
    await play(repository, { payload: pullPayload, api: fake.api, env });
    const [comment] = fake.comments;
    expect(comment?.body).toContain(`https://git.example.com/team/mirror/${path}`);
  });
});

describe('a convenience that is not to be had', () => {
  it.each(['summary', 'outputs'] as const)('does not decide the outcome: %s', async (one) => {
    using repository = new TempRepository();
    const run = await play(repository, { broken: [one] });
    expect(run.exitCode).toBe(0);
    const told = [...run.annotations.map(({ message }) => message), ...run.lines].join('\n');
    expect(told).toMatch(one === 'summary' ? /EROFS/ : /ENOENT/);
  });

  it('is named before anything is done, and once', async () => {
    using repository = new TempRepository();
    const gaps = [{ severity: 'warning', code: 'no-summary', summary: 'No summary.' }] as const;
    const run = await play(repository, { gaps, broken: ['summary'] });
    expect(run.lines[0]).toBe('::warning no-summary');
    expect(run.annotations.filter(({ title }) => title === 'no-summary')).toHaveLength(1);
  });
});

describe('failures', () => {
  it('of an input end the run before anything is asked, with every output set', async () => {
    using repository = new TempRepository();
    const run = await play(repository, { inputs: { prune: 'everything' } });
    expect(run.exitCode).toBe(1);
    expect(run.asked.calls).toEqual([]);
    expect(run.outputs['outcome']).toBe('failed');
    expect(run.annotations[0]?.message).toContain('Input "prune"');
  });

  it('of a registry are told with their remedy', async () => {
    using repository = new TempRepository();
    const error = new RegistryError('UNAUTHORIZED', 'registry.example.com asks for a login.', {
      hint: 'Give pull-secret.',
    });
    const run = await play(repository, { jobs: { plan: () => Promise.reject(error) } });
    expect(run.exitCode).toBe(1);
    expect(run.annotations[0]).toMatchObject({
      title: 'unauthorized',
      message: 'registry.example.com asks for a login. Give pull-secret.',
    });
  });

  it('in a file are told on its line', async () => {
    using repository = new TempRepository();
    const at = { file: 'imageset-config.yaml', line: 3, column: 1 };
    const error = new ConfigError('CONFIG_INVALID', 'The field is unknown.', { at });
    const run = await play(repository, { jobs: { plan: () => Promise.reject(error) } });
    expect(run.annotations[0]?.at).toEqual(at);
  });

  it('of any kind, even a thrown text, fail the run', async () => {
    using repository = new TempRepository();
    const run = await play(repository, { jobs: { plan: () => Promise.reject('a text') } });
    expect(run).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed' } });
  });

  it('never show a secret: all are masked before anything else happens', async () => {
    using repository = new TempRepository();
    const inputs = { 'pull-secret': '{"auths": {"h": {"password": "hunter2"}}}', prune: 'wrong' };
    const run = await play(repository, { inputs });
    expect(run.masked).toContain('hunter2');
  });

  it('keep inputs, which may be secret, out of the environment of the engine', async () => {
    using repository = new TempRepository();
    const run = await play(repository, { inputs: { username: 'robot', password: 'hunter2' } });
    expect(JSON.stringify(run.asked.settings?.env)).not.toContain('hunter2');
    expect(run.asked.settings?.destination).toMatchObject({
      username: 'robot',
      password: 'hunter2',
    });
    expect(run.asked.settings?.source).not.toHaveProperty('password');
  });
});
