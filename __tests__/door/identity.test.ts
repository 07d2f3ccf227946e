import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCheckout, readNow } from '../../src/door/index.ts';
import { nameOfOrigin } from '../../src/door/repository-name.ts';
import { openConfigSource } from '../support/config-source.ts';
import { imageSetText, TempRepository } from '../support/temp-repository.ts';

const env = { PATH: process.env['PATH'] };

describe('the name of an origin', () => {
  it.each([
    'https://github.com/acme/mirrors',
    'https://github.com/acme/mirrors.git',
    'https://github.com:443/acme/mirrors.git/',
    'https://x-access-token:ghs_secret@GitHub.com/acme/mirrors',
    'ssh://git@github.com/acme/mirrors.git',
    'ssh://git@github.com:22/acme/mirrors',
    'git@github.com:acme/mirrors.git',
    'github.com:/acme/mirrors',
    'git://github.com/acme/mirrors',
  ])('%s is host, owner and name', (origin) => {
    expect(nameOfOrigin(origin, '/top')).toBe('github.com/acme/mirrors');
  });

  it.each([
    ['http://gitea.local:3000/a/b', 'gitea.local:3000/a/b'],
    ['/srv/git/mirrors.git', 'file:///srv/git/mirrors'],
    ['file:///srv/git/mirrors', 'file:///srv/git/mirrors'],
    ['../mirrors', 'file:///work/mirrors'],
  ])('%s is %s', (origin, name) => {
    expect(nameOfOrigin(origin, '/work/clone')).toBe(name);
  });
});

describe('the repository of a checkout', () => {
  const runner = (root: string) => ({
    ...env,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/mirrors',
    GITHUB_WORKSPACE: root,
  });

  it('is the same on a runner and in a clone', async () => {
    using repository = new TempRepository();
    const { root } = repository;
    expect((await openCheckout(root, runner(root))).repository).toBe('github.com/acme/mirrors');
    repository.git('remote', 'add', 'origin', 'git@github.com:acme/mirrors.git');
    expect((await openCheckout(root, env)).repository).toBe('github.com/acme/mirrors');
  });

  it('is that of the origin where a runner has a second checkout', async () => {
    using repository = new TempRepository();
    repository.git('remote', 'add', 'origin', 'https://github.com/acme/other');
    const workspace = realpathSync(join(repository.root, '..'));
    const { repository: name } = await openCheckout(repository.root, runner(workspace));
    expect(name).toBe('github.com/acme/other');
  });

  it('is that of the origin where a workflow checked out another repository as its workspace', async () => {
    using repository = new TempRepository();
    const { root } = repository;
    const nameOn = async (event: string) =>
      (await openCheckout(root, { ...runner(root), GITHUB_EVENT_NAME: event })).repository;
    repository.git('remote', 'add', 'origin', 'https://github.com/acme/other');
    expect(await nameOn('push')).toBe('github.com/acme/other');
    // The change of a pull request, which may come from a fork.
    expect(await nameOn('pull_request')).toBe('github.com/acme/mirrors');
    repository.git('remote', 'set-url', 'origin', 'git@proxy.local:Acme/Mirrors.git');
    expect(await nameOn('push')).toBe('github.com/acme/mirrors');
    repository.git('remote', 'set-url', 'origin', '/srv/cache/other');
    expect(await nameOn('push')).toBe('github.com/acme/mirrors');
  });

  it('is that of the address that git fetches from, where settings rewrite it or name several', async () => {
    using repository = new TempRepository();
    const { root } = repository;
    const named = async () => (await openCheckout(root, env)).repository;
    repository.git('remote', 'add', 'origin', 'hub:acme/mirrors');
    repository.git('config', 'url.https://github.com/.insteadOf', 'hub:');
    expect(await named()).toBe('github.com/acme/mirrors');
    repository.git('remote', 'set-url', '--add', 'origin', 'https://git.example.com/copy');
    repository.git('config', '--unset', 'url.https://github.com/.insteadOf');
    expect(await named()).toBe('hub/acme/mirrors');
  });

  it('is its own directory where nothing else names it, also behind a link', async () => {
    const root = mkdtempSync(join(tmpdir(), 'imageset-mirror-plain-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    mkdirSync(join(root, 'real'));
    symlinkSync('real', join(root, 'link'));
    const name = `file://${realpathSync(root)}/real`;
    expect((await openCheckout(join(root, 'real'), env)).repository).toBe(name);
    expect((await openCheckout(join(root, 'link'), env)).repository).toBe(name);
  });

  it('is found from every directory of it, in a linked work tree too, and with the variables of a hook', async () => {
    using repository = new TempRepository();
    repository.git('remote', 'add', 'origin', 'https://github.com/acme/mirrors');
    repository.write('a/b/c.yaml', imageSetText());
    repository.commit();
    const tree = join(repository.root, 'linked');
    repository.git('worktree', 'add', '--quiet', tree);
    for (const [directory, more] of [
      [join(repository.root, 'a/b'), {}],
      [tree, {}],
      [join(repository.root, 'a'), { GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index' }],
    ] as const) {
      const found = await openCheckout(directory, { ...env, ...more });
      expect(found.repository).toBe('github.com/acme/mirrors');
    }
  });
});

describe('the identity of an image set', () => {
  it('is repository and path, from every directory', async () => {
    using repository = new TempRepository();
    repository.git('remote', 'add', 'origin', 'https://github.com/acme/mirrors');
    repository.write('w/x.yaml', imageSetText());
    repository.commit();
    for (const root of [repository.root, join(repository.root, 'w')]) {
      const [file] = await readNow(await openConfigSource(root));
      expect(file?.identity).toBe('github.com/acme/mirrors//w/x.yaml');
    }
  });

  it('names its machine too where nothing but a directory names it', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText());
    repository.commit();
    const host = hostname();
    expect(await readNow(await openConfigSource(repository.root))).toMatchObject([{ host }]);
    repository.git('remote', 'add', 'origin', 'https://github.com/acme/mirrors');
    const [file] = await readNow(await openConfigSource(repository.root));
    expect(file).not.toHaveProperty('host');
  });

  it('is the name that was given, with the path where there are several', async () => {
    using repository = new TempRepository();
    repository.write('a.yaml', imageSetText());
    repository.commit();
    const identities = async () =>
      (await readNow(await openConfigSource(repository.root, { name: 'prod' }))).map(
        ({ identity, formerNames }) => [identity, formerNames],
      );
    expect(await identities()).toEqual([['prod', ['prod//a.yaml']]]);
    repository.write('b.yaml', imageSetText());
    repository.commit();
    expect(await identities()).toEqual([
      ['prod//a.yaml', undefined],
      ['prod//b.yaml', undefined],
    ]);
  });
});
