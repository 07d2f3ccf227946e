import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCredentialSource } from '../../src/registry/settings/credentials.ts';
import { keepLines } from '../support/log-lines.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const auth = (pair: string) => ({ auth: base64(pair) });
const basic = (username: string, password: string) => ({ kind: 'basic', username, password });

function source(options: Partial<Parameters<typeof createCredentialSource>[0]>) {
  return createCredentialSource({
    env: { XDG_RUNTIME_DIR: '/nonexistent' },
    log: keepLines(),
    ...options,
  });
}

function sourceOf(auths: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return source({ authText: JSON.stringify({ auths, ...more }) });
}

describe('an auth file', () => {
  it('gives the longest key that is a repository or one of its parents', async () => {
    const keys = sourceOf({
      'reg.example.com:5000': auth('host:1'),
      'reg.example.com:5000/team': auth('team:2'),
      'reg.example.com:5000/team/app': auth('app:3'),
    });
    const user = async (repository: string) => {
      const found = await keys.lookup('reg.example.com:5000', repository);
      return found?.kind === 'basic' ? found.username : undefined;
    };
    expect(await user('team/app')).toBe('app');
    expect(await user('team/app/part')).toBe('app');
    expect(await user('team/application')).toBe('team');
    expect(await user('teamwork')).toBe('host');
    expect(await user('')).toBe('host');
    expect(await keys.lookup('reg.example.com', 'team/app')).toBeUndefined();
  });

  it.each([
    ['https://index.docker.io/v1/', 'docker.io'],
    ['docker.io', 'registry-1.docker.io'],
    ['index.docker.io', 'docker.io'],
    ['https://reg.example.com/v1/', 'reg.example.com'],
    ['http://reg.example.com:5000', 'reg.example.com:5000'],
    ['Reg.Example.com', 'reg.example.com'],
  ])('that has the key %s knows %s', async (key, host) => {
    expect(await sourceOf({ [key]: auth('u:p') }).lookup(host, 'a/b')).toEqual(basic('u', 'p'));
  });

  it('prefers a plain key to a URL that means the same host, in either order', async () => {
    const plain = { 'reg.example.com': auth('plain:p') };
    const url = { 'https://reg.example.com/v1/': auth('url:p') };
    for (const auths of [
      { ...plain, ...url },
      { ...url, ...plain },
    ]) {
      expect(await sourceOf(auths).lookup('reg.example.com', 'a')).toEqual(basic('plain', 'p'));
    }
  });

  it('keeps the colons of a password', async () => {
    const found = await sourceOf({ h: auth('user:a:b:') }).lookup('h', 'r');
    expect(found).toEqual(basic('user', 'a:b:'));
  });

  it.each([
    [
      { identitytoken: 'T', auth: base64('u:') },
      { kind: 'identity-token', token: 'T' },
    ],
    [{ registrytoken: 'R' }, { kind: 'registry-token', token: 'R' }],
    [auth('<token>:T'), { kind: 'identity-token', token: 'T' }],
    [{ username: 'u', password: 'p' }, basic('u', 'p')],
    [{}, undefined],
    [{ auth: '' }, undefined],
  ])('with the entry %j proves %j', async (entry, credential) => {
    expect(await sourceOf({ h: entry }).lookup('h', 'r')).toEqual(credential);
  });

  it.each([
    ['secret-but-not-json', 'not JSON'],
    ['["secret"]', 'not a JSON object'],
    ['{"auths": "secret"}', 'auths is not'],
    ['{"auths": {"h": {"auth": 7}}}', 'not'],
    ['{"auths": {"h": {"auth": "secret!"}}}', 'not base64'],
    [`{"auths": {"h": {"auth": "${base64('secret')}"}}}`, 'not base64 of'],
  ])('that was named and reads %s is refused, and nothing of it is shown', async (text, why) => {
    const path = join(tempDirectory({ 'auth.json': text }), 'auth.json');
    const error: unknown = await source({ authFile: path })
      .lookup('h', 'r')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'INPUT_INVALID' });
    expect(error).not.toHaveProperty('cause');
    expect(String(error)).toContain(path);
    expect(String(error)).toContain(why);
    expect(String(error)).not.toMatch(/secret/);
    expect(error).toHaveProperty('hint', expect.stringContaining('podman login'));
  });

  it('that was named and is missing is an error, by option and by REGISTRY_AUTH_FILE', async () => {
    const path = join(tempDirectory(), 'none.json');
    for (const options of [{ authFile: path }, { env: { REGISTRY_AUTH_FILE: path } }]) {
      const found = source(options).lookup('h', 'r');
      await expect(found).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  });
});

describe('the search', () => {
  const file = (pair: string) => JSON.stringify({ auths: { h: auth(pair) } });

  it('takes the first usual place that knows the host', async () => {
    const home = tempDirectory({
      'run/containers/auth.json': file('run:1'),
      'xdg/containers/auth.json': file('xdg:2'),
      '.config/containers/auth.json': file('config:3'),
      'docker/config.json': file('docker-config:4'),
      '.docker/config.json': file('docker:5'),
      '.dockercfg': JSON.stringify({ 'https://h/v1/': auth('legacy:6') }),
    });
    const XDG_RUNTIME_DIR = join(home, 'run');
    const userFor = async (env: Record<string, string>) => {
      const found = await source({ env }).lookup('h', 'r');
      return found?.kind === 'basic' ? found.username : undefined;
    };
    const empty = { XDG_RUNTIME_DIR: join(home, 'none') };
    const config = { XDG_CONFIG_HOME: join(home, 'none') };
    const docker = { DOCKER_CONFIG: join(home, 'none') };
    expect(await userFor({ HOME: home, XDG_RUNTIME_DIR })).toBe('run');
    expect(await userFor({ HOME: home, ...empty })).toBe('config');
    expect(await userFor({ HOME: home, ...empty, XDG_CONFIG_HOME: join(home, 'xdg') })).toBe('xdg');
    expect(await userFor({ HOME: home, ...empty, ...config })).toBe('docker');
    expect(
      await userFor({ HOME: home, ...empty, ...config, DOCKER_CONFIG: join(home, 'docker') }),
    ).toBe('docker-config');
    expect(await userFor({ HOME: home, ...empty, ...config, ...docker })).toBe('legacy');
  });

  it('asks the next place when one has nothing for the host', async () => {
    const home = tempDirectory({
      'containers/auth.json': JSON.stringify({ auths: { other: auth('a:b'), h: {} } }),
      '.docker/config.json': file('docker:5'),
    });
    const found = source({ env: { HOME: home, XDG_RUNTIME_DIR: home } }).lookup('h', 'r');
    expect(await found).toEqual(basic('docker', '5'));
  });

  it('does not look further than a file that was named', async () => {
    const home = tempDirectory({
      'named.json': '{"auths": {}}',
      '.docker/config.json': file('u:p'),
    });
    const named = source({ env: { HOME: home }, authFile: join(home, 'named.json') });
    expect(await named.lookup('h', 'r')).toBeUndefined();
  });

  it('goes on from a text to the files: a pull secret goes together with a login to the target', async () => {
    const HOME = tempDirectory({ '.docker/config.json': file('login:1') });
    const text = JSON.stringify({ auths: { 'quay.io': auth('pull:2'), x: auth('text:3') } });
    const both = source({ env: { HOME, XDG_RUNTIME_DIR: HOME }, authText: text });
    expect(await both.lookup('quay.io', 'a')).toEqual(basic('pull', '2'));
    expect(await both.lookup('h', 'a')).toEqual(basic('login', '1'));
    const named = source({ authText: file('text:4'), authFile: join(HOME, '.docker/config.json') });
    expect(await named.lookup('h', 'a')).toEqual(basic('text', '4'));
  });

  it('passes over a broken file in a usual place, with one warning', async () => {
    const log = keepLines();
    const home = tempDirectory({
      'containers/auth.json': '{"auths": secret',
      '.docker/config.json': file('u:p'),
    });
    const found = source({ env: { HOME: home, XDG_RUNTIME_DIR: home }, log });
    expect(await found.lookup('h', 'a')).toEqual(basic('u', 'p'));
    expect(await found.lookup('h', 'b')).toEqual(basic('u', 'p'));
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]?.message).toContain(join(home, 'containers/auth.json'));
    expect(log.lines[0]?.message).not.toContain('secret');
  });

  it('gives a username and password to their host alone', async () => {
    const given = source({
      username: 'me',
      password: 'pw',
      only: 'target:5000',
      authText: file('other:1'),
    });
    expect(await given.lookup('target:5000', 'a')).toEqual(basic('me', 'pw'));
    expect(await given.lookup('h', 'a')).toEqual(basic('other', '1'));
    expect(await given.lookup('target', 'a')).toBeUndefined();
  });

  it('gives nothing at all when it is told to be anonymous', async () => {
    expect(
      await source({ anonymous: true, authText: file('u:p') }).lookup('h', 'r'),
    ).toBeUndefined();
  });

  it('refuses a username without a password', () => {
    expect(() => source({ username: 'me' })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', hint: expect.stringContaining('password') }),
    );
  });
});
