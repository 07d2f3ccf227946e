import { describe, expect, it } from 'vitest';
import {
  type CatalogWish,
  type FilteredCatalog,
  filterCatalog,
  hasRelatedImages,
  imageFailures,
  type PackageWish,
} from '../../../src/catalog/filter/index.ts';
import { ContentError } from '../../../src/errors.ts';
import { parseImageSpec } from '../../../src/imageset/index.ts';
import {
  bundlesOf,
  chainOf,
  imageOf,
  readerOf,
  type ShortBundle,
  type ShortPackage,
  type Step,
} from './catalogs.ts';

const catalog = 'registry.test/index:v1';

async function filter(
  packages: readonly ShortPackage[],
  wish: Omit<CatalogWish, 'catalog'>,
): Promise<FilteredCatalog> {
  return await filterCatalog(readerOf(packages), { catalog, ...wish }, parseImageSpec);
}

/** Names of the kept bundles, or the messages of the errors. */
async function kept(
  packages: readonly ShortPackage[],
  wish: Omit<CatalogWish, 'catalog'>,
): Promise<readonly string[]> {
  const { packages: filtered, errors } = await filter(packages, wish);
  if (errors.length > 0) return errors.map(({ message }) => message);
  return filtered.flatMap(({ bundles }) => bundles.map(({ name }) => name));
}

/** The test catalog of oc-mirror: foo with two channels, bar with two, baz with one. */
const foo: ShortPackage = {
  name: 'foo',
  defaultChannel: 'beta',
  channels: [
    {
      name: 'beta',
      entries: [
        { name: 'foo.v0.1.0' },
        { name: 'foo.v0.2.0', replaces: 'foo.v0.1.0', skips: ['foo.v0.1.1', 'foo.v0.1.2'] },
        { name: 'foo.v0.3.0', replaces: 'foo.v0.2.0' },
        { name: 'foo.v0.3.1', replaces: 'foo.v0.2.0', skips: ['foo.v0.3.0'] },
      ],
    },
  ],
  bundles: bundlesOf('foo', ['0.1.0', '0.2.0', '0.3.0', '0.3.1']),
};
const bar: ShortPackage = {
  name: 'bar',
  defaultChannel: 'stable',
  channels: [
    { name: 'alpha', entries: chainOf('bar', ['0.1.0', '0.2.0', '1.0.0']) },
    { name: 'stable', entries: chainOf('bar', ['0.1.0', '0.2.0', '1.0.0']) },
  ],
  bundles: bundlesOf('bar', ['0.1.0', '0.2.0', '1.0.0']),
};

function wishing(wish: PackageWish): { readonly packages: readonly PackageWish[] } {
  return { packages: [wish] };
}

/** A package of one channel. */
function simple(entries: readonly Step[], bundles: readonly ShortBundle[]): ShortPackage {
  return { name: 'op', defaultChannel: 'stable', channels: [{ name: 'stable', entries }], bundles };
}

const longChain = ['1.0.0', '1.1.0', '1.2.0-rc.1', '1.2.0', '1.3.0'];
const long = simple(chainOf('op', longChain), bundlesOf('op', longChain));

describe('the worked examples', () => {
  it('keeps a range with what is skipped in it', async () => {
    const wish = wishing({ name: 'foo', minVersion: '0.2.0', maxVersion: '0.3.1' });
    expect(await kept([foo, bar], wish)).toEqual(['foo.v0.2.0', 'foo.v0.3.0', 'foo.v0.3.1']);
  });

  it('keeps exactly one version', async () => {
    const wish = wishing({ name: 'foo', minVersion: '0.3.1', maxVersion: '0.3.1' });
    expect(await kept([foo, bar], wish)).toEqual(['foo.v0.3.1']);
  });

  it('fails over a range that is upside down', async () => {
    const wish = wishing({ name: 'foo', minVersion: '0.3.1', maxVersion: '0.2.0' });
    expect(await kept([foo, bar], wish)).toEqual([
      'failed to filter catalog: package "foo" channel "beta" has version range ">=0.3.1 <=0.2.0" that results in an empty channel',
    ]);
  });

  it('keeps the heads of all channels', async () => {
    expect(await kept([foo, bar], wishing({ name: 'bar' }))).toEqual(['bar.v1.0.0']);
    expect(await kept([foo, bar], {})).toEqual(['bar.v1.0.0', 'foo.v0.3.1']);
  });

  it('filters what it has filtered to the same', async () => {
    const again: ShortPackage = {
      ...foo,
      channels: [{ name: 'beta', entries: foo.channels[0]?.entries.slice(1) ?? [] }],
      bundles: foo.bundles.slice(1),
    };
    const wish = wishing({ name: 'foo', minVersion: '0.2.0', maxVersion: '0.3.1' });
    expect(await kept([again], wish)).toEqual(['foo.v0.2.0', 'foo.v0.3.0', 'foo.v0.3.1']);
  });
});

describe('full', () => {
  it('takes a catalog as it is when no package is named: also what stands in no channel or has no version', async () => {
    const stray = { ...foo, bundles: [...foo.bundles, { name: 'foo.v9.0.0' }] };
    const filtered = await filter([stray], { full: true });
    expect(filtered.isWhole).toBe(true);
    expect(filtered.errors).toEqual([]);
    expect(filtered.packages[0]?.bundles.map(({ name }) => name)).toContain('foo.v9.0.0');
  });

  it('takes all of the named packages and channels', async () => {
    const wish = { full: true, packages: [{ name: 'bar', channels: [{ name: 'stable' }] }] };
    expect(await kept([foo, bar], wish)).toEqual(['bar.v0.1.0', 'bar.v0.2.0', 'bar.v1.0.0']);
  });

  it('looks at no graph', async () => {
    const broken = simple([{ name: 'op.v1.0.0' }, { name: 'op.v1.1.0' }], long.bundles);
    expect(await kept([broken], { full: true, packages: [{ name: 'op' }] })).toEqual([
      'op.v1.0.0',
      'op.v1.1.0',
    ]);
  });

  it('takes all bundles where no channel has an entry', async () => {
    expect(
      await kept([simple([], long.bundles)], { full: true, packages: [{ name: 'op' }] }),
    ).toHaveLength(5);
  });

  it('is not to be mixed with a range', async () => {
    const wish = { full: true, packages: [{ name: 'foo', minVersion: '0.2.0' }] };
    expect(await kept([foo], wish)).toEqual([
      'failed to filter catalog: Full: true cannot be mixed with versionRange',
    ]);
  });
});

describe('a range', () => {
  it('keeps what lies between, in it or not', async () => {
    const entries: readonly Step[] = [
      { name: 'op.v1.0.0' },
      { name: 'op.v5.0.0', replaces: 'op.v1.0.0' },
      { name: 'op.v1.1.0', replaces: 'op.v5.0.0' },
      { name: 'op.v1.2.0', replaces: 'op.v1.1.0' },
    ];
    const op = simple(entries, bundlesOf('op', ['1.0.0', '5.0.0', '1.1.0', '1.2.0']));
    const wish = wishing({ name: 'op', minVersion: '1.0.0', maxVersion: '1.1.0' });
    expect(await kept([op], wish)).toEqual(['op.v1.0.0', 'op.v1.1.0', 'op.v5.0.0']);
  });

  it('admits prereleases only when a bound is one', async () => {
    const upTo = (maxVersion: string) => wishing({ name: 'op', minVersion: '1.2.0-0', maxVersion });
    expect(await kept([long], upTo('1.2.0'))).toEqual(['op.v1.2.0', 'op.v1.2.0-rc.1']);
    const wish = wishing({ name: 'op', minVersion: '1.2.0', maxVersion: '1.2' });
    expect(await kept([long], wish)).toEqual(['op.v1.2.0']);
  });

  it('of a package applies to each of its channels, and of a channel before that of the package', async () => {
    const inEach = wishing({ name: 'bar', minVersion: '0.2.0', channels: [{ name: 'stable' }] });
    expect(await kept([bar], inEach)).toEqual(['bar.v0.2.0', 'bar.v1.0.0']);
    const inOne = wishing({
      name: 'bar',
      channels: [{ name: 'stable' }, { name: 'alpha', maxVersion: '0.2.0' }],
    });
    expect(await kept([bar], inOne)).toEqual(['bar.v0.1.0', 'bar.v0.2.0', 'bar.v1.0.0']);
  });

  it('that leaves nothing of another channel than the default drops the channel and says so', async () => {
    const wish = wishing({
      name: 'bar',
      channels: [{ name: 'stable' }, { name: 'alpha', minVersion: '7.0.0' }],
    });
    const { packages, findings } = await filter([bar], wish);
    expect(packages[0]?.channels.map(({ name }) => name)).toEqual(['stable']);
    expect(findings).toEqual([
      {
        code: 'emptied-channel',
        path: ['packages', 0, 'channels', 1],
        package: 'bar',
        channel: 'alpha',
      },
    ]);
  });

  it('that empties the default channel that is asked for lets another be the default', async () => {
    const wish = wishing({
      name: 'bar',
      defaultChannel: 'alpha',
      channels: [{ name: 'stable' }, { name: 'alpha', minVersion: '7.0.0' }],
    });
    const { packages, findings } = await filter([bar], wish);
    expect(packages[0]?.defaultChannel).toBe('stable');
    expect(findings.map(({ code }) => code)).toEqual([
      'emptied-channel',
      'default-channel-emptied',
    ]);
  });

  it('that empties the default channel that is asked for prefers the catalog’s own to a newer one', async () => {
    const [alpha] = bar.channels;
    const newer = { name: 'newer', entries: chainOf('bar', ['0.2.0', '1.0.0']) };
    const older = { name: 'stable', entries: chainOf('bar', ['0.1.0']) };
    const three = { ...bar, channels: [newer, older, ...(alpha ? [alpha] : [])] };
    const wish = wishing({
      name: 'bar',
      defaultChannel: 'alpha',
      channels: [{ name: 'newer' }, { name: 'stable' }, { name: 'alpha', minVersion: '7.0.0' }],
    });
    expect((await filter([three], wish)).packages[0]?.defaultChannel).toBe('stable');
    const without = { ...three, defaultChannel: 'gone' };
    expect((await filter([without], wish)).packages[0]?.defaultChannel).toBe('newer');
  });

  it('fails over a graph without a place, heads with one', async () => {
    const broken = simple([{ name: 'op.v1.1.0' }, { name: 'op.v1.0.0' }], long.bundles);
    const fault = 'multiple channel heads found: [op.v1.0.0 op.v1.1.0]';
    expect(await kept([broken], wishing({ name: 'op', minVersion: '1.0.0' }))).toEqual([
      `failed to filter catalog: ${fault}`,
    ]);
    expect(await kept([broken], wishing({ name: 'op' }))).toEqual([
      `failed to filter catalog: package "op" channel "stable" unable to filter head of channel: ${fault}`,
    ]);
  });
});

describe('one version', () => {
  const one = (version: string) =>
    wishing({ name: 'op', minVersion: version, maxVersion: version });

  it('is found in any channel or in none, whatever the graph', async () => {
    const broken = simple([{ name: 'op.v1.0.0' }, { name: 'op.v1.1.0' }], long.bundles);
    expect(await kept([broken], one('1.3.0'))).toEqual(['op.v1.3.0']);
  });

  it('may be cut short', async () => {
    expect(await kept([long], one('1'))).toEqual(['op.v1.0.0']);
    expect(await kept([long], one('1.1'))).toEqual(['op.v1.1.0']);
  });

  it('is, of several builds, the highest', async () => {
    const builds = ['0.8.3+0.9.p', '0.8.3+0.1646.p', '0.8.3'];
    const op = simple(chainOf('op', builds), bundlesOf('op', builds));
    const { packages, findings } = await filter([op], one('0.8.3'));
    expect(packages[0]?.bundles.map(({ name }) => name)).toEqual(['op.v0.8.3+0.1646.p']);
    expect(findings).toMatchObject([
      {
        code: 'ambiguous-version',
        bundle: 'op.v0.8.3+0.1646.p',
        path: ['packages', 0, 'minVersion'],
      },
    ]);
  });

  it('has to exist', async () => {
    const { errors } = await filter([long], one('77.77.77'));
    expect(errors).toMatchObject([
      {
        code: 'version-not-found',
        message:
          'failed to filter catalog: error finding specific bundle: specific version 77.77.77 not found in bundles',
        candidates: longChain,
      },
    ]);
  });

  it('that stands in no kept channel is made an entry of the default channel', async () => {
    const op = simple(chainOf('op', ['1.0.0', '1.1.0']), long.bundles);
    const { packages } = await filter([op], one('1.3.0'));
    expect(packages[0]?.channels).toMatchObject([{ name: 'stable', entries: ['op.v1.3.0'] }]);
  });
});

describe('the default channel', () => {
  it('must be kept', async () => {
    expect(await kept([bar], wishing({ name: 'bar', channels: [{ name: 'alpha' }] }))).toEqual([
      'failed to filter catalog: invalid default channel configuration for package "bar": the default channel "stable" was filtered out, a new default channel must be configured for this package',
    ]);
  });

  it('can be another, which must be kept too', async () => {
    const asking = (defaultChannel: string) =>
      wishing({ name: 'bar', channels: [{ name: 'alpha' }], defaultChannel });
    expect(await kept([bar], asking('alpha'))).toEqual(['bar.v1.0.0']);
    expect(await kept([bar], asking('gone'))).toEqual([
      'failed to filter catalog: invalid default channel configuration for package "bar": specified default channel override "gone" does not exist in the filtered output',
    ]);
  });

  it('is not looked at when no package is named', async () => {
    expect(await kept([{ ...bar, defaultChannel: 'gone' }], {})).toEqual(['bar.v1.0.0']);
  });
});

describe('a bundle', () => {
  it('must have a strict version, if its package is asked for', async () => {
    const bad = simple(chainOf('op', ['1.0.0']), [
      { name: 'op.v1.0.0', version: 'v1' },
      { name: 'stray' },
    ]);
    expect(await kept([bad, bar], wishing({ name: 'op' }))).toEqual([
      'failed to filter catalog: invalid semantic version',
      'failed to filter catalog: bundle "stray" in package "op" has no package property',
    ]);
    expect(await kept([bad, bar], wishing({ name: 'bar' }))).toEqual(['bar.v1.0.0']);
  });

  it('is, of several of one name, the first, with the version of the last', async () => {
    const bundles = [
      { name: 'op.v1.0.0', version: '1.0.0', images: ['registry.test/first:1'] },
      { name: 'op.v1.0.0', version: '9.0.0', images: ['registry.test/second:1'] },
    ];
    const op = simple([{ name: 'op.v1.0.0' }], bundles);
    const { packages } = await filter([op], wishing({ name: 'op', minVersion: '8.0.0' }));
    expect(packages[0]?.bundles).toMatchObject([
      { version: '9.0.0', images: [{ image: 'registry.test/first:1' }] },
    ]);
  });

  it('on the chain without an entry is mirrored, but not in the rebuilt catalog', async () => {
    const op = simple(chainOf('op', longChain).slice(1), long.bundles);
    const { packages, findings } = await filter([op], wishing({ name: 'op', minVersion: '1.0.0' }));
    expect(
      packages[0]?.bundles.map(({ name, channels }) => [name, channels.length]),
    ).toContainEqual(['op.v1.0.0', 0]);
    expect(findings).toMatchObject([{ code: 'bundle-outside-channels', bundle: 'op.v1.0.0' }]);
  });

  it('that a kept channel lists and the catalog lacks is told', async () => {
    const { findings } = await filter([simple(long.channels[0]?.entries ?? [], [])], {});
    expect(findings).toMatchObject([{ code: 'bundle-missing', bundle: 'op.v1.3.0' }]);
  });
});

describe('the images of a bundle', () => {
  const withImages = (...images: readonly string[]) =>
    simple([{ name: 'op.v1.0.0' }], [{ name: 'op.v1.0.0', version: '1.0.0', images }]);

  it('are those that it names, its own only among them', async () => {
    const own = imageOf('op.v1.0.0', 'op');
    const { packages } = await filter([withImages(own, 'registry.test/other:1')], {});
    expect(packages[0]?.bundles[0]?.images).toEqual([
      { name: '', image: own, type: 'operatorBundle' },
      { name: '', image: 'registry.test/other:1', type: 'operatorRelatedImage' },
    ]);
    const without = await filter([withImages('registry.test/other:1')], {});
    expect(without.packages[0]?.bundles[0]?.images).toHaveLength(1);
  });

  it.each([
    ['oci://a/b:1', "invalid image: oci://a/b:1 'oci' is not supported in operator catalogs"],
    ['', 'error parsing image : unknown image : reference name is empty'],
    [
      'registry.test/a',
      'error parsing image registry.test/a: registry.test/a unable to parse image correctly : tag and digest are empty',
    ],
    [
      'registry.test/a@sha256:12',
      'error parsing image registry.test/a@sha256:12: registry.test/a@sha256:12 unable to parse image correctly : invalid digest',
    ],
  ])('fail the catalog when one cannot be read: %j', async (image, message) => {
    const filtered = await filter([withImages('registry.test/a:1', image)], {});
    expect(imageFailures(filtered)).toEqual([
      { package: 'op', bundle: 'op.v1.0.0', message, path: [] },
    ]);
    expect(hasRelatedImages(filtered)).toBe(false);
  });

  it('may be none', async () => {
    expect(hasRelatedImages(await filter([withImages()], {}))).toBe(true);
    expect(hasRelatedImages(await filter([bar], wishing({ name: 'gone' })))).toBe(false);
  });
});

describe('what oc-mirror passes over in silence', () => {
  it('is found: a package that is not there, with the nearest names', async () => {
    const { findings, errors } = await filter([foo, bar], wishing({ name: 'fooo' }));
    expect(errors).toEqual([]);
    expect(findings).toEqual([
      {
        code: 'unknown-package',
        path: ['packages', 0, 'name'],
        package: 'fooo',
        candidates: ['foo'],
      },
    ]);
  });

  it('is found: a channel that is not there', async () => {
    const wish = wishing({ name: 'bar', channels: [{ name: 'stable' }, { name: 'stabel' }] });
    expect((await filter([bar], wish)).findings).toEqual([
      {
        code: 'unknown-channel',
        path: ['packages', 0, 'channels', 1, 'name'],
        package: 'bar',
        channel: 'stabel',
        candidates: ['stable'],
      },
    ]);
  });
});

describe('a catalog', () => {
  it('tells first what oc-mirror would tell alone', async () => {
    const heads = simple([{ name: 'op.v1.1.0' }, { name: 'op.v1.0.0' }], long.bundles);
    const bad = { ...foo, bundles: [{ name: 'foo.v0.3.1', version: '1' }] };
    const wish = {
      packages: [{ name: 'op' }, { name: 'bar', defaultChannel: 'x' }, { name: 'foo' }],
    };
    const { errors } = await filter([heads, bar, bad], wish);
    expect(errors.map(({ code }) => code)).toEqual([
      'bundle-version',
      'default-channel-unknown',
      'channel-graph',
    ]);
  });

  it('is read only where it is asked for', async () => {
    const reader = readerOf([foo, bar], [{ schema: 'loose' }]);
    await filterCatalog(reader, { catalog, ...wishing({ name: 'bar' }) }, parseImageSpec);
    expect(reader.asked).toEqual(['bar', '']);
  });

  it('that is broken in a package fails when that package is asked for', async () => {
    const broken = new ContentError('CATALOG_INVALID', 'Package "foo" cannot be read');
    const whole = readerOf([foo, bar]);
    const reader = {
      packageNames: whole.packageNames,
      read: async (name: string) => {
        if (name === 'foo') throw broken;
        return await whole.read(name);
      },
    };
    const filtered = await filterCatalog(reader, { catalog }, parseImageSpec);
    expect(filtered.errors).toEqual([
      {
        code: 'package-unreadable',
        message: 'failed to load catalog config: Package "foo" cannot be read',
        package: 'foo',
        path: [],
        cause: broken,
      },
    ]);
    const other = await filterCatalog(
      reader,
      { catalog, ...wishing({ name: 'bar' }) },
      parseImageSpec,
    );
    expect(other.errors).toEqual([]);
  });

  it('gives a result that survives JSON', async () => {
    const filtered = await filter([foo, bar], wishing({ name: 'foo', minVersion: '0.2.0' }));
    expect(JSON.parse(JSON.stringify(filtered))).toEqual(filtered);
  });

  it('is not looked at when the wish is malformed', async () => {
    const wish = {
      packages: [
        { name: '' },
        {
          name: 'foo',
          minVersion: '1',
          channels: [{ name: '' }, { name: 'beta', maxVersion: 'new' }],
        },
      ],
    };
    const reader = readerOf([foo]);
    const { errors } = await filterCatalog(reader, { catalog, ...wish }, parseImageSpec);
    expect(reader.asked).toEqual([]);
    expect(
      errors.map(({ message }) => message.replace(/^failed to validate catalog filter: /, '')),
    ).toEqual([
      'package "" at index [0] is invalid: name must be specified',
      'package "foo" at index [1] is invalid: channel "" at index [0] is invalid: name must be specified',
      'package "foo" at index [1] is invalid: package specifies a VersionRange, while channel "beta" at index [1] equally specifies one: package.VersionRange and channel.VersionRange are exclusive',
      'package "foo" at index [1] is invalid: channel "beta" at index [1] is invalid: versionRange is not in valid semantic versionning format: improper constraint: " <=new"',
    ]);
  });

  it('merges the channels of a package that is listed twice; the last entry counts', async () => {
    const wish = {
      packages: [
        { name: 'bar', channels: [{ name: 'stable' }], minVersion: '1.0.0' },
        { name: 'bar', channels: [{ name: 'alpha', maxVersion: '0.2.0' }] },
      ],
    };
    expect(await kept([bar], wish)).toEqual(['bar.v0.1.0', 'bar.v0.2.0', 'bar.v1.0.0']);
  });
});
