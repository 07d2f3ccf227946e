import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../src/github/event.ts';
import { createNotices } from '../../src/github/gaps.ts';
import { openHostRepository } from '../../src/github/github-api.ts';
import { readInputs } from '../../src/github/inputs.ts';
import { createRequest } from '../../src/github/plan-request.ts';
import type { JobSession } from '../../src/github/session.ts';
import { imageSetText, TempRepository } from '../support/temp-repository.ts';

/** Asks as a run on a push does, after the commit `before`. */
async function ask(
  { root }: TempRepository,
  inputs: Readonly<Record<string, string>> = {},
  before?: string,
) {
  const given = Object.entries({ target: 'r.example', ...inputs }).map(
    ([name, text]) => [`INPUT_${name.toUpperCase()}`, text] as const,
  );
  const env = {
    ...{ PATH: process.env['PATH'], GITHUB_WORKSPACE: root, GITHUB_EVENT_NAME: 'push' },
    ...{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'acme/mirrors' },
    ...Object.fromEntries(given),
  };
  const notices = createNotices();
  const session = {
    host: { env },
    inputs: readInputs(env),
    event: readEvent(env, { before }),
    notices,
  };
  // Reading needs only these fields of a session; the rest is about the target.
  const request = await createRequest(session as unknown as JobSession);
  return { ...request, notices };
}

describe('the request of a run', () => {
  it('knows its image sets by the repository of the run, and is of the commit that is checked out', async () => {
    using repository = new TempRepository();
    repository.write('sets/a.yaml', imageSetText());
    const commit = repository.commit();
    const request = await ask(repository);
    expect(request).toMatchObject({
      repository: 'github.com/acme/mirrors',
      headRevision: { commit, from: 'event' },
      head: [{ name: 'sets/a.yaml', identity: 'github.com/acme/mirrors//sets/a.yaml', commit }],
    });
    expect(await ask(repository, { name: 'prod' })).toMatchObject({
      repository: 'prod',
      head: [{ identity: 'prod' }],
    });
  });

  it('refuses a file that is named and never was there, at once', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText());
    repository.commit();
    await expect(ask(repository, { config: 'b.yaml' })).rejects.toThrow(
      'Input "config": "b.yaml" does not exist.',
    );
  });

  it('takes a file that is named and was deleted for removed, also in the working tree', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText());
    const before = repository.commit();
    rmSync(join(repository.root, 'a.yaml'));
    expect((await ask(repository, { config: 'a.yaml' })).head).toEqual([]);
    repository.commit();
    const { head, base } = await ask(repository, { config: 'a.yaml' }, before);
    expect(head).toEqual([]);
    expect((await base([]))?.files).toMatchObject([{ name: 'a.yaml' }]);
  });

  it('refuses a checkout without any image set, where the state knows none either', async () => {
    using repository = new TempRepository();
    repository.write('values.yaml', 'a: 1\n');
    repository.commit();
    const { base } = await ask(repository);
    await expect(base([])).rejects.toThrow('Input "config": no image set configuration was found.');
    const known = { name: 'github.com/acme/mirrors//a.yaml', text: imageSetText() };
    expect((await base([known]))?.files).toHaveLength(1);
  });

  it('names the input when the commit of the base cannot be had', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText());
    repository.commit();
    const { base } = await ask(repository, { base: 'nowhere' });
    await expect(base([])).rejects.toThrow(
      'Input "base": the checkout does not have the commit "nowhere".',
    );
  });

  it('never reads what a link out of the checkout leads to', async () => {
    using repository = new TempRepository();
    symlinkSync('/etc/hostname', join(repository.root, 'a.yaml'));
    repository.commit();
    await expect(ask(repository)).rejects.toThrow('"a.yaml" is a symbolic link that leaves');
  });

  it('warns where there is no repository, and names image sets by the run all the same', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText());
    rmSync(join(repository.root, '.git'), { recursive: true });
    const { head, headRevision, notices } = await ask(repository);
    expect(head).toMatchObject([{ identity: 'github.com/acme/mirrors//a.yaml' }]);
    expect(headRevision).toEqual({ from: 'files' });
    expect(notices.list()).toMatchObject([{ code: 'no-repository' }]);
  });
});

describe('the age of a commit', () => {
  it.each([
    ['ahead', true],
    ['identical', true],
    ['behind', false],
    ['diverged', false],
    [undefined, undefined],
  ])('is read from the comparison of the host: %s', async (status, isAncestor) => {
    const asked: string[] = [];
    const repository = openHostRepository(async ({ path }) => {
      asked.push(path);
      return status === undefined ? { status: 404, body: {} } : { status: 200, body: { status } };
    }, 'acme/mirrors');
    expect(await repository.isAncestor('a', 'b')).toBe(isAncestor);
    expect(asked).toEqual(['/repos/acme/mirrors/compare/a...b']);
  });
});
