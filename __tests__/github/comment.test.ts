import { describe, expect, it } from 'vitest';
import { writeComment } from '../../src/github/comment.ts';
import { openRepository } from '../../src/github/github-api.ts';
import { createNotices } from '../../src/github/notices.ts';
import { FakeApi } from '../support/fake-host.ts';
import { bodyFor, readMarker } from '../support/fake-views.ts';

const target = 'registry.example.com';

async function comment(fake: FakeApi, body = bodyFor(target, 'sha256:1')) {
  const notices = createNotices();
  const repository = openRepository(fake.api, 'team/mirror');
  await writeComment(repository, { pull: 7, target, body }, { readMarker, notices });
  return notices.list();
}

describe('writeComment', () => {
  it('makes one comment and edits it ever after', async () => {
    const fake = new FakeApi();
    await comment(fake, bodyFor(target, 'sha256:1'));
    await comment(fake, bodyFor(target, 'sha256:2'));
    expect(fake.comments.map((found) => found.body)).toEqual([bodyFor(target, 'sha256:2')]);
  });

  it('sends nothing when the comment says the same already', async () => {
    const fake = new FakeApi();
    await comment(fake);
    fake.requests.length = 0;
    await comment(fake);
    expect(fake.requests.map((request) => request.method)).toEqual(['GET']);
  });

  it('keeps the comments of several targets apart', async () => {
    const fake = new FakeApi();
    await comment(fake, bodyFor('other.example.com', 'sha256:1'));
    await comment(fake);
    expect(fake.comments).toHaveLength(2);
  });

  it('finds its comment on a later page', async () => {
    const fake = new FakeApi();
    for (let id = 1; id <= 150; id += 1) {
      fake.comments.push({ id, body: 'hello', user: { type: 'User' }, author_association: 'NONE' });
    }
    await comment(fake, bodyFor(target, 'sha256:1'));
    await comment(fake, bodyFor(target, 'sha256:2'));
    expect(fake.comments).toHaveLength(151);
  });

  it('leaves the comment of a stranger alone, even with the marker in it', async () => {
    const fake = new FakeApi();
    const body = bodyFor(target, 'sha256:1');
    fake.comments.push({ id: 1, body, user: { type: 'User' }, author_association: 'NONE' });
    await comment(fake, bodyFor(target, 'sha256:2'));
    expect(fake.comments.map((found) => found.body)).toEqual([body, bodyFor(target, 'sha256:2')]);
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
    const repository = openRepository(broken.api, 'team/mirror');
    const sticky = { pull: 7, target, body: 'text' };
    await writeComment(repository, sticky, { readMarker, notices });
    expect(notices.list()).toHaveLength(1);
  });
});
