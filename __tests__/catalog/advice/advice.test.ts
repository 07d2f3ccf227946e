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
    const found = await advised([op], { name: 'opp' }, 'operator-unknown-package');
    expect(found).toMatchObject([
      { severity: 'error', fix: 'name: op', text: 'opp', path: ['packages', 0, 'name'] },
    ]);
  });

  it('tells that nothing at all is kept', async () => {
    expect(await advised([op], { name: 'x' }, 'operator-nothing-kept')).toMatchObject([
      { severity: 'error', path: [] },
    ]);
  });

  it('tells of an emptied default channel what it becomes', async () => {
    const wish = {
      name: 'op',
      defaultChannel: 'stable-1',
      channels: [{ name: 'stable-1', minVersion: '2.0.0' }, { name: 'stable-2' }],
    };
    expect(await advised([op], wish, 'operator-default-channel-emptied')).toMatchObject([
      { severity: 'warning', fix: 'defaultChannel: stable-2' },
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

  it('tells of versions between the kept ones from which no path leads on', async () => {
    const found = await advised([op], { name: 'op' }, 'operator-update-gap');
    expect(found).toEqual([]);
    const gap = {
      ...op,
      channels: [
        { name: 'stable-1', entries: chainOf('op', ['1.0.0']) },
        { name: 'stable-2', entries: chainOf('op', versions) },
      ],
    };
    const [one] = await advised([gap], { name: 'op' }, 'operator-update-gap');
    expect(one).toMatchObject({
      severity: 'notice',
      fix: 'minVersion: 1.1.0',
      path: ['packages', 0],
    });
    expect(one?.detail).toContain('1.1.0');
    expect(one?.detail).not.toContain('1.2.0,');
  });

  it('says nothing of a catalog that is taken whole', async () => {
    const whole = await filter([deprecated('olm.package')], { full: true });
    expect(adviseFilter(whole)).toEqual([]);
  });
});

describe('advice about a change', () => {
  const before = {
    packages: [{ name: 'op', channels: [{ name: 'stable-2', minVersion: '1.1.0' }] }],
  };
  const heads = { packages: [{ name: 'op', channels: [{ name: 'stable-2' }] }] };

  it('tells which installed versions would lose their path, and a range that keeps it', async () => {
    const [was, now] = [await filter([op], before), await filter([op], heads)];
    const found = adviseChange(was, now);
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
    expect(adviseChange(was, mended)).toEqual([]);
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
    expect(adviseChange(was, now)).toEqual([]);
  });

  it('puts the lower bound where a range may stand', async () => {
    const was = await filter([op], { packages: [{ name: 'op', minVersion: '1.1.0' }] });
    const places = async (wish: PackageWish) => {
      const found = adviseChange(was, await filter([op], { packages: [wish] }));
      return found.map(({ fix, path }) => [fix, path]);
    };
    const channels = [{ name: 'stable-2' }];
    expect(await places({ name: 'op', channels, minVersion: '2.0.0' })).toEqual([
      ['minVersion: 1.1.0', ['packages', 0]],
    ]);
    expect(await places({ name: 'op', channels })).toEqual([
      ['- name: stable-2\n  minVersion: 1.1.0', ['packages', 0, 'channels']],
    ]);
    const nowhere = adviseChange(was, await filter([op], {}));
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
    const found = adviseChange(await filter([op], wish), await filter([later], wish));
    expect(found).toMatchObject([
      {
        severity: 'warning',
        code: 'operator-channel-gone',
        fix: '- name: stable-3',
        path: ['packages', 0, 'channels'],
      },
    ]);
    const unnamed = adviseChange(await filter([op], {}), await filter([later], {}));
    expect(unnamed.map(({ fix, path }) => [fix, path])).toEqual([
      [undefined, []],
      [undefined, []],
    ]);
  });

  it('tells of a package that is gone when none was named', async () => {
    const other = { ...op, name: 'other' };
    const gone = adviseChange(await filter([op, other], {}), await filter([other], {}));
    expect(gone).toMatchObject([{ code: 'operator-package-gone', path: [] }]);
    const dropped = adviseChange(
      await filter([op, other], { packages: [{ name: 'op' }, { name: 'other' }] }),
      await filter([op, other], { packages: [{ name: 'other' }] }),
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
    expect(alone?.detail).toContain('This catalog does not have it');
  });
});
