import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type Advice,
  adviseChange,
  adviseDependencies,
  adviseFilter,
} from '../../../src/catalog/advice/index.ts';
import {
  type CatalogWish,
  collectOffers,
  type FilteredCatalog,
  filterCatalog,
  type PackageWish,
} from '../../../src/catalog/filter/index.ts';
import { parseImageSpec } from '../../../src/imageset/index.ts';
import { bundlesOf, chainOf, readerOf, type ShortPackage } from '../filter/catalogs.ts';

const versions = ['1.0.0', '1.1.0', '1.2.0', '2.0.0'];
const op: ShortPackage = {
  name: 'op',
  defaultChannel: 'stable-2',
  channels: [
    { name: 'stable-1', entries: chainOf('op', versions.slice(0, 3)) },
    { name: 'stable-2', entries: chainOf('op', versions) },
  ],
  bundles: bundlesOf('op', versions),
};

async function filter(
  packages: readonly ShortPackage[],
  wish: Omit<CatalogWish, 'catalog'>,
): Promise<FilteredCatalog> {
  return await filterCatalog(
    readerOf(packages),
    { catalog: 'r.test/i:v1', ...wish },
    parseImageSpec,
  );
}

function of(advice: readonly Advice[], code: string): readonly Advice[] {
  return advice.filter((one) => one.code === code);
}

async function advised(
  packages: readonly ShortPackage[],
  wish: PackageWish,
  code: string,
): Promise<readonly Advice[]> {
  return of(adviseFilter(await filter(packages, { packages: [wish] })), code);
}

describe('advice about an error', () => {
  it.each([
    ['op', 'A package of a catalog cannot be read.', 'broken here. Leave the package out,'],
    ['', 'A file of a catalog cannot be read.', 'broken here. It may belong to any package,'],
  ])('says once what is broken in package "%s", and what to do', (name, summary, detail) => {
    const cause = new Error('broken here.');
    const message = `failed to load catalog config: ${cause.message}`;
    const error = { code: 'package-unreadable', message, package: name, path: [], cause } as const;
    const advice = adviseFilter({ packages: [], errors: [error], findings: [], isWhole: false });
    const starts = expect.stringMatching(new RegExp(`^${detail}`));
    expect(advice).toEqual([expect.objectContaining({ summary, detail: starts })]);
  });

  it('names a default channel when the catalog’s is filtered out', async () => {
    const wish = { name: 'op', channels: [{ name: 'stable-1' }] };
    const [one] = await advised([op], wish, 'operator-default-channel-dropped');
    expect(one).toMatchObject({
      severity: 'error',
      fix: 'defaultChannel: stable-1',
      path: ['packages', 0],
    });
    expect(one?.detail).toContain('"stable-2"');
    expect(one?.summary).not.toContain('stable');
  });

  it('mends itself: the fix is accepted', async () => {
    const wish = { name: 'op', channels: [{ name: 'stable-1' }] };
    const [one] = await advised([op], wish, 'operator-default-channel-dropped');
    const mended = { ...wish, ...(parse(one?.fix ?? '') as object) };
    expect((await filter([op], { packages: [mended] })).errors).toEqual([]);
  });

  it('pins a version where a channel has several heads', async () => {
    const broken = {
      ...op,
      defaultChannel: 'x',
      channels: [{ name: 'x', entries: [{ name: 'op.v1.0.0' }, { name: 'op.v1.2.0' }] }],
    };
    const [one] = await advised([broken], { name: 'op' }, 'operator-channel-graph');
    expect(one).toMatchObject({
      summary: 'A channel has several heads.',
      fix: 'minVersion: 1.2.0\nmaxVersion: 1.2.0',
    });
    const mended = { name: 'op', ...(parse(one?.fix ?? '') as object) };
    expect((await filter([broken], { packages: [mended] })).errors).toEqual([]);
  });

  it('says that a graph is broken where that is so', async () => {
    const cyclic = {
      ...op,
      defaultChannel: 'x',
      channels: [{ name: 'x', entries: [{ name: 'op.v1.0.0', replaces: 'op.v1.0.0' }] }],
    };
    const [one] = await advised([cyclic], { name: 'op' }, 'operator-channel-graph');
    expect(one?.summary).toBe('The upgrade graph of a channel is broken.');
    expect(one?.fix).toBeUndefined();
  });

  it.each([
    [{ minVersion: '3.0.0' }, 'operator-empty-range', 'minVersion: 2.0.0', 'minVersion'],
    [{ maxVersion: '0.1.0' }, 'operator-empty-range', 'maxVersion: 1.0.0', 'maxVersion'],
    [
      { minVersion: '1.0.5', maxVersion: '1.0.9' },
      'operator-empty-range',
      'maxVersion: 1.1.0',
      'minVersion',
    ],
    [
      { minVersion: '1.1.5', maxVersion: '1.1.5' },
      'operator-version-not-found',
      'minVersion: 1.2.0\nmaxVersion: 1.2.0',
      'minVersion',
    ],
  ])('gives the nearest version for %j', async (bounds, code, fix, key) => {
    const wish = { name: 'op', channels: [{ name: 'stable-2', ...bounds }] };
    const [one] = await advised([op], wish, code);
    expect(one).toMatchObject({
      severity: 'error',
      fix,
      path: ['packages', 0, 'channels', 0, key],
    });
    const channel = { name: 'stable-2', ...bounds, ...(parse(fix) as object) };
    const mended = await filter([op], { packages: [{ name: 'op', channels: [channel] }] });
    expect(mended.errors).toEqual([]);
  });

  it('points at full where a range contradicts it, once for all channels', async () => {
    const filtered = await filter([op], {
      full: true,
      packages: [{ name: 'op', minVersion: '1' }],
    });
    const found = of(adviseFilter(filtered), 'operator-full-with-range');
    expect(found).toMatchObject([{ fix: 'full: false', path: ['full'] }]);
  });

  it('names bundle and package of a bad version and of a bad image', async () => {
    const bad = { ...op, bundles: [{ name: 'op.v2.0.0', version: '2' }] };
    const [version] = await advised([bad], { name: 'op' }, 'operator-bundle-version');
    expect(version?.detail).toMatch(/"op\.v2\.0\.0".*"op"/);
    const bundles = [{ name: 'op.v2.0.0', version: '2.0.0', images: ['nowhere'] }];
    const [image] = await advised([{ ...op, bundles }], { name: 'op' }, 'operator-image-invalid');
    expect(image?.detail).toMatch(/"op\.v2\.0\.0".*"op".*tag and digest are empty/);
    // The bundle is there, so it is not said as well that nothing is.
    expect(await advised([{ ...op, bundles }], { name: 'op' }, 'operator-nothing-kept')).toEqual(
      [],
    );
  });
});

describe('advice about what oc-mirror passes over', () => {
  it('suggests a name, with which the entry works', async () => {
    const found = await advised([op], { name: 'O-p' }, 'operator-unknown-package');
    expect(found).toMatchObject([
      { severity: 'error', fix: 'name: op', text: 'O-p', path: ['packages', 0, 'name'] },
    ]);
  });

  it('tells that nothing at all is kept, unless an unknown name says so already', async () => {
    const empty = { ...op, channels: [], defaultChannel: '' };
    expect(
      await advised([{ ...empty, bundles: [] }], { name: 'op' }, 'operator-nothing-kept'),
    ).toMatchObject([{ severity: 'error', path: [] }]);
    const unknown = adviseFilter(await filter([op], { packages: [{ name: 'x' }] }));
    expect(unknown.map(({ code }) => code)).toEqual(['operator-unknown-package']);
  });

  it('lists the channels that a package has instead of an unknown one', async () => {
    const channels = [{ name: 'stable-9' }, { name: 'stable-2' }];
    const [one] = await advised([op], { name: 'op', channels }, 'operator-unknown-channel');
    expect(one?.detail).toContain('It has stable-1, stable-2.');
    expect(one?.detail).not.toContain('Did you mean');
    expect(one?.fix).toBeUndefined();
  });

  it('tells only of the channels where a package has none of those that are listed', async () => {
    const wish = { name: 'op', channels: [{ name: 'stabel-2' }], defaultChannel: 'stabel-2' };
    const found = adviseFilter(await filter([op], { packages: [wish] }));
    expect(found).toMatchObject([{ code: 'operator-unknown-channel', fix: 'name: stable-2' }]);
    expect(found[0]?.detail).toContain('oc-mirror fails on it, with a message about the default');
  });

  it('tells of an emptied channel only if the author names it', async () => {
    const wish = { name: 'op', minVersion: '2.0.0' };
    expect(adviseFilter(await filter([op], { packages: [wish] }))).toEqual([]);
    const channels = [{ name: 'stable-1' }, { name: 'stable-2' }];
    expect(await advised([op], { ...wish, channels }, 'operator-emptied-channel')).toHaveLength(1);
  });

  it('tells of an emptied default channel what it becomes', async () => {
    const wish = {
      name: 'op',
      defaultChannel: 'stable-1',
      channels: [{ name: 'stable-1', minVersion: '2.0.0' }, { name: 'stable-2' }],
    };
    expect(adviseFilter(await filter([op], { packages: [wish] }))).toMatchObject([
      {
        severity: 'warning',
        code: 'operator-default-channel-emptied',
        fix: 'defaultChannel: stable-2',
      },
    ]);
  });
});

describe('advice about what is kept', () => {
  const deprecated = (schema: string, name?: string): ShortPackage => ({
    ...op,
    others: [
      {
        schema: 'olm.deprecations',
        package: 'op',
        entries: [{ reference: { schema, ...(name && { name }) }, message: 'take another' }],
      },
    ],
  });

  it('tells of deprecations with their reason, and of the next bundle that is not', async () => {
    const wish = { name: 'op', minVersion: '1.1.0' };
    const found = await advised(
      [deprecated('olm.bundle', 'op.v1.1.0')],
      wish,
      'operator-deprecated',
    );
    expect(found).toMatchObject([{ severity: 'warning', fix: 'minVersion: 1.2.0' }]);
    expect(found[0]?.detail).toMatch(/op\.v1\.1\.0.*take another/);
    expect(await advised([deprecated('olm.package')], wish, 'operator-deprecated')).toHaveLength(1);
    const channel = deprecated('olm.channel', 'stable-1');
    expect(await advised([channel], wish, 'operator-deprecated')).toHaveLength(1);
    const gone = deprecated('olm.bundle', 'op.v1.0.0');
    expect(await advised([gone], wish, 'operator-deprecated')).toEqual([]);
  });

  it('tells once what one message deprecates, and gives no fix that would empty a channel', async () => {
    const entries = [
      { reference: { schema: 'olm.package' }, message: 'End of life.' },
      { reference: { schema: 'olm.channel', name: 'stable-1' }, message: 'End of life.' },
      { reference: { schema: 'olm.bundle', name: 'op.v1.2.0' }, message: 'End of life.' },
    ];
    const others = [{ schema: 'olm.deprecations', package: 'op', entries }];
    const [one, ...more] = await advised(
      [{ ...op, others }],
      { name: 'op' },
      'operator-deprecated',
    );
    expect(more).toEqual([]);
    expect(one?.detail).toBe(
      'Of package "op" the catalog deprecates the package itself and channel "stable-1" and bundle "op.v1.2.0": End of life.',
    );
    expect(one?.fix).toBeUndefined();
  });

  it('tells once of all deprecated packages where the entry names none', async () => {
    const others = (name: string) => [
      {
        schema: 'olm.deprecations',
        package: name,
        entries: [{ reference: { schema: 'olm.package' }, message: `No more ${name}.` }],
      },
    ];
    const all = ['a', 'b', 'c'].map((name) => ({
      ...op,
      name,
      others: name === 'c' ? [] : others(name),
    }));
    const found = of(adviseFilter(await filter(all, {})), 'operator-deprecated');
    expect(found).toHaveLength(1);
    expect(found[0]?.detail).toMatch(/packages "a", "b"\. Of package "a" .*: No more a\./);
    const packages = all.map(({ name }) => ({ name }));
    expect(of(adviseFilter(await filter(all, { packages })), 'operator-deprecated')).toHaveLength(
      2,
    );
  });

  it('tells once of a newer channel that several packages have', async () => {
    const family = ['odf', 'ocs', 'mcg'].map((name) => ({ ...op, name }));
    const channels = [{ name: 'stable-1' }];
    const wishes = family.map(({ name }) => ({ name, channels, defaultChannel: 'stable-1' }));
    const found = of(
      adviseFilter(await filter(family, { packages: wishes })),
      'operator-newer-channel',
    );
    expect(found).toHaveLength(1);
    expect(found[0]?.detail).toContain('Packages "odf", "ocs", "mcg" offer channel "stable-2"');
  });

  it('starts the channels at a bundle that is not deprecated where the ranges are theirs', async () => {
    const channels = ['stable-1', 'stable-2'].map((name) => ({ name, minVersion: '1.1.0' }));
    const old = deprecated('olm.bundle', 'op.v1.1.0');
    const [one] = await advised([old], { name: 'op', channels }, 'operator-deprecated');
    expect(one).toMatchObject({
      fix: '- name: stable-1\n  minVersion: 1.2.0\n- name: stable-2\n  minVersion: 1.2.0',
      path: ['packages', 0, 'channels'],
    });
    const mended = { name: 'op', channels: parse(one?.fix ?? '') as typeof channels };
    expect(await advised([old], mended, 'operator-deprecated')).toEqual([]);
  });

  it('tells of a newer channel of the same family, and of a default channel that is ahead', async () => {
    const wish = { name: 'op', channels: [{ name: 'stable-1' }], defaultChannel: 'stable-1' };
    expect(await advised([op], wish, 'operator-newer-channel')).toMatchObject([
      { severity: 'notice', fix: '- name: stable-2', path: ['packages', 0, 'channels'] },
    ]);
    expect(await advised([op], { name: 'op' }, 'operator-newer-channel')).toEqual([]);
    const renamed = {
      ...op,
      defaultChannel: 'next',
      channels: [...op.channels.slice(0, 1), { name: 'next', entries: chainOf('op', versions) }],
    };
    expect(await advised([renamed], wish, 'operator-newer-channel')).toMatchObject([
      { fix: '- name: next' },
    ]);
  });

  it('does not call a channel newer where a kept channel of another name has its head', async () => {
    const rolling = {
      ...op,
      channels: [...op.channels, { name: 'latest', entries: chainOf('op', versions) }],
      defaultChannel: 'latest',
    };
    const wish = { name: 'op', channels: [{ name: 'stable-1' }, { name: 'latest' }] };
    expect(await advised([rolling], wish, 'operator-newer-channel')).toEqual([]);
  });

  it('offers in place of a version one that the channel has', async () => {
    const version = { minVersion: '1.1.5', maxVersion: '1.1.5' };
    const short = { name: 'stable-1', entries: chainOf('op', ['1.0.0', '1.1.0']) };
    const wish = { name: 'op', channels: [{ name: 'stable-1', ...version }] };
    const one = { ...op, channels: [short, ...op.channels.slice(1)], defaultChannel: 'stable-1' };
    const [found] = await advised([one], wish, 'operator-version-not-found');
    expect(found?.fix).toBe('minVersion: 1.1.0\nmaxVersion: 1.1.0');
    expect(found?.detail).toContain('channel "stable-1" has 1.1.0, 1.0.0.');
  });

  it.each([
    ['web-op.v1.2.3', 'web-op'],
    ['web-op-bundle', 'web-op'],
    ['webop.v1.14', undefined],
  ])('takes %s for a bundle of its package', async (name, meant) => {
    const found = await advised([{ ...op, name: 'web-op' }], { name }, 'operator-unknown-package');
    expect(found).toMatchObject([{ ...(meant && { fix: `name: ${meant}` }) }]);
  });

  describe('of versions that are mirrored without a path', () => {
    const gap = {
      ...op,
      channels: [
        { name: 'stable-1', entries: chainOf('op', ['1.0.0']) },
        { name: 'stable-2', entries: chainOf('op', versions) },
      ],
    };
    const code = 'operator-update-gap';

    it('is silent about what lies between the heads of channels', async () => {
      expect(await advised([gap], { name: 'op' }, code)).toEqual([]);
      expect(await advised([op], { name: 'op', minVersion: '1.1.0' }, code)).toEqual([]);
      const one = { name: 'op', channels: [{ name: 'stable-2' }] };
      expect(await advised([gap], one, code)).toEqual([]);
    });

    it('names a version of another listed channel, and a range that leads on from it', async () => {
      const channels = [{ name: 'stable-1' }, { name: 'stable-2' }];
      const [one, ...more] = await advised([gap], { name: 'op', channels }, code);
      expect(more).toEqual([]);
      expect(one).toMatchObject({
        severity: 'notice',
        fix: '- name: stable-2\n  minVersion: 1.0.0',
        path: ['packages', 0, 'channels'],
      });
      expect(one?.detail).toContain('from 1.0.0, which another channel keeps');
      const [, mended] = [channels[1], ...(parse(one?.fix ?? '') as typeof channels)];
      const wish = { name: 'op', channels: [{ name: 'stable-1' }, mended ?? { name: '' }] };
      expect(await advised([gap], wish, code)).toEqual([]);
      expect((await filter([gap], { packages: [wish] })).packages[0]?.channels).toHaveLength(2);
    });

    it('is silent where a skip range leads on', async () => {
      const ranged = {
        ...gap,
        channels: gap.channels.map(({ name, entries }) => ({
          name,
          entries: entries.map((entry) => ({ ...entry, skipRange: '<2.0.0' })),
        })),
      };
      const channels = [{ name: 'stable-1' }, { name: 'stable-2' }];
      expect(await advised([ranged], { name: 'op', channels }, code)).toEqual([]);
    });
  });

  it('says nothing of a catalog that is taken whole', async () => {
    const whole = await filter([deprecated('olm.package')], { full: true });
    expect(adviseFilter(whole)).toEqual([]);
  });
});

describe('advice about a change', () => {
  const indexes = { before: 'r.test/i:v1', after: 'r.test/i:v2' };
  const before = {
    packages: [{ name: 'op', channels: [{ name: 'stable-2', minVersion: '1.1.0' }] }],
  };
  const heads = { packages: [{ name: 'op', channels: [{ name: 'stable-2' }] }] };

  it('tells which installed versions would lose their path, and a range that keeps it', async () => {
    const [was, now] = [await filter([op], before), await filter([op], heads)];
    const found = adviseChange(was, now, indexes);
    expect(found).toMatchObject([
      {
        severity: 'warning',
        code: 'operator-no-update-path',
        fix: '- name: stable-2\n  minVersion: 1.1.0',
        path: ['packages', 0, 'channels'],
      },
    ]);
    expect(found[0]?.detail).toContain('1.1.0');
    const channels = parse(found[0]?.fix ?? '') as PackageWish['channels'] & object;
    const mended = await filter([op], { packages: [{ name: 'op', channels }] });
    expect(adviseChange(was, mended, indexes)).toEqual([]);
  });

  it('keeps every head: it lists the channels where a range of the package would empty one', async () => {
    const old = {
      ...op,
      channels: [
        { name: 'stable-1', entries: chainOf('op', ['1.0.0']) },
        { name: 'stable-2', entries: chainOf('op', versions) },
      ],
    };
    const ranged = [{ name: 'stable-1' }, { name: 'stable-2', minVersion: '1.1.0' }];
    const was = await filter([old], { packages: [{ name: 'op', channels: ranged }] });
    const found = adviseChange(was, await filter([old], { packages: [{ name: 'op' }] }), indexes);
    expect(found).toMatchObject([{ code: 'operator-no-update-path', path: ['packages', 0] }]);
    expect(parse(found[0]?.fix ?? '')).toEqual({ channels: ranged });
  });

  it('is silent where a skip or a skip range leads on', async () => {
    const ranged = {
      ...op,
      channels: op.channels.map(({ name, entries }) => ({
        name,
        entries: entries.map((entry) => ({ ...entry, skipRange: '<2.0.0' })),
      })),
    };
    const [was, now] = [await filter([ranged], before), await filter([ranged], heads)];
    expect(adviseChange(was, now, indexes)).toEqual([]);
  });

  it('puts the lower bound where a range may stand', async () => {
    const was = await filter([op], { packages: [{ name: 'op', minVersion: '1.1.0' }] });
    const places = async (wish: PackageWish) => {
      const found = adviseChange(was, await filter([op], { packages: [wish] }), indexes);
      return found.map(({ fix, path }) => [fix, path]);
    };
    const channels = [{ name: 'stable-2' }];
    expect(await places({ name: 'op', channels, minVersion: '2.0.0' })).toEqual([
      ['minVersion: 1.1.0', ['packages', 0]],
    ]);
    expect(await places({ name: 'op', channels })).toEqual([
      ['- name: stable-2\n  minVersion: 1.1.0', ['packages', 0, 'channels']],
    ]);
    const nowhere = adviseChange(was, await filter([op], {}), indexes);
    expect(nowhere.map(({ fix, path }) => [fix, path])).toContainEqual([undefined, []]);
  });

  it('tells of a channel that is gone, with the one that follows it', async () => {
    const later = {
      ...op,
      defaultChannel: 'stable-3',
      channels: [{ name: 'stable-3', entries: chainOf('op', versions) }],
    };
    const wish = {
      packages: [{ name: 'op', channels: [{ name: 'stable-2' }, { name: 'stable-3' }] }],
    };
    const found = adviseChange(await filter([op], wish), await filter([later], wish), indexes);
    expect(found).toMatchObject([
      {
        severity: 'warning',
        code: 'operator-channel-gone',
        path: ['packages', 0, 'channels'],
      },
    ]);
    expect(found[0]?.fix).toBeUndefined();
    expect(found[0]?.detail).toBe(
      'Channel "stable-2" of package "op" was mirrored from r.test/i:v1; r.test/i:v2 does not have it. Subscriptions to it get no updates until they change to another channel. The package has stable-3.',
    );
    const beside = { name: 'next', entries: chainOf('op', ['1.0.0']) };
    const [was, now] = [op, later].map((one) => ({
      ...one,
      defaultChannel: 'next',
      channels: [...one.channels, beside],
    }));
    const old = { packages: [{ name: 'op', channels: [{ name: 'stable-2' }, { name: 'next' }] }] };
    const alone = adviseChange(
      await filter(was ? [was] : [], old),
      await filter(now ? [now] : [], old),
      indexes,
    );
    expect(alone).toMatchObject([{ fix: '- name: stable-3', path: ['packages', 0, 'channels'] }]);
    const unnamed = adviseChange(await filter([op], {}), await filter([later], {}), indexes);
    expect(unnamed.map(({ fix, path }) => [fix, path])).toEqual([
      [undefined, []],
      [undefined, []],
    ]);
  });

  it('does not call a package gone that the entry leaves out or that is told as unknown', async () => {
    const both = [op, { ...op, name: 'other' }];
    const was = await filter(both, {});
    expect(adviseChange(was, await filter(both, { packages: [{ name: 'op' }] }), indexes)).toEqual(
      [],
    );
    const unknown = await filter(both, { packages: [{ name: 'none' }] });
    expect(adviseChange(was, unknown, indexes)).toEqual([]);
  });

  it('calls a package gone that was named, once the entry takes what the catalog has', async () => {
    const named = await filter([op, { ...op, name: 'other' }], { packages: [{ name: 'other' }] });
    expect(adviseChange(named, await filter([op], {}), indexes)).toMatchObject([
      { code: 'operator-package-gone' },
    ]);
  });

  it('tells of a package that is gone when none was named', async () => {
    const other = { ...op, name: 'other' };
    const gone = adviseChange(await filter([op, other], {}), await filter([other], {}), indexes);
    expect(gone).toMatchObject([{ code: 'operator-package-gone', path: [] }]);
    expect(gone[0]?.detail).toContain('from r.test/i:v1; r.test/i:v2 does not have it.');
    const dropped = adviseChange(
      await filter([op, other], { packages: [{ name: 'op' }, { name: 'other' }] }),
      await filter([op, other], { packages: [{ name: 'other' }] }),
      indexes,
    );
    expect(dropped).toEqual([]);
  });
});

describe('advice about dependencies', () => {
  const requiring = (type: string, value: unknown): ShortPackage => ({
    ...op,
    bundles: op.bundles.map((bundle) => ({ ...bundle, properties: [{ type, value }] })),
  });
  const logs: ShortPackage = {
    name: 'logs',
    defaultChannel: 'stable-1',
    channels: [
      { name: 'stable-1', entries: chainOf('logs', ['1.0.0']) },
      { name: 'stable-2', entries: chainOf('logs', ['2.0.0']) },
    ],
    bundles: bundlesOf('logs', ['1.0.0', '2.0.0']).map((bundle) => ({
      ...bundle,
      properties: [{ type: 'olm.gvk', value: { group: 'l.io', version: 'v1', kind: 'Log' } }],
    })),
  };

  async function dependencies(
    packages: readonly ShortPackage[],
    names: readonly string[],
  ): Promise<readonly Advice[]> {
    const filtered = await filter(packages, { packages: names.map((name) => ({ name })) });
    const offers = await collectOffers(readerOf(packages));
    return adviseDependencies(filtered, { mirrored: [filtered], offers });
  }

  it('names the entry to add for a package that is required', async () => {
    const needs = requiring('olm.package.required', {
      packageName: 'logs',
      versionRange: '>=1.0.0 <2.0.0',
    });
    const [one, ...more] = await dependencies([needs, logs], ['op']);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      severity: 'warning',
      code: 'operator-dependency-missing',
      fix: '- name: logs\n  channels:\n    - name: stable-1',
      path: ['packages'],
    });
    expect(await dependencies([needs, logs], ['op', 'logs'])).toEqual([]);
  });

  it('takes a channel whose head is in the range, and makes it the default where it has to', async () => {
    const needs = requiring('olm.package.required', {
      packageName: 'logs',
      versionRange: '>=2.0.0',
    });
    const [one] = await dependencies([needs, logs], ['op']);
    expect(one?.fix).toBe(
      '- name: logs\n  channels:\n    - name: stable-2\n  defaultChannel: stable-2',
    );
    const wish = parse(one?.fix ?? '') as readonly PackageWish[];
    const mended = await filter([needs, logs], { packages: [{ name: 'op' }, ...wish] });
    expect(adviseDependencies(mended, { mirrored: [mended] })).toEqual([]);
  });

  const chain: ShortPackage = {
    ...logs,
    channels: [{ name: 'stable-1', entries: chainOf('logs', ['1.0.0', '1.1.0', '2.0.0']) }],
    bundles: bundlesOf('logs', ['1.0.0', '1.1.0', '2.0.0']),
  };

  it('starts the entry at a version in the range where no channel ends in it', async () => {
    const value = { packageName: 'logs', versionRange: '>=1.0.0 <2.0.0' };
    const [one] = await dependencies([requiring('olm.package.required', value), chain], ['op']);
    expect(one).toMatchObject({ fix: '- name: logs\n  minVersion: 1.1.0', path: ['packages'] });
  });

  it.each([
    ['', 'minVersion: 1.1.0', ['packages', 1]],
    ['minVersion: 1.0.0, maxVersion: 1.0.0', 'maxVersion: 1.1.0', ['packages', 1]],
    [
      'channels: [{name: stable-1}]',
      '- name: stable-1\n  minVersion: 1.1.0',
      ['packages', 1, 'channels'],
    ],
  ])('widens a range of "%s" that leaves the required version out', async (range, fix, path) => {
    const value = { packageName: 'logs', versionRange: '>=1.1.0 <2.0.0' };
    const packages = [requiring('olm.package.required', value), chain];
    const wish = parse(`{name: logs, ${range}}`) as PackageWish;
    const filtered = await filter(packages, { packages: [{ name: 'op' }, wish] });
    const offers = await collectOffers(readerOf(packages));
    const advice = adviseDependencies(filtered, { mirrored: [filtered], offers });
    expect(advice).toEqual([expect.objectContaining({ fix, path })]);
    const more = parse(fix) as PackageWish | NonNullable<PackageWish['channels']>;
    const wider = Array.isArray(more) ? { ...wish, channels: more } : { ...wish, ...more };
    const mended = await filter(packages, { packages: [{ name: 'op' }, wider as PackageWish] });
    expect(adviseDependencies(mended, { mirrored: [mended] })).toEqual([]);
  });

  it('takes a prerelease in the range as OLM does', async () => {
    const value = { packageName: 'logs', versionRange: '>=1.0.0' };
    const early = {
      ...logs,
      channels: [{ name: 'stable-1', entries: chainOf('logs', ['1.1.0-rc.1']) }],
      bundles: bundlesOf('logs', ['1.1.0-rc.1']),
    };
    const needs = requiring('olm.package.required', value);
    expect(await dependencies([needs, early], ['op', 'logs'])).toEqual([]);
  });

  it('says once that a package is missing that is required for itself and for what it brings', async () => {
    const both = {
      ...op,
      bundles: op.bundles.map((bundle) => ({
        ...bundle,
        properties: [
          { type: 'olm.package.required', value: { packageName: 'logs', versionRange: '' } },
          { type: 'olm.gvk.required', value: { group: 'l.io', version: 'v1', kind: 'Log' } },
        ],
      })),
    };
    expect(await dependencies([both, logs], ['op'])).toHaveLength(1);
  });

  it('knows which package brings a kind of resource', async () => {
    const needs = requiring('olm.gvk.required', { group: 'l.io', version: 'v1', kind: 'Log' });
    const [one] = await dependencies([needs, logs], ['op']);
    expect(one?.fix).toBe('- name: logs\n  channels:\n    - name: stable-1');
    expect(one?.detail).toContain('l.io/v1/Log');
    expect(await dependencies([needs, logs], ['op', 'logs'])).toEqual([]);
  });

  it('tells once of a family of packages, with every entry to add', async () => {
    const required = (...names: readonly string[]) =>
      names.map((packageName) => ({
        type: 'olm.package.required',
        value: { packageName, versionRange: '>=1.0.0' },
      }));
    const member = (name: string, ...names: readonly string[]): ShortPackage => ({
      name,
      defaultChannel: 'stable',
      channels: [{ name: 'stable', entries: chainOf(name, ['1.0.0']) }],
      bundles: bundlesOf(name, ['1.0.0']).map((b) => ({ ...b, properties: required(...names) })),
    });
    const packages = [member('ocs', 'noobaa', 'rook'), member('odf', 'ocs', 'rook', 'client')];
    const others = [member('alone', 'logs'), member('rook'), member('noobaa'), logs];
    const found = await dependencies([...packages, ...others], ['ocs', 'odf', 'alone']);
    expect(found.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^Package "alone" requires package "logs" /),
      'Packages "ocs", "odf" require package "noobaa" (>=1.0.0), package "rook" (>=1.0.0), package "client" (>=1.0.0). Without them the operator cannot be installed where clusters have no other source of them. This catalog does not have package "client"; another may have it. oc-mirror never follows dependencies.',
    ]);
    const wish = parse(found[1]?.fix ?? '') as readonly PackageWish[];
    expect(wish.map(({ name }) => name)).toEqual(['noobaa', 'rook']);
  });

  it('is met by another catalog of the image set', async () => {
    const needs = requiring('olm.package.required', { packageName: 'logs', versionRange: '' });
    const filtered = await filter([needs], { packages: [{ name: 'op' }] });
    const elsewhere = await filter([logs], {});
    expect(adviseDependencies(filtered, { mirrored: [filtered, elsewhere] })).toEqual([]);
    const [alone] = adviseDependencies(filtered, {
      mirrored: [filtered],
      offers: await collectOffers(readerOf([needs])),
    });
    expect(alone?.fix).toBeUndefined();
    expect(alone?.detail).toContain(
      'This catalog does not have package "logs"; another may have it.',
    );
  });
});
