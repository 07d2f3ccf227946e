import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Event, readEvent } from '../../src/github/event.ts';
import { createNotices } from '../../src/github/gaps.ts';
import { openHostRepository } from '../../src/github/github-api.ts';
import type { Api, ArtifactService } from '../../src/github/host.ts';
import { findApproval, type ReviewSources } from '../../src/github/review.ts';
import { digestOf } from '../../src/oci/index.ts';
import type { Plan } from '../../src/plan/index.ts';
import { at, FakeApi, type FakeComment, type FakePull, type FakeRun } from '../support/fake-api.ts';
import { bodyFor, fakeViews } from '../support/fake-views.ts';
import { changeOf, planOf } from '../support/plans.ts';

const sha = (digit: string) => digit.repeat(40);
const target = 'registry.example.com';
const deletes = planOf([changeOf('delete', '1')]);
const mirrors = planOf([changeOf('mirror', '2')]);
const pinned = { ...changeOf('mirror', '2'), origin: 'quay.io/team/app@sha256:0' };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'imageset-mirror-review-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Gives artifacts that hold texts by id. */
function serviceWith(texts: Readonly<Record<number, string>>): ArtifactService {
  return {
    upload: () => Promise.reject(new Error('not asked')),
    async download({ id }) {
      const text = texts[id];
      if (text === undefined) throw new Error('expired');
      writeFileSync(join(directory, 'plan.json'), text);
      return directory;
    },
  };
}

function eventOf(facts: Partial<Event> = {}): Event {
  return { ...readEvent({ GITHUB_EVENT_NAME: 'push', GITHUB_SHA: sha('c') }, {}), ...facts };
}

const key = 'a1b2c3d4e5f6';
const name = `imageset-mirror-plan-${key}`;
const env = {
  GITHUB_WORKFLOW_REF: 'team/mirror/.github/workflows/mirror.yml@refs/heads/main',
  GITHUB_API_URL: 'https://api.github.com',
};

function sources(fake: FakeApi, more: Partial<ReviewSources> = {}): ReviewSources {
  return {
    repository: openHostRepository(fake.api, 'team/mirror'),
    artifacts: undefined,
    env,
    event: eventOf(),
    artifactName: name,
    key,
    notices: createNotices(),
    readMarker: fakeViews.readMarker,
    decodePlan: fakeViews.decodePlan,
    ...more,
  };
}

function merged(fake: FakeApi, facts: Partial<FakePull> = {}): void {
  const number = fake.pulls.length + 7;
  fake.pulls.push({ number, headSha: sha('a'), mergedWith: sha('c'), ...facts });
}

/** A run of the pull request's head that published a plan. */
function publish(fake: FakeApi, plan: Plan, facts: Partial<FakeRun> = {}): ArtifactService {
  const artifacts = [{ id: 5, name, created_at: at('10:59') }];
  fake.runs.push({ id: 9, headSha: sha('a'), artifacts, ...facts });
  return serviceWith({ 5: JSON.stringify(plan) });
}

/** The comment that run 9 writes. */
const body = bodyFor(target, deletes.digest, { key, head: sha('a'), run: '9-1' });
const ours = 'github-actions[bot]';

async function reviewedIn(fake: FakeApi, more: Partial<ReviewSources> = {}, plan = deletes) {
  return (await findApproval(plan, review, sources(fake, more))).reviewed;
}

const review = { 'require-review': 'deletes', approve: undefined } as const;

describe('findApproval', () => {
  it('reads the plan that the merged pull request published', async () => {
    const fake = new FakeApi();
    merged(fake);
    const artifacts = publish(fake, deletes);
    const approval = await findApproval(deletes, review, sources(fake, { artifacts }));
    expect(approval).toEqual({
      require: 'deletes',
      reviewed: [{ digest: deletes.digest, plan: deletes, by: 'pull request #7' }],
    });
  });

  it.each<[string, { pull?: Partial<FakePull>; run?: Partial<FakeRun>; plan?: Plan }]>([
    ['of a fork, whose workflow is its own', { pull: { fork: true } }],
    ['of a run of a fork with the same head', { run: { headRepository: 2 } }],
    ['of another workflow', { run: { path: '.github/workflows/other.yml' } }],
    ['of another event, which planned something else', { run: { event: 'push' } }],
    ['of a run that failed', { run: { conclusion: 'failure' } }],
    ['of a run that goes on', { run: { conclusion: null, updatedAt: at('11:00') } }],
    ['of a run that ended after the merge', { run: { updatedAt: at('12:01') } }],
    ['of another commit of the pull request', { run: { headSha: sha('b') } }],
    ['of another branch with the same head', { run: { headBranch: 'other' } }],
    ['of a run for another pull request', { run: { pulls: [8] } }],
    ['of a pull request into another branch', { pull: { base: 'next' } }],
    ['of a pull request that became another commit', { pull: { mergeCommit: sha('d') } }],
    [
      'that was made after the merge',
      { run: { artifacts: [{ id: 5, name, created_at: at('12:01') }] } },
    ],
    [
      'that has expired',
      { run: { artifacts: [{ id: 5, name, created_at: at('10:59'), expired: true }] } },
    ],
    [
      'of other image sets, by its name',
      { run: { artifacts: [{ id: 5, name: `${name}0`, created_at: at('10:59') }] } },
    ],
    [
      'of other image sets, by what it holds',
      {
        plan: {
          ...deletes,
          imageSets: [{ name: 'other.yaml', digest: digestOf(new Uint8Array()) }],
        },
      },
    ],
    ['of another target', { plan: { ...deletes, target: { registry: 'other', prefix: '' } } }],
    ['of another prefix', { plan: { ...deletes, target: { ...deletes.target, prefix: 'dev' } } }],
  ])('believes no artifact %s', async (_, { pull, run, plan = deletes }) => {
    const fake = new FakeApi();
    merged(fake, pull);
    const artifacts = publish(fake, plan, run);
    const event = eventOf({ branch: 'main' });
    expect(await reviewedIn(fake, { artifacts, event })).toEqual([]);
  });

  it.each<[string, Partial<FakeRun>]>([
    [
      'of an earlier attempt, when the run was started again after the merge',
      {
        attempt: 2,
        updatedAt: at('13:00'),
        earlier: [{ updatedAt: at('11:00') }],
      },
    ],
    [
      'of a run that was only touched after the merge',
      {
        updatedAt: at('13:00'),
        jobsEnd: at('11:00'),
      },
    ],
    ['of pull_request_target', { event: 'pull_request_target' }],
  ])('believes the artifact %s', async (_, run) => {
    const fake = new FakeApi();
    merged(fake);
    const artifacts = publish(fake, deletes, run);
    expect(await reviewedIn(fake, { artifacts })).toHaveLength(1);
  });

  it('believes no artifact of another commit, from a host that gives all of its runs', async () => {
    const fake = new FakeApi();
    fake.filtersRuns = false;
    merged(fake);
    const artifacts = publish(fake, deletes, { headSha: sha('b') });
    expect(await reviewedIn(fake, { artifacts })).toEqual([]);
  });

  it('believes no earlier attempt that failed', async () => {
    const fake = new FakeApi();
    merged(fake);
    const earlier = [{ updatedAt: at('11:00'), conclusion: 'failure' }];
    const artifacts = publish(fake, deletes, { attempt: 2, updatedAt: at('13:00'), earlier });
    expect(await reviewedIn(fake, { artifacts })).toEqual([]);
  });

  it('believes no artifact of a later attempt that failed', async () => {
    const fake = new FakeApi();
    merged(fake);
    publish(fake, deletes, {
      ...{ attempt: 2, conclusion: 'failure', updatedAt: at('11:30') },
      earlier: [{ conclusion: 'success', updatedAt: at('11:00') }],
      artifacts: [
        { id: 5, name, created_at: at('10:59') },
        { id: 6, name, created_at: at('11:29') },
      ],
    });
    const later = JSON.stringify(planOf([changeOf('delete', '2')]));
    const artifacts = serviceWith({ 5: JSON.stringify(deletes), 6: later });
    expect(await reviewedIn(fake, { artifacts })).toMatchObject([{ digest: deletes.digest }]);
  });

  it('takes the newest artifact that was there at the merge', async () => {
    const fake = new FakeApi();
    merged(fake);
    publish(fake, deletes, {
      artifacts: [
        { id: 7, name, created_at: at('12:01') },
        { id: 6, name, created_at: at('10:58') },
        { id: 5, name, created_at: at('10:59') },
      ],
    });
    const other = planOf([changeOf('delete', '2')]);
    const texts = [other, deletes, other].map((plan) => JSON.stringify(plan));
    const artifacts = serviceWith({ 7: texts[0] ?? '', 6: texts[2] ?? '', 5: texts[1] ?? '' });
    expect(await reviewedIn(fake, { artifacts })).toMatchObject([{ digest: deletes.digest }]);
  });

  it('asks the host for the workflow where the environment does not name it', async () => {
    const fake = new FakeApi();
    merged(fake);
    const artifacts = publish(fake, deletes);
    fake.runs.push({ id: 90, headSha: sha('c') });
    const run = { GITHUB_RUN_ID: '90' };
    expect(await reviewedIn(fake, { artifacts, env: run })).toHaveLength(1);
    fake.runs[1] = { id: 90, headSha: sha('c'), path: '.github/workflows/other.yml' };
    expect(await reviewedIn(fake, { artifacts, env: run })).toEqual([]);
  });

  it('falls back to the digest in the comment of the run when its artifact is gone', async () => {
    const fake = new FakeApi();
    merged(fake);
    publish(fake, deletes, { artifacts: [] });
    fake.say(body, ours);
    expect(await reviewedIn(fake, { artifacts: serviceWith({}) })).toEqual([
      { digest: deletes.digest, by: 'pull request #7' },
    ]);
  });

  it('believes the artifact of a run and not the comment that says something else', async () => {
    const fake = new FakeApi();
    merged(fake);
    const harmless = planOf([]);
    const artifacts = publish(fake, harmless);
    fake.say(body, ours);
    expect(await reviewedIn(fake, { artifacts })).toMatchObject([{ digest: harmless.digest }]);
  });

  const marks = { key, head: sha('a'), run: '9-1' };
  it.each<
    [string, { login?: string; time?: string; edited?: string; marks?: Partial<typeof marks> }]
  >([
    ['of a user who may only read', { login: 'stranger' }],
    ['of a maintainer', { login: 'maintainer' }],
    ['of another bot, which may repeat what it is told', { login: 'echo[bot]' }],
    ['that was written after the merge', { time: at('12:01') }],
    ['that was edited after the merge', { edited: at('12:01') }],
    ['of another commit', { marks: { head: sha('b') } }],
    ['of other image sets', { marks: { key: '0'.repeat(12) } }],
    ['of a run that does not count', { marks: { run: '10-1' } }],
    ['of another attempt', { marks: { run: '9-2' } }],
  ])('does not believe a comment %s', async (_, { login = ours, time, edited, marks: more }) => {
    const fake = new FakeApi();
    merged(fake);
    publish(fake, deletes, { artifacts: [] });
    fake.say(bodyFor(target, deletes.digest, { ...marks, ...more }), login, time);
    const [comment] = fake.comments;
    if (comment && edited) comment.updated_at = edited;
    expect(await reviewedIn(fake)).toEqual([]);
  });

  it('does not believe a comment on another pull request', async () => {
    const fake = new FakeApi();
    merged(fake);
    publish(fake, deletes, { artifacts: [] });
    fake.say(body, ours, at('11:00'), 8);
    expect(await reviewedIn(fake)).toEqual([]);
  });

  it('believes no comment where nobody says whose the token is', async () => {
    const fake = new FakeApi();
    fake.tells = 'nobody';
    merged(fake);
    publish(fake, deletes, { artifacts: [] });
    fake.say(body, ours);
    expect(await reviewedIn(fake)).toEqual([]);
  });

  it('believes on Gitea, which lists no runs, the comment of its own account for the head commit', async () => {
    const fake = new FakeApi();
    fake.login = 'gitea-actions';
    fake.tells = 'user';
    fake.pages = 'gitea';
    merged(fake);
    fake.say(body, 'gitea-actions');
    const gitea = {
      env: { ...env, GITHUB_API_URL: 'https://gitea.example.com/api/v1' },
      repository: openHostRepository(fake.api, 'team/mirror', { pages: 'gitea' }),
    };
    const by = 'pull request #7';
    expect(await reviewedIn(fake, gitea)).toEqual([{ digest: deletes.digest, by }]);
    fake.comments[0] = { ...(fake.comments[0] as FakeComment), user: { login: 'stranger' } };
    expect(await reviewedIn(fake, gitea)).toEqual([]);
  });

  it('looks at every pull request since the last applied commit, not only the newest', async () => {
    const fake = new FakeApi();
    fake.history.push(sha('0'), sha('b'), sha('c'));
    merged(fake, { mergedWith: sha('b') });
    const artifacts = publish(fake, deletes);
    const plan = planOf([changeOf('delete', '1')], sha('0'));
    const approval = await findApproval(plan, review, sources(fake, { artifacts }));
    expect(approval.reviewed).toHaveLength(1);
  });

  it('pages through a long history until it finds the review, and asks no further', async () => {
    const fake = new FakeApi();
    const commits = Array.from({ length: 300 }, (_, n) => n.toString(16).padStart(40, '0'));
    fake.history.push(sha('9'), ...commits, sha('c'));
    merged(fake, { mergedWith: commits[100] ?? '' });
    const artifacts = publish(fake, deletes);
    const plan = planOf([changeOf('delete', '1')], sha('9'));
    const notices = createNotices();
    expect(await reviewedIn(fake, { artifacts, notices }, plan)).toHaveLength(1);
    expect(notices.list()).toEqual([]);
    const asked = fake.requests.filter(({ path }) => path.includes('/pulls?'));
    expect(asked).toHaveLength(201);
  });

  it('says which part of a history it did not search', async () => {
    const fake = new FakeApi();
    const commits = Array.from({ length: 600 }, (_, n) => n.toString(16).padStart(40, '0'));
    fake.history.push(sha('9'), ...commits, sha('c'));
    merged(fake, { mergedWith: commits[10] ?? '' });
    const artifacts = publish(fake, deletes);
    const notices = createNotices();
    const plan = planOf([changeOf('delete', '1')], sha('9'));
    expect(await reviewedIn(fake, { artifacts, notices }, plan)).toEqual([]);
    expect(notices.list()).toMatchObject([{ code: 'review-search' }]);
    expect(notices.list()[0]?.detail).toContain('101 commits before');
  });

  it('says so when the commits since the base cannot be listed', async () => {
    const fake = new FakeApi();
    const notices = createNotices();
    const api: Api = async (request) =>
      request.path.includes('/compare/') ? { status: 502, body: {} } : await fake.api(request);
    const repository = openHostRepository(api, 'team/mirror');
    await reviewedIn(fake, { repository, notices }, planOf([changeOf('delete', '1')], sha('9')));
    expect(notices.list()[0]?.detail).toContain(`the commits from ${sha('9')} to ${sha('c')}`);
  });

  it('does not look further back than the last applied commit', async () => {
    const fake = new FakeApi();
    fake.history.push(sha('0'), sha('b'), sha('c'));
    merged(fake, { mergedWith: sha('b') });
    const artifacts = publish(fake, deletes);
    const plan = planOf([changeOf('delete', '1')], sha('b'));
    const approval = await findApproval(plan, review, sources(fake, { artifacts }));
    expect(approval.reviewed).toEqual([]);
  });

  it.each([
    ['nothing changes', planOf([]), 'all'],
    ['nothing is deleted, and what comes is named by digest', planOf([pinned]), 'deletes'],
    ['no review is asked for', deletes, 'none'],
  ] as const)('asks nobody when %s', async (_, plan, requireReview) => {
    const fake = new FakeApi();
    await findApproval(
      plan,
      { 'require-review': requireReview, approve: undefined },
      sources(fake),
    );
    expect(fake.requests).toEqual([]);
  });

  it('looks up what was reviewed of images that come by tag', async () => {
    const fake = new FakeApi();
    const plan = planOf([changeOf('mirror', '2')]);
    await findApproval(plan, { 'require-review': 'deletes', approve: undefined }, sources(fake));
    expect(fake.requests).not.toEqual([]);
  });

  it('takes the whole digest of the input approve, and asks nobody', async () => {
    const fake = new FakeApi();
    const approve = deletes.digest;
    const approval = await findApproval(deletes, { ...review, approve }, sources(fake));
    expect(approval.reviewed?.map((found) => found.digest)).toEqual([deletes.digest]);
    expect(fake.requests).toEqual([]);
  });

  it.each([
    ['a beginning of it', deletes.digest.slice(0, 'sha256:'.length + 12)],
    ['another digest', `sha256:${'0'.repeat(64)}`],
  ])('does not take %s', async (_, approve) => {
    const other = await findApproval(deletes, { ...review, approve }, sources(new FakeApi()));
    expect(other.reviewed).toEqual([]);
  });

  it('names the input approve, once, when there is no interface to ask', async () => {
    const notices = createNotices();
    const without = { repository: undefined, notices };
    await findApproval(deletes, review, sources(new FakeApi(), without));
    await findApproval(deletes, review, sources(new FakeApi(), without));
    expect(notices.list()).toHaveLength(1);
    expect(notices.list()[0]?.detail).toContain(`approve: ${deletes.digest}`);
  });

  it.each([
    [
      500,
      deletes,
      `500. To apply it, start the workflow with the input approve: ${deletes.digest}`,
    ],
    [403, deletes, '403. The job needs "actions: read"'],
    [500, mirrors, '500. Nothing in this plan needs a review'],
  ])('finds nothing, and says so, when the interface answers %i', async (status, plan, text) => {
    const notices = createNotices();
    const repository = openHostRepository(async () => ({ status, body: {} }), 'team/mirror');
    const places = sources(new FakeApi(), { repository, notices });
    expect((await findApproval(plan, review, places)).reviewed).toEqual([]);
    expect(notices.list()).toHaveLength(1);
    expect(notices.list()[0]?.detail).toContain(text);
  });
});
