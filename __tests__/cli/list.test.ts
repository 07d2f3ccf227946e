import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import type { Listing } from '../../src/run/index.ts';
import { createWorld, type TestWorld } from './world.ts';

const catalog = 'reg.test/acme/index:v1';
const nothing: Listing = { lines: [], failures: [] };

function worldThatLists(listing: Listing = nothing): TestWorld {
  const list = async () => listing;
  return createWorld({ jobs: { listOperators: list, listReleases: list } });
}

async function requestOf(...argv: readonly string[]): Promise<unknown> {
  using world = worldThatLists();
  const { code, err } = await world.run('list', ...argv);
  expect([code, err.includes('ERROR')]).toEqual([0, false]);
  return world.calls[0]?.words[1];
}

describe('list operators', () => {
  it.each([
    [['--catalog', catalog], { catalog }],
    [['--catalog', `docker://${catalog}`], { catalog: `docker://${catalog}` }],
    [['--catalog=oci:///srv/index'], { catalog: 'oci:///srv/index' }],
    [['--catalog', 'localhost/index:v1'], { catalog: 'localhost/index:v1' }],
    [['--catalog', catalog, '--package', 'acm'], { catalog, package: 'acm' }],
    [['--catalog', catalog, '--package', ''], { catalog }],
    [
      ['--catalog', catalog, '--package', 'acm', '--channel', 'stable'],
      { catalog, package: 'acm', channel: 'stable' },
    ],
    [['--catalogs', '--version', '4.18'], { version: '4.18' }],
    [['--version=4.18'], { version: '4.18' }],
  ])('%j asks for %j', async (flags, request) => {
    expect(await requestOf('operators', ...flags)).toEqual(request);
  });

  it.each([
    [[], 'at least one of the flags in the group [catalog catalogs] is required'],
    [
      ['--catalogs'],
      'if any flags in the group [catalogs version] are set they must all be set; missing [version]',
    ],
    [
      ['--catalogs', '--version', '4.18', '--catalog', catalog],
      'if any flags in the group [catalog catalogs] are set none of the others can be; [catalog catalogs] were all set',
    ],
    [['--package', 'acm'], 'must specify --catalog with --package'],
    [['--channel', 'x'], 'must specify --catalog and --package with --channel'],
    [
      ['--catalog', catalog, '--channel', 'x'],
      'must specify --catalog and --package with --channel',
    ],
    [['--catalog', 'acme/index:v1'], '"acme/index:v1": repository name must be canonical'],
    [['--catalog', 'index'], '"index": repository name must be canonical'],
    [['--catalog', 'http://a.b/c:d'], '"http://a.b/c:d": invalid reference format'],
    [
      ['--catalog', 'reg.test/Acme:V1'],
      '"reg.test/Acme:V1": invalid reference format: repository name must be lowercase',
    ],
    [
      ['--catalog', catalog, '--workspace', '/ws'],
      'when --workspace is used, it must have file:// prefix',
    ],
  ])("%j is refused in oc-mirror's words, with the usage", async (flags, message) => {
    using world = worldThatLists();
    const { code, out, err } = await world.run('list', 'operators', ...flags);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('imageset-mirror list operators --catalog');
    expect(err).toContain(`[Executor] ${message}\n`);
    expect(world.calls).toEqual([]);
  });
});

describe('list releases', () => {
  it.each([
    [[], { what: 'versions' }],
    [
      ['--version', '4.18'],
      { what: 'releases', version: '4.18', channel: 'stable-4.18', architectures: ['amd64'] },
    ],
    [
      ['--channel', 'eus-4.18', '--filter-by-archs', 'arm64,multi', '--filter-by-archs=s390x'],
      {
        ...{ what: 'releases', version: '', channel: 'eus-4.18' },
        architectures: ['arm64', 'multi', 's390x'],
      },
    ],
    [
      ['--channels', '--version=4.18'],
      { what: 'channels', version: '4.18', channel: 'stable-4.18' },
    ],
  ])('%j asks for %j', async (flags, request) => {
    expect(await requestOf('releases', ...flags)).toEqual(request);
  });

  it.each([
    [['--channels'], 'must specify --version with --channels'],
    [['--channel', 'stable-'], 'must specify --version or --channel'],
    [
      ['--version', '4.18', '--filter-by-archs', 'amd64,x86,mips'],
      'invalid architecture(s) [x86 mips]. Known architectures: [amd64 arm64 multi ppc64le s390x]',
    ],
  ])("%j is refused in oc-mirror's words", async (flags, message) => {
    using world = worldThatLists();
    const { code, err } = await world.run('list', 'releases', ...flags);
    expect(code).toBe(1);
    expect(err).toContain(`[Executor] ${message}\n`);
  });
});

describe('a list', () => {
  it('goes to the screen alone, and what there is to say to stderr', async () => {
    using world = worldThatLists({ lines: ['A  B', '', 'c'], failures: [] });
    const { code, out, err } = await world.run('list', 'operators', '--catalog', catalog);
    expect([code, out]).toEqual([0, 'A  B\n\nc\n']);
    expect(err).toContain('Hello, welcome to oc-mirror');
  });

  it('that is not whole is printed, and fails with all that is missing', async () => {
    using world = worldThatLists({
      lines: ['some'],
      failures: [
        { message: 'one', hint: 'Do this.' },
        { message: 'two', hint: 'Do this.' },
      ],
    });
    const { code, out, err } = await world.run('list', 'releases', '--version', '4.18', '-q');
    expect([code, out]).toEqual([1, 'some\n']);
    expect(err.match(/\[Executor\] one\ntwo\n/)).not.toBeNull();
    expect(err.match(/Do this\./g)).toHaveLength(1);
  });

  it('of what is not there fails with the nearest names, without the usage', async () => {
    const message = 'operator "amc" not found in catalog';
    using world = createWorld({
      jobs: {
        listOperators: async () => {
          throw new ConfigError('INPUT_INVALID', message, { hint: 'Did you mean acm?' });
        },
      },
    });
    const { code, err } = await world.run(
      ...['list', 'operators', '--catalog', catalog, '--package', 'amc'],
    );
    expect(code).toBe(1);
    expect(err).toContain(`[Executor] ${message}\n`);
    expect(err).toContain('Did you mean acm?');
    expect(err).not.toContain('Usage:');
  });

  it('lets no name steer the terminal', async () => {
    using world = worldThatLists({ lines: ['a\u001b[2Jb'], failures: [] });
    expect((await world.run('list', 'releases')).out).toBe('a\\u{1b}[2Jb\n');
  });

  it('reads through the credentials and the workspace that are given', async () => {
    using world = worldThatLists();
    await world.run(
      ...['list', 'operators', '--catalog', catalog, '--workspace', 'file:///ws'],
      ...['--src-tls-verify=false', '--authfile', '/auth.json'],
    );
    expect(world.calls[0]?.words[0]).toMatchObject({
      workspace: '/ws/working-dir',
      source: { tlsVerify: false, authFile: '/auth.json' },
    });
  });

  it('by itself shows what can be listed; anything else is refused', async () => {
    using world = worldThatLists();
    const help = await world.run('list', '--v2');
    expect(help.code).toBe(0);
    expect(help.out).toMatch(/Available Commands:\n {2}operators .*\n {2}releases /);
    const other = await world.run('list', 'charts');
    expect(other).toMatchObject({ code: 1, out: '' });
    expect(other.err).toContain('unknown command "charts" for "imageset-mirror list"');
  });

  it.each([
    [['--version', '4.18', 'releases'], '4.18'],
    [['releases', '--version', '4.18'], '4.18'],
  ])('%j has a version that is no question for our own', async (argv, version) => {
    expect(await requestOf(...argv)).toMatchObject({ version });
  });

  it('leaves --version of all other commands as it is', async () => {
    using world = worldThatLists();
    const text = 'imageset-mirror version v1.2.3\n';
    for (const argv of [
      ['--version', 'plan'],
      ['plan', '--version'],
      ['--version', 'list'],
      ['list', '--version'],
    ]) {
      expect((await world.run(...argv)).out).toBe(text);
    }
  });
});
