import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Event, readEvent } from '../../src/github/event.ts';
import { openRepository } from '../../src/github/github-api.ts';
import type { ArtifactService } from '../../src/github/host.ts';
import { createNotices } from '../../src/github/notices.ts';
import { findApproval, type ReviewSources } from '../../src/github/review.ts';
import type { Plan } from '../../src/plan/index.ts';
import { FakeApi } from '../support/fake-host.ts';
import { bodyFor, fakeViews } from '../support/fake-views.ts';
import { changeOf, planOf } from '../support/plans.ts';

const sha = (digit: string) => digit.repeat(40);
const target = 'registry.example.com';
const deletes = planOf([changeOf('delete', '1')]);
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

function sources(fake: FakeApi, more: Partial<ReviewSources> = {}): ReviewSources {
  return {
    repository: openRepository(fake.api, 'team/mirror'),
    artifacts: undefined,
    event: eventOf(),
    artifactName: 'imageset-mirror-plan',
    notices: createNotices(),
    readMarker: fakeViews.readMarker,
    decodePlan: fakeViews.decodePlan,
    ...more,
  };
}

function merged(fake: FakeApi, facts: { mergedWith?: string; fork?: boolean } = {}): void {
  const number = fake.pulls.length + 1;
  fake.pulls.push({ number, headSha: sha('a'), mergedWith: sha('c'), ...facts });
}

function publish(fake: FakeApi, plan: Plan): ArtifactService {
  fake.artifacts.push({ runId: 9, headSha: sha('a'), name: 'imageset-mirror-plan', id: 5 });
  return serviceWith({ 5: JSON.stringify(plan) });
}

const review = { requireReview: 'deletes', approve: undefined } as const;

describe('findApproval', () => {
  it('reads the plan that the merged pull request published', async () => {
    const fake = new FakeApi();
    merged(fake);
    const artifacts = publish(fake, deletes);
    const approval = await findApproval(deletes, review, sources(fake, { artifacts }));
    expect(approval).toEqual({
      require: 'deletes',
      reviewed: [{ digest: deletes.digest, plan: deletes }],
    });
  });

  it('believes no artifact of a fork, whose workflow is its own', async () => {
    const fake = new FakeApi();
    merged(fake, { fork: true });
    const artifacts = publish(fake, deletes);
    const approval = await findApproval(deletes, review, sources(fake, { artifacts }));
    expect(approval.reviewed).toEqual([]);
  });

  it('takes no plan of another target', async () => {
    const fake = new FakeApi();
    merged(fake);
    const elsewhere = { ...deletes, target: { registry: 'other.example.com', prefix: '' } };
    const artifacts = publish(fake, elsewhere);
    const approval = await findApproval(deletes, review, sources(fake, { artifacts }));
    expect(approval.reviewed).toEqual([]);
  });

  it('falls back to the digest in a trusted comment when the artifact is gone', async () => {
    const fake = new FakeApi();
    merged(fake);
    fake.artifacts.push({ runId: 9, headSha: sha('a'), name: 'imageset-mirror-plan', id: 6 });
    const body = bodyFor(target, deletes.digest);
    fake.comments.push({ id: 1, body, user: { type: 'Bot' }, author_association: 'NONE' });
    const artifacts = serviceWith({});
    const approval = await findApproval(deletes, review, sources(fake, { artifacts }));
    expect(approval.reviewed).toEqual([{ digest: deletes.digest }]);
  });

  it('does not believe the comment of a stranger', async () => {
    const fake = new FakeApi();
    merged(fake);
    const body = bodyFor(target, deletes.digest);
    fake.comments.push({ id: 1, body, user: { type: 'User' }, author_association: 'CONTRIBUTOR' });
    expect((await findApproval(deletes, review, sources(fake))).reviewed).toEqual([]);
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
    await findApproval(plan, { requireReview, approve: undefined }, sources(fake));
    expect(fake.requests).toEqual([]);
  });

  it('looks up what was reviewed of images that come by tag', async () => {
    const fake = new FakeApi();
    const plan = planOf([changeOf('mirror', '2')]);
    await findApproval(plan, { requireReview: 'deletes', approve: undefined }, sources(fake));
    expect(fake.requests).not.toEqual([]);
  });

  it('takes the digest of the input approve, whole or its beginning, and asks nobody', async () => {
    const fake = new FakeApi();
    const approve = deletes.digest.slice('sha256:'.length, 'sha256:'.length + 12);
    const approval = await findApproval(deletes, { ...review, approve }, sources(fake));
    expect(approval.reviewed?.map((found) => found.digest)).toEqual([deletes.digest]);
    expect(fake.requests).toEqual([]);
    const other = await findApproval(
      deletes,
      { ...review, approve: '0'.repeat(12) },
      sources(fake),
    );
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

  it('finds nothing, and says so, when the interface answers with an error', async () => {
    const fake = new FakeApi();
    const notices = createNotices();
    const repository = openRepository(async () => ({ status: 500, body: {} }), 'team/mirror');
    const approval = await findApproval(deletes, review, sources(fake, { repository, notices }));
    expect(approval.reviewed).toEqual([]);
    expect(notices.list()[0]?.detail).toContain('500');
  });
});
