import { describe, expect, it } from 'vitest';
import { writeComment } from '../../src/github/comment.ts';
import { createNotices } from '../../src/github/gaps.ts';
import { openHostRepository } from '../../src/github/github-api.ts';
import { FakeApi } from '../support/fake-api.ts';
import { bodyFor, readMarker } from '../support/fake-views.ts';

const target = 'registry.example.com';

const key = 'a1b2c3d4e5f6';
const mine = 'github-actions[bot]';

async function comment(fake: FakeApi, body = bodyFor(target, 'sha256:1', { key }), keys = [key]) {
  const notices = createNotices();
  const repository = openHostRepository(fake.api, 'team/mirror');
  await writeComment(repository, { pull: 7, target, keys, body }, { readMarker, notices });
  return notices.list();
}

describe('writeComment', () => {
  it('makes one comment and edits it ever after', async () => {
    const fake = new FakeApi();
    await comment(fake, bodyFor(target, 'sha256:1', { key }));
    await comment(fake, bodyFor(target, 'sha256:2', { key }));
    expect(fake.comments.map((found) => found.body)).toEqual([
      bodyFor(target, 'sha256:2', { key }),
    ]);
  });

  it('sends nothing when the comment says the same already', async () => {
    const fake = new FakeApi();
    await comment(fake);
    fake.requests.length = 0;
    await comment(fake);
    expect(fake.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });

  it('keeps the comments of several targets apart', async () => {
    const fake = new FakeApi();
    await comment(fake, bodyFor('other.example.com', 'sha256:1', { key }));
    await comment(fake);
    expect(fake.comments).toHaveLength(2);
  });

  it('keeps the comments of several image sets of one target apart', async () => {
    const fake = new FakeApi();
    const other = '0123456789ab';
    await comment(fake, bodyFor(target, 'sha256:1', { key: other }), [other]);
    await comment(fake);
    await comment(fake, bodyFor(target, 'sha256:3', { key: other }), [other]);
    expect(fake.comments.map((found) => readMarker(found.body)?.digest)).toEqual([
      'sha256:3',
      'sha256:1',
    ]);
  });

  it('takes over what it wrote before the image sets could be read, and comments without a key', async () => {
    const fake = new FakeApi();
    fake.say(bodyFor(target, 'none'), mine);
    await comment(fake, bodyFor(target, 'sha256:1', { key: 'provisional' }), ['provisional']);
    await comment(fake, bodyFor(target, 'sha256:2', { key }), [key, 'provisional']);
    expect(fake.comments.map((found) => readMarker(found.body)?.digest)).toEqual(['sha256:2']);
  });

  it.each([
    ['Gitea, which tells whose the token is', 'gitea-actions', 'user'],
    ['a host that tells nobody', 'forgejo-actions', 'nobody'],
    ['GitHub with a token of a person', 'maintainer', 'user'],
  ] as const)('leaves one comment of three runs on %s', async (_, login, tells) => {
    const fake = new FakeApi();
    Object.assign(fake, { login, tells });
    for (const run of [1, 2, 3]) await comment(fake, bodyFor(target, `sha256:${run}`, { key }));
    expect(fake.comments).toHaveLength(1);
  });

  it('finds its comment on a later page', async () => {
    const fake = new FakeApi();
    for (let id = 1; id <= 150; id += 1) {
      fake.say(`hello ${id}`, 'somebody');
    }
    await comment(fake, bodyFor(target, 'sha256:1', { key }));
    await comment(fake, bodyFor(target, 'sha256:2', { key }));
    expect(fake.comments).toHaveLength(151);
  });

  it('leaves the comment of a stranger alone, even with the marker in it', async () => {
    const fake = new FakeApi();
    const body = bodyFor(target, 'sha256:1', { key });
    fake.say(body, 'stranger');
    await comment(fake, bodyFor(target, 'sha256:2', { key }));
    expect(fake.comments.map((found) => found.body)).toEqual([
      body,
      bodyFor(target, 'sha256:2', { key }),
    ]);
  });

  it.each([401, 403, 404, 500])(
    'warns once and goes on when writes are answered %i',
    async (status) => {
      const fake = new FakeApi();
      fake.writeStatus = status;
      const [warning, ...more] = await comment(fake);
      expect(warning).toMatchObject({ severity: 'warning', code: 'no-comment' });
      expect(more).toEqual([]);
    },
  );

  it('goes on when the interface cannot be reached', async () => {
    const fake = new FakeApi();
    const broken = { ...fake, api: () => Promise.reject(new Error('getaddrinfo ENOTFOUND')) };
    const notices = createNotices();
    const repository = openHostRepository(broken.api, 'team/mirror');
    const sticky = { pull: 7, target, keys: [key], body: 'text' };
    await writeComment(repository, sticky, { readMarker, notices });
    expect(notices.list()).toHaveLength(1);
  });
});
