import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRegistryRules } from '../../src/registry/settings/registries-conf.ts';
import { tempDirectory } from '../support/temp-directory.ts';

async function rulesOf(text: string) {
  const directory = tempDirectory({ 'registries.conf': text });
  return loadRegistryRules({
    path: join(directory, 'registries.conf'),
    env: {},
    home: join(directory, 'home'),
    systemDirectory: join(directory, 'etc'),
  });
}

const places = (endpoints: readonly { registry: string; repository: string }[]) =>
  endpoints.map(({ registry, repository }) => `${registry}/${repository}`);

describe('registries.conf', () => {
  it('gives the mirrors in order and the original last', async () => {
    const rules = await rulesOf(`
      unqualified-search-registries = ["docker.io"]
      [[registry]]
      location = "quay.io"
      [[registry.mirror]]
      location = "mirror-a:5000/quay"
      insecure = true
      [[registry.mirror]]
      location = "mirror-b"
    `);
    expect(rules.endpoints('quay.io', 'org/app', 'tag')).toEqual([
      { registry: 'mirror-a:5000', repository: 'quay/org/app', insecure: true },
      { registry: 'mirror-b', repository: 'org/app', insecure: false },
      { registry: 'quay.io', repository: 'org/app', insecure: false },
    ]);
    expect(places(rules.endpoints('other.io', 'org/app', 'tag'))).toEqual(['other.io/org/app']);
  });

  it('puts the location in place of the prefix', async () => {
    const rules = await rulesOf(`
      [[registry]]
      prefix = "quay.io/org"
      location = "inside:5000/copy/"
      insecure = true
    `);
    expect(rules.endpoints('quay.io', 'org/app', 'tag')).toEqual([
      { registry: 'inside:5000', repository: 'copy/app', insecure: true },
    ]);
    expect(places(rules.endpoints('quay.io', 'organisation', 'tag'))).toEqual([
      'quay.io/organisation',
    ]);
  });

  it('matches all hosts below a domain by a wildcard', async () => {
    const rules = await rulesOf(`
      [[registry]]
      prefix = "*.example.com"
      [[registry.mirror]]
      location = "mirror/all"
    `);
    const mirrorOf = (registry: string) => places(rules.endpoints(registry, 'app', 'tag'));
    expect(mirrorOf('a.example.com')).toEqual(['mirror/all/app', 'a.example.com/app']);
    expect(mirrorOf('b.a.example.com')).toEqual(['mirror/all/app', 'b.a.example.com/app']);
    expect(mirrorOf('example.com')).toEqual(['example.com/app']);
    expect(mirrorOf('a.example.com.evil')).toEqual(['a.example.com.evil/app']);
  });

  it('keeps mirrors for pulls by digest or by tag where it says so', async () => {
    const rules = await rulesOf(`
      [[registry]]
      location = "h"
      [[registry.mirror]]
      location = "all"
      [[registry.mirror]]
      location = "digests"
      pull-from-mirror = "digest-only"
      [[registry.mirror]]
      location = "tags"
      pull-from-mirror = "tag-only"
      [[registry]]
      location = "old"
      mirror-by-digest-only = true
      [[registry.mirror]]
      location = "digests"
    `);
    expect(places(rules.endpoints('h', 'r', 'digest'))).toEqual(['all/r', 'digests/r', 'h/r']);
    expect(places(rules.endpoints('h', 'r', 'tag'))).toEqual(['all/r', 'tags/r', 'h/r']);
    expect(places(rules.endpoints('old', 'r', 'digest'))).toEqual(['digests/r', 'old/r']);
    expect(places(rules.endpoints('old', 'r', 'tag'))).toEqual(['old/r']);
  });

  it('refuses what it blocks, naming the rule, and lets a longer prefix through', async () => {
    const rules = await rulesOf(`
      [[registry]]
      location = "docker.io"
      blocked = true
      [[registry]]
      location = "docker.io/library"
    `);
    expect(() => rules.endpoints('docker.io', 'evil/app', 'tag')).toThrow(
      expect.objectContaining({
        code: 'BLOCKED',
        message: expect.stringContaining('"docker.io"'),
        hint: expect.stringContaining('blocked = true'),
      }),
    );
    expect(rules.endpoints('docker.io', 'library/alpine', 'tag')).toHaveLength(1);
  });

  it('leads the pulls of a blocked registry to its mirrors, and nowhere else', async () => {
    const rules = await rulesOf(`
      [[registry]]
      prefix = ""
      location = "quay.io"
      blocked = true
      [[registry.mirror]]
      location = "cache/quay"
      [[registry.mirror]]
      location = "digests/quay"
      pull-from-mirror = "digest-only"
      [[registry]]
      location = "gcr.io"
      blocked = true
      [[registry.mirror]]
      location = "digests/gcr"
      pull-from-mirror = "digest-only"
      [[registry]]
      location = "docker.io"
      blocked = true
      [[registry.mirror]]
      location = "tags/hub"
      pull-from-mirror = "tag-only"
    `);
    const hosts = (registry: string, by: 'digest' | 'tag') =>
      rules.endpoints(registry, 'team/app', by).map((one) => `${one.registry}/${one.repository}`);
    expect(hosts('quay.io', 'tag')).toEqual(['cache/quay/team/app']);
    expect(hosts('quay.io', 'digest')).toEqual(['cache/quay/team/app', 'digests/quay/team/app']);
    expect(hosts('gcr.io', 'digest')).toEqual(['digests/gcr/team/app']);
    expect(() => hosts('gcr.io', 'tag')).toThrow(/no mirror of that rule serves pulls by tag/);
    // A tag is resolved first: what it names then comes from the mirror for tags.
    expect(hosts('docker.io', 'tag')).toEqual(['tags/hub/team/app']);
    expect(hosts('docker.io', 'digest')).toEqual(['tags/hub/team/app']);
  });

  it('tells which hosts are insecure as a whole', async () => {
    const rules = await rulesOf(`
      [[registry]]
      location = "lab:5000"
      insecure = true
      [[registry]]
      location = "quay.io/part"
      insecure = true
      [[registry.mirror]]
      location = "mirror:5000/a"
      insecure = true
      [[registry.mirror]]
      location = "mixed:5000/a"
      insecure = true
      [[registry.mirror]]
      location = "mixed:5000/b"
    `);
    const hosts = ['lab:5000', 'mirror:5000', 'quay.io', 'mixed:5000', 'lab'];
    expect(hosts.filter((host) => rules.isInsecure(host))).toEqual(['lab:5000', 'mirror:5000']);
  });

  it('understands the insecure and blocked lists of the older version', async () => {
    const rules = await rulesOf(`
      [registries.search]
      registries = ["docker.io"]
      [registries.insecure]
      registries = ["lab:5000"]
      [registries.block]
      registries = ["bad.io"]
    `);
    expect(rules.isInsecure('lab:5000')).toBe(true);
    expect(() => rules.endpoints('bad.io', 'r', 'tag')).toThrow();
  });

  it.each([
    ['no TOML', 'a = 1\n[[registry', 2],
    ['a table without a place', '# first\n[[registry]]\nblocked = true\n', 2],
    ['a prefix without a location', '[[registry]]\nprefix = "a.io"\n', 1],
    ['a URL', '[[registry]]\nlocation = "a"\n\n[[registry]]\nlocation = "https://b"\n', 4],
    ['a flag that is text', '[[registry]]\nlocation = "a"\nblocked = "yes"\n', 1],
    ['a wildcard inside', '[[registry]]\nlocation = "a"\nprefix = "a.*.io"\n', 1],
    ['a mirror without a location', '[[registry]]\nlocation = "a"\n[[registry.mirror]]\n', 1],
    [
      'an unknown restriction',
      '[[registry]]\nlocation = "a"\n[[registry.mirror]]\nlocation = "b"\npull-from-mirror = "no"\n',
      1,
    ],
    ['a registry that is no list', 'registry = 7\n', 1],
  ])('with %s is refused with file and line', async (_, text, line) => {
    await expect(rulesOf(text)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(`registries.conf:${line} `),
      at: { file: expect.stringMatching(/registries\.conf$/), line },
    });
  });
});

describe('the place of registries.conf', () => {
  const mirror = (location: string, prefix = 'h') =>
    `[[registry]]\nprefix = "${prefix}"\nlocation = "${location}"\n`;

  async function locationOf(root: string, env: Record<string, string>, path?: string) {
    const rules = await loadRegistryRules({
      ...(path !== undefined && { path }),
      env,
      home: join(root, 'home'),
      systemDirectory: join(root, 'etc'),
    });
    return places(rules.endpoints('h', 'r', 'tag')).join();
  }

  it('is the one named, else the variable, else the user, else the system', async () => {
    const root = tempDirectory({
      named: mirror('named'),
      variable: mirror('variable'),
      'home/.config/containers/registries.conf': mirror('user'),
      'etc/registries.conf': mirror('system'),
    });
    const env = { CONTAINERS_REGISTRIES_CONF: join(root, 'variable') };
    expect(await locationOf(root, env, join(root, 'named'))).toBe('named/r');
    expect(await locationOf(root, env)).toBe('variable/r');
    expect(await locationOf(root, {})).toBe('user/r');
    const system = tempDirectory({ 'etc/registries.conf': mirror('system') });
    expect(await locationOf(system, {})).toBe('system/r');
    expect(await locationOf(tempDirectory(), {})).toBe('h/r');
  });

  it('has drop-ins: the later name and the user win, prefix by prefix', async () => {
    const root = tempDirectory({
      'etc/registries.conf': mirror('main') + mirror('other-main', 'other'),
      'etc/registries.conf.d/10-a.conf': mirror('a'),
      'etc/registries.conf.d/20-b.conf': mirror('b'),
      'etc/registries.conf.d/30-ignored.conf.bak': 'not even TOML',
    });
    expect(await locationOf(root, {})).toBe('b/r');
    const withUser = tempDirectory({
      'etc/registries.conf.d/99-z.conf': mirror('system'),
      'home/.config/containers/registries.conf.d/00-a.conf': mirror('user'),
    });
    expect(await locationOf(withUser, {})).toBe('user/r');
  });

  it('that was named has to exist', async () => {
    const root = tempDirectory();
    await expect(locationOf(root, {}, join(root, 'none'))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });
});
