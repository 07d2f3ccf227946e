import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { readInputs } from '../../src/github/inputs.ts';
import { secretsOf } from '../../src/github/secrets.ts';
import { inputEnv } from '../support/fake-host.ts';

const target = 'registry.example.com:8443';

function read(inputs: Record<string, string>) {
  return readInputs(inputEnv({ target, ...inputs }));
}

function refusal(inputs: Record<string, string>): ConfigError {
  try {
    read(inputs);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('a user name whose password is a secret that the run does not get', () => {
  const env = (event: string) => ({
    ...inputEnv({ target: 'reg', username: 'robot' }),
    GITHUB_EVENT_NAME: event,
  });

  it.each(['pull_request', 'pull_request_target'])('is no login on %s', (event) => {
    expect(readInputs(env(event)).password).toBeUndefined();
  });

  it('is a mistake elsewhere', () => {
    expect(() => readInputs(env('push'))).toThrow('"username"');
  });
});

describe('readInputs', () => {
  it('takes the documented defaults when only the target is given', () => {
    expect(read({})).toMatchObject({
      command: 'auto',
      config: [],
      target,
      cache: 'auto',
      state: 'registry',
      prune: 'removed',
      'max-delete': { share: 0.5 },
      protect: [],
      'require-review': 'deletes',
      comment: 'auto',
      'fail-on': 'error',
      'artifact-name': undefined,
      'verify-signatures': 'releases',
      parallel: undefined,
      'max-nested-paths': undefined,
    });
  });

  it.each([
    ['docker://registry.example.com:8443/ocp/', 'registry.example.com:8443/ocp'],
    ['localhost:5000', 'localhost:5000'],
    ['[::1]:5000/a/b', '[::1]:5000/a/b'],
  ])('reads the target %s', (text, expected) => {
    expect(read({ target: text }).target).toBe(expected);
  });

  it.each([
    ['20', { count: 20 }],
    ['0', { count: 0 }],
    ['100%', { share: 1 }],
    ['2.5 %', { share: 0.025 }],
  ])('reads max-delete %s', (text, maxDelete) => {
    expect(read({ 'max-delete': text })['max-delete']).toEqual(maxDelete);
  });

  it.each([
    ['registry', 'registry'],
    ['state', { directory: 'state' }],
    ['file:///srv/state', { directory: '/srv/state' }],
  ])('reads the state %s', (text, state) => {
    expect(read({ state: text }).state).toEqual(state);
  });

  it('reads lists by line and leaves comments and empty lines out', () => {
    const { config } = read({ config: 'a.yaml\n\n  sets/*.yaml \r\n# not this\n!sets/old.yaml' });
    expect(config).toEqual(['a.yaml', 'sets/*.yaml', '!sets/old.yaml']);
  });

  it('reads values files of charts, one a line', () => {
    const text = 'app=values/app.yaml\n# why\napp = b=c.yaml';
    expect(read({ 'helm-values': text })['helm-values']).toEqual([
      { chart: 'app', path: 'values/app.yaml' },
      { chart: 'app', path: 'b=c.yaml' },
    ]);
  });

  it('reads a plan digest with or without its algorithm, whole or cut', () => {
    expect(read({ approve: `sha256:${'A1'.repeat(32)}` }).approve).toBe(
      `sha256:${'a1'.repeat(32)}`,
    );
  });

  it.each([
    ['target', { target: '' }],
    ['target', { target: 'https://registry.example.com' }],
    ['target', { target: 'registry.example.com/UPPER' }],
    ['command', { command: 'deploy' }],
    ['helm-values', { 'helm-values': 'values.yaml' }],
    ['helm-values', { 'helm-values': 'app=' }],
    ['max-delete', { 'max-delete': '101%' }],
    ['max-delete', { 'max-delete': '-1' }],
    ['max-delete', { 'max-delete': '1.5' }],
    ['parallel', { parallel: '0' }],
    ['parallel', { parallel: 'many' }],
    ['max-nested-paths', { 'max-nested-paths': '0' }],
    ['prune', { prune: 'all' }],
    ['fail-on', { 'fail-on': 'notice' }],
    ['signatures', { signatures: 'move' }],
    ['approve', { approve: 'abc' }],
    ['approve', { approve: `sha256:${'a'.repeat(63)}` }],
    ['approve', { approve: 'a'.repeat(64) }],
    ['insecure-registries', { 'insecure-registries': 'good:5000\nhttp://bad' }],
    ['artifact-name', { 'artifact-name': 'a/b' }],
    ['base', { base: '--upload-pack=x' }],
    ['undo', { undo: '3' }],
    ['undo', { command: 'restore' }],
    ['undo', { command: 'restore', undo: 'first' }],
    ['username', { username: 'robot' }],
    ['password', { password: 'secret' }],
    ['auth-file', { 'auth-file': 'auth.json', 'pull-secret': '{"auths":{}}' }],
    ['pull-secret', { 'pull-secret': '[]' }],
    ['archive', { archive: 'dir' }],
    ['registries-d', { 'registries-d': '/etc/containers/registries.d' }],
    ['since', { command: 'load', since: '2026-01-01' }],
    ['since', { command: 'archive', since: '2026-02-31' }],
    ['targt', { targt: 'registry.example.com' }],
  ])('names the input "%s" when it is wrong: %j', (name, inputs: Record<string, string>) => {
    const error = refusal(inputs);
    expect(error.code).toBe('INPUT_INVALID');
    expect(error.message).toContain(`"${name}"`);
    expect(error.hint).toBeTruthy();
  });

  it('says of a shard that it is not built yet', () => {
    expect(refusal({ shard: '1/4' }).code).toBe('NOT_BUILT');
  });

  it('never repeats a pull secret that it cannot read', () => {
    expect(refusal({ 'pull-secret': '{"auths": hunter2' }).message).not.toContain('hunter2');
  });
});

describe('secretsOf', () => {
  it('finds the credentials inside the pull secret, and those that they hold', () => {
    const auth = Buffer.from('robot:pa:ss').toString('base64');
    const pullSecret = JSON.stringify({
      auths: { 'quay.io': { auth }, 'r.example.com': { password: 'plain', email: 'me@x' } },
    });
    const env = inputEnv({ 'pull-secret': pullSecret, password: 'p4ss', 'github-token': 'ghs_1' });
    const secrets = secretsOf(env);
    expect(secrets).toEqual(
      expect.arrayContaining([pullSecret, auth, 'pa:ss', 'plain', 'p4ss', 'ghs_1']),
    );
    expect(secrets).not.toContain('me@x');
    expect(secrets).not.toContain('');
  });

  it('does not mask the braces of a pull secret of several lines', () => {
    const secrets = secretsOf(inputEnv({ 'pull-secret': '{\n  "auths": {}\n}' }));
    expect(secrets).not.toContain('{');
    expect(secrets).not.toContain('}');
  });
});
