import { describe, expect, it } from 'vitest';
import { createNotices } from '../../src/github/gaps.ts';
import { openHostRepository } from '../../src/github/github-api.ts';
import type { Api, ApiRequest } from '../../src/github/host.ts';
import { writeIssue } from '../../src/github/issue.ts';
import { parseCommentMarker, renderCheckIssue } from '../../src/views/index.ts';
import { FakeApi } from '../support/fake-api.ts';

const target = 'registry.example.com';
const mine = 'github-actions[bot]';
const broken = { done: 1, total: 3, imageFailures: [], notes: [] };

/** Shows a mirror that is not whole, or its ending. */
async function show(fake: Pick<FakeApi, 'api'>, ending?: string, check = broken) {
  const notices = createNotices();
  const repository = openHostRepository(fake.api, 'team/mirror');
  const text = renderCheckIssue(check, { target });
  const readMarker = (body: string) => {
    const marker = parseCommentMarker(body);
    return marker && { ...marker, digest: marker.plan };
  };
  await writeIssue(repository, { target, ...text, ending }, { readMarker, notices });
  return notices.list();
}

describe('the issue of a mirror that is not whole', () => {
  it('is opened once, and edited by later checks', async () => {
    const fake = new FakeApi();
    await show(fake);
    await show(fake, undefined, { ...broken, done: 2 });
    expect(fake.issues).toHaveLength(1);
    expect(fake.issues[0]?.title).toBe(`The mirror ${target} is not whole`);
    expect(fake.issues[0]?.body).toContain('verified 2 / 3 images');
  });

  it('is left as it is by a check that finds the same', async () => {
    const fake = new FakeApi();
    await show(fake);
    fake.requests.length = 0;
    await show(fake);
    expect(fake.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });

  it('is closed with one sentence when the mirror is whole again, and never opened for a whole one', async () => {
    const fake = new FakeApi();
    await show(fake, 'Whole.');
    expect(fake.issues).toEqual([]);
    await show(fake);
    await show(fake, 'Whole.');
    await show(fake, 'Whole.');
    expect(fake.issues).toMatchObject([{ state: 'closed' }]);
    expect(fake.comments).toMatchObject([{ pull: 100, body: 'Whole.' }]);
  });

  it('is opened anew when the mirror breaks again', async () => {
    const fake = new FakeApi();
    for (const ending of [undefined, 'Whole.', undefined]) await show(fake, ending);
    expect(fake.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it.each([
    ['a stranger who copied the marker', 'stranger', undefined],
    ['a pull request of this account', mine, {}],
  ])('is not that of %s', async (_, login, pull_request) => {
    const fake = new FakeApi();
    const { title, body } = renderCheckIssue(broken, { target });
    const forged = { number: 7, title, body, state: 'open' as const, user: { login } };
    fake.issues.push(pull_request ? { ...forged, pull_request } : forged);
    await show(fake, 'Whole.');
    expect(fake.issues).toMatchObject([{ state: 'open' }]);
    expect(fake.comments).toEqual([]);
    await show(fake);
    expect(fake.issues).toHaveLength(2);
  });

  it('is that of its own target alone, and its marker counts in the first line only', async () => {
    const fake = new FakeApi();
    const other = renderCheckIssue(broken, { target: 'other.example.com' });
    const facts = { state: 'open' as const, user: { login: mine }, pull_request: null };
    fake.issues.push({ number: 1, ...other, ...facts });
    const { body } = renderCheckIssue(broken, { target });
    fake.issues.push({ number: 2, title: 'quoted', body: `Look:\n${body}`, ...facts });
    await show(fake);
    expect(fake.issues).toHaveLength(3);
  });

  it.each([
    ['Gitea, which tells whose the token is', 'gitea-actions', 'user'],
    ['a host that tells nobody', 'forgejo-actions', 'nobody'],
  ] as const)('is one of three checks on %s', async (_, login, tells) => {
    const fake = new FakeApi();
    Object.assign(fake, { login, tells });
    for (const done of [0, 1, 2]) await show(fake, undefined, { ...broken, done });
    expect(fake.issues).toHaveLength(1);
  });

  it('is found on a later page', async () => {
    const fake = new FakeApi();
    for (let number = 1; number <= 150; number += 1) {
      const user = { login: 'somebody' };
      fake.issues.push({ number, title: '', body: '', state: 'open', user });
    }
    await show(fake);
    await show(fake);
    expect(fake.issues).toHaveLength(151);
  });

  /** Two issues of ours, and a host that answers some requests for the first of them so. */
  function refusing(method: ApiRequest['method'], path: RegExp, status: number) {
    const fake = new FakeApi();
    for (const number of [1, 2]) {
      const text = renderCheckIssue(broken, { target });
      fake.issues.push({ number, ...text, state: 'open', user: { login: mine } });
    }
    const api: Api = async (request) =>
      request.method === method && path.test(request.path)
        ? { status, body: {} }
        : await fake.api(request);
    return { fake, api };
  }

  it('that people locked is closed without the sentence', async () => {
    const { fake, api } = refusing('POST', /issues\/1\/comments$/, 403);
    expect(await show({ api }, 'Whole.')).toEqual([]);
    expect(fake.issues.map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(fake.comments).toMatchObject([{ pull: 2 }]);
  });

  it.each([301, 404, 410])(
    'that was moved, for which the host answers %i, is opened anew, and keeps no other open',
    async (status) => {
      const { fake, api } = refusing('PATCH', /issues\/1$/, status);
      expect(await show({ api }, undefined, { ...broken, done: 2 })).toEqual([]);
      expect(fake.issues).toHaveLength(3);
      expect(await show({ api }, 'Whole.')).toHaveLength(1);
      expect(fake.issues.map(({ state }) => state)).toEqual(['open', 'closed', 'closed']);
    },
  );

  it('is no closed one, and none twice, whatever pages a host gives', async () => {
    const { fake } = refusing('GET', /^$/, 0);
    Object.assign(fake.issues[1] ?? {}, { state: 'closed' });
    const filler = Array.from({ length: 98 }, (_, index) => ({ number: 500 + index }));
    const pages = [[...filler, ...fake.issues], fake.issues];
    const api: Api = async (request) => {
      if (request.method !== 'GET') return await fake.api(request);
      const page = Number(new URL(request.path, 'http://host').searchParams.get('page'));
      return { status: 200, body: pages[page - 1] ?? [] };
    };
    await show({ api }, 'Whole.');
    expect(fake.comments).toMatchObject([{ pull: 1 }]);
  });

  it('is not opened where older issues are not read: ours may be among them', async () => {
    const fake = new FakeApi();
    const issue = (number: number) => ({ number, state: 'open', body: '', user: { login: 'joe' } });
    const api: Api = async (request) => {
      if (request.method !== 'GET' || !request.path.includes('/issues')) return fake.api(request);
      const page = Number(new URL(request.path, 'http://host').searchParams.get('page'));
      return {
        status: 200,
        body: Array.from({ length: 100 }, (_, index) => issue(100 * page + index)),
      };
    };
    const [warning] = await show({ api });
    expect(warning?.detail).toContain('more open issues than are read');
    expect(fake.issues).toEqual([]);
  });

  it('has a title that GitHub takes, however long its target is', () => {
    const { title, body } = renderCheckIssue(broken, { target: `${target}/${'a/'.repeat(200)}b` });
    expect(title.length).toBeLessThanOrEqual(256);
    expect(parseCommentMarker(body)?.target).toHaveLength(422);
  });

  it.each([401, 403, 404, 410])(
    'gives one warning that names the permission where writes are answered %i',
    async (status) => {
      const fake = new FakeApi();
      fake.writeStatus = status;
      const [warning, ...more] = await show(fake);
      expect(warning).toMatchObject({ severity: 'warning', code: 'no-issue' });
      expect(warning?.detail).toContain('"issues: write"');
      expect(more).toEqual([]);
    },
  );

  it('shows names from outside without their meaning, and fits', () => {
    const imageFailures = Array.from({ length: 3000 }, (_, index) => ({
      origin: `team/app:${index}`,
      message: '@everyone #1 <script>',
      hint: 'x'.repeat(300),
    }));
    const { body } = renderCheckIssue({ ...broken, imageFailures }, { target });
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).not.toContain('@everyone');
    expect(body).not.toContain('<script>');
    expect(parseCommentMarker(body)).toMatchObject({ target, key: 'verify', plan: undefined });
  });
});
