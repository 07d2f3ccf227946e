import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askCredentialHelper } from '../../src/registry/settings/credential-helper.ts';
import { createCredentialSource } from '../../src/registry/settings/credentials.ts';
import { keepLines } from '../support/log-lines.ts';
import { tempDirectory } from '../support/temp-directory.ts';

/** Puts one helper, called `fake`, on the path; it notes in `asked` what it was asked. */
function helper(script: string) {
  const directory = tempDirectory({
    'docker-credential-fake': `#!/bin/sh\nread -r server\necho "$1 $server" >> "$(dirname "$0")/asked"\n${script}\n`,
  });
  return {
    env: { PATH: `${directory}:/usr/bin:/bin`, XDG_RUNTIME_DIR: '/nonexistent' },
    asked: () => readFileSync(join(directory, 'asked'), 'utf8').trim().split('\n'),
  };
}

const secret = `echo '{"ServerURL": "x", "Username": "u", "Secret": "p:w"}'`;
const none = 'echo "credentials not found in native keychain"; exit 1';

describe('a credential helper', () => {
  it('is asked "get" for the host and answers with a name and a secret', async () => {
    const { env, asked } = helper(secret);
    const found = await askCredentialHelper('fake', 'reg.example.com:5000', { env });
    expect(found).toEqual({ kind: 'basic', username: 'u', password: 'p:w' });
    expect(asked()).toEqual(['get reg.example.com:5000']);
  });

  it('knows Docker Hub by the URL that docker files it under', async () => {
    const { env, asked } = helper(secret);
    await askCredentialHelper('fake', 'docker.io', { env });
    expect(asked()).toEqual(['get https://index.docker.io/v1/']);
  });

  it('hands out an identity token under the name <token>', async () => {
    const { env } = helper(`echo '{"Username": "<token>", "Secret": "T"}'`);
    const found = await askCredentialHelper('fake', 'h', { env });
    expect(found).toEqual({ kind: 'identity-token', token: 'T' });
  });

  it('has nothing when it says that it found none', async () => {
    expect(await askCredentialHelper('fake', 'h', { env: helper(none).env })).toBeUndefined();
  });

  it.each([
    ['fails', 'echo "topsecret"; exit 3'],
    ['answers with something else', 'echo topsecret'],
    ['answers with null', 'echo null'],
    ['answers without a secret', `echo '{"Username": "topsecret"}'`],
    ['never stops talking', 'exec yes topsecret'],
  ])('that %s is an error that shows nothing of what it printed', async (_, script) => {
    const asking = askCredentialHelper('fake', 'h', { env: helper(script).env });
    const error: unknown = await asking.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CREDENTIALS' });
    expect(JSON.stringify([error, String(error)])).not.toContain('topsecret');
  });

  it('that hangs is killed', async () => {
    const { env } = helper('exec sleep 60');
    const asking = askCredentialHelper('fake', 'h', { env, timeoutMs: 200 });
    await expect(asking).rejects.toMatchObject({ code: 'CREDENTIALS' });
  });

  it('that is not installed is an error that names it', async () => {
    const asking = askCredentialHelper('absent', 'h', { env: { PATH: tempDirectory() } });
    await expect(asking).rejects.toThrow(/docker-credential-absent/);
  });

  it('that is not installed keeps no process waiting for its end', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const asking = askCredentialHelper('absent', 'h', { env: { PATH: tempDirectory() } });
    await expect(asking).rejects.toMatchObject({ code: 'CREDENTIALS' });
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it.each(['../evil', 'a/b', 'a\\b', '', '-x', 'a b', 'a;b'])(
    'cannot be called "%s"',
    async (name) => {
      const asking = askCredentialHelper(name, 'h', { env: {} });
      await expect(asking).rejects.toMatchObject({ code: 'CREDENTIALS' });
    },
  );
});

describe('an auth file with helpers', () => {
  const authOf = (pair: string) => ({ auth: Buffer.from(pair).toString('base64') });

  function source(file: unknown, env: Record<string, string>, log = keepLines()) {
    return createCredentialSource({ env, authText: JSON.stringify(file), log });
  }

  it('asks the helper of a host once, however many repositories want to know', async () => {
    const { env, asked } = helper(secret);
    const found = source({ credHelpers: { h: 'fake' }, auths: { h: authOf('a:b') } }, env);
    const all = await Promise.all(['a', 'b', 'c'].map((name) => found.lookup('h', name)));
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(asked()).toEqual(['get h']);
  });

  it('asks the helper again once its answer may have ended', async () => {
    const { env, asked } = helper(secret);
    let now = 0;
    const found = createCredentialSource({
      env,
      authText: '{"credsStore": "fake"}',
      log: keepLines(),
      clock: { now: () => now, sleep: async () => {}, random: () => 0 },
    });
    await found.lookup('h', 'r');
    now = 60_000;
    await found.lookup('h', 'r');
    expect(asked()).toHaveLength(1);
    now = 3_600_000;
    await found.lookup('h', 'r');
    expect(asked()).toHaveLength(2);
  });

  it('asks the store for hosts without an entry of their own', async () => {
    const { env, asked } = helper(secret);
    const file = { credsStore: 'fake', auths: { own: authOf('a:b'), empty: {} } };
    const found = source(file, env);
    expect(await found.lookup('own', 'r')).toMatchObject({ username: 'a' });
    expect(await found.lookup('empty', 'r')).toMatchObject({ username: 'u' });
    expect(await found.lookup('other', 'r')).toMatchObject({ username: 'u' });
    expect(asked()).toEqual(['get empty', 'get other']);
  });

  it('fails with its helper when it was named, and is passed over in a usual place', async () => {
    const { env } = helper('exit 9');
    const text = '{"credsStore": "fake"}';
    await expect(source(JSON.parse(text), env).lookup('h', 'r')).rejects.toMatchObject({
      code: 'CREDENTIALS',
    });
    const log = keepLines();
    const HOME = tempDirectory({ '.docker/config.json': text });
    const usual = createCredentialSource({ env: { ...env, HOME, XDG_RUNTIME_DIR: HOME }, log });
    expect(await usual.lookup('h', 'r')).toBeUndefined();
    expect(await usual.lookup('i', 'r')).toBeUndefined();
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
  });
});
