import { describe, expect, it } from 'vitest';
import type { Settings } from '../../src/run/index.ts';
import { createWorld, goodReport, imageSetText } from './world.ts';

async function settingsOf(argv: readonly string[], env = {}): Promise<Settings> {
  using world = createWorld({ env, jobs: { mirror: async () => goodReport } });
  const config = world.write('isc.yaml', imageSetText);
  const { err } = await world.run(
    ...['-c', config, '--workspace', `file://${world.directory}`, ...argv, 'docker://reg:5000/ns'],
  );
  const call = world.calls.find(({ job }) => job === 'mirror');
  if (!call) throw new Error(err);
  return call.words[0] as Settings;
}

async function refusal(...argv: string[]): Promise<string> {
  using world = createWorld();
  const { err, code } = await world.run(
    ...['-c', 'x', '--workspace', `file://${world.directory}`, ...argv, 'docker://reg'],
  );
  expect(code).toBe(1);
  expect(err).toContain('Usage:');
  return err;
}

/** How each side says in its own flags that a host is trusted. */
const advice = (side: 'src' | 'dest') => ({
  plainAdvice: `accept that by --${side}-tls-verify=false`,
  trustAdvice: expect.stringMatching(
    new RegExp(`--${side}-cert-dir, or .* unverified by --${side}-tls-verify=false$`),
  ),
});

describe('settings', () => {
  it('leave to the engine what no flag says', async () => {
    expect(await settingsOf([])).toMatchObject({
      target: 'reg:5000/ns',
      retryTimes: 5,
      verifySignatures: 'releases',
      state: 'registry',
      options: { prune: 'none' },
    });
    expect((await settingsOf([])).source).toEqual(advice('src'));
    expect((await settingsOf([])).destination).toEqual(advice('dest'));
    expect(await settingsOf([])).not.toHaveProperty('parallel');
    expect(await settingsOf([])).not.toHaveProperty('retryDelayMs');
  });

  it('carry what flags say to each side', async () => {
    const settings = await settingsOf([
      ...['--authfile', '/a.json', '--src-tls-verify=false', '--dest-authfile', '/d.json'],
      ...['--src-creds', 'me:pass:word', '--dest-username', 'you', '--dest-password', 'secret'],
      ...['--dest-cert-dir', '/certs', '--src-registry-token', 'tok'],
    ]);
    expect(settings.source).toEqual({
      ...advice('src'),
      authFile: '/a.json',
      tlsVerify: false,
      username: 'me',
      password: 'pass:word',
      registryToken: 'tok',
    });
    expect(settings.destination).toEqual({
      ...advice('dest'),
      authFile: '/d.json',
      username: 'you',
      password: 'secret',
      certDir: '/certs',
    });
  });

  it('bound transfers only when a flag says so', async () => {
    const settings = await settingsOf([
      '--parallel-images=2',
      '--retry-times=1',
      '--retry-delay=3s',
    ]);
    expect(settings).toMatchObject({ parallel: 10, retryTimes: 1, retryDelayMs: 3000 });
  });

  it('take from the environment what oc-mirror takes from it', async () => {
    const settings = await settingsOf([], {
      CONTAINERS_REGISTRIES_CONF: '/registries.conf',
      OCP_SIGNATURE_VERIFICATION_PK: '/key.asc',
    });
    expect(settings).toMatchObject({
      registriesConf: '/registries.conf',
      signatureKeys: '/key.asc',
    });
  });

  it.each([
    [['--src-creds=a:b', '--src-no-creds'], '--src-creds and --src-no-creds'],
    [['--dest-username=a', '--dest-no-creds'], '--dest-username and --dest-no-creds'],
    [['--dest-creds=a:b', '--dest-username=a'], '--dest-creds and --dest-username'],
    [['--src-username=a'], '--src-username and --src-password must be specified together'],
    [['--src-password=a'], '--src-username and --src-password must be specified together'],
    [['--src-creds=:b'], '--src-creds has no user name'],
    [['--retry-times=-1'], 'retry-times must not be negative'],
    [
      ['--log-level=loud'],
      '"loud": invalid log-level, it should be one of (info,debug,trace,error)',
    ],
    [['--v1'], '--v1 is not supported'],
  ])('are refused for %j', async (argv, message) => {
    expect(await refusal(...argv)).toContain(message);
  });

  it('never show a password that was refused', async () => {
    expect(await refusal('--src-creds=me:hunter2', '--src-no-creds')).not.toContain('hunter2');
  });

  it('are refused when flag and environment both name a cache', async () => {
    using world = createWorld({ env: { OC_MIRROR_CACHE: '/a' } });
    const { err } = await world.run('--cache-dir', '/b', 'docker://reg');
    expect(err).toContain('either OC_MIRROR_CACHE or --cache-dir can be used but not both');
  });

  it('ignore the signature of an explicit release only', async () => {
    const verified = async (platform: string) => {
      using world = createWorld({ jobs: { mirror: async () => goodReport } });
      const config = world.write('isc.yaml', `${imageSetText}  platform:\n    ${platform}\n`);
      await world.run(
        ...['-c', config, '--workspace', `file://${world.directory}`],
        ...['--ignore-release-signature', 'docker://reg'],
      );
      const [settings] = world.calls.find(({ job }) => job === 'mirror')?.words ?? [];
      return (settings as Settings).verifySignatures;
    };
    expect(await verified(`release: quay.io/a@sha256:${'0'.repeat(64)}`)).toBe('off');
    expect(await verified('channels: [{ name: stable-4.16 }]')).toBe('releases');
  });
});
