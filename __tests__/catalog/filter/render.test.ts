import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CatalogWish,
  filterCatalog,
  renderCatalog,
} from '../../../src/catalog/filter/index.ts';
import { parseImageSpec } from '../../../src/imageset/index.ts';
import { effort } from '../../support/effort.ts';
import { bundlesOf, chainOf, readerOf, type ShortPackage } from './catalogs.ts';
import { randomCatalogs, randomWishes } from './random-catalogs.ts';

type Document = Readonly<Record<string, unknown>>;

const lifecycle = { schema: 'io.openshift.operators.lifecycles.v1alpha1' };

function deprecations(owner: string, channels: readonly string[], bundles: readonly string[]) {
  const entry = (schema: string) => (name: string) => ({
    reference: { schema, name },
    message: 'old',
  });
  return {
    schema: 'olm.deprecations',
    package: owner,
    entries: [
      { reference: { schema: 'olm.package' }, message: 'old' },
      ...channels.map(entry('olm.channel')),
      ...bundles.map(entry('olm.bundle')),
    ],
  };
}

const bar: ShortPackage = {
  name: 'bar',
  defaultChannel: 'stable',
  channels: [
    { name: 'stable', entries: chainOf('bar', ['0.1.0', '0.2.0']) },
    { name: 'alpha', entries: chainOf('bar', ['0.1.0', '0.2.0', '1.0.0']) },
  ],
  bundles: bundlesOf('bar', ['1.0.0', '0.1.0', '0.2.0']),
  others: [
    deprecations('bar', ['stable', 'alpha'], ['bar.v0.1.0', 'bar.v1.0.0']),
    { ...lifecycle, package: 'bar' },
  ],
};
const foo: ShortPackage = {
  name: 'foo',
  defaultChannel: 'beta',
  channels: [{ name: 'beta', entries: chainOf('foo', ['1.0.0']) }],
  bundles: bundlesOf('foo', ['1.0.0']),
  others: [{ ...lifecycle, package: 'foo' }],
};

async function render(
  packages: readonly ShortPackage[],
  wish: Omit<CatalogWish, 'catalog'>,
  loose: readonly Document[] = [],
): Promise<ReadonlyMap<string, readonly Document[]>> {
  const reader = readerOf(packages, loose);
  const filtered = await filterCatalog(reader, { catalog: 'r.test/i:v1', ...wish }, parseImageSpec);
  expect(filtered.errors).toEqual([]);
  const rendered = new Map<string, readonly Document[]>();
  for await (const { name, texts } of renderCatalog(reader, filtered)) {
    rendered.set(
      name,
      texts.map((text) => JSON.parse(text) as Document),
    );
  }
  return rendered;
}

function names(documents: readonly Document[] | undefined, schema: string): readonly unknown[] {
  return (documents ?? []).filter((one) => one['schema'] === schema).map((one) => one['name']);
}

describe('a rebuilt catalog', () => {
  it('has the package, its channels and bundles by name, and what else belongs to it', async () => {
    const documents = (await render([foo, bar], { packages: [{ name: 'bar' }] })).get('bar');
    expect(documents?.map(({ schema, name }) => [schema, name])).toEqual([
      ['olm.package', 'bar'],
      ['olm.channel', 'alpha'],
      ['olm.channel', 'stable'],
      ['olm.bundle', 'bar.v0.2.0'],
      ['olm.bundle', 'bar.v1.0.0'],
      [lifecycle.schema, undefined],
      ['olm.deprecations', undefined],
    ]);
  });

  it('keeps of a head what it replaces', async () => {
    const documents = (await render([bar], { packages: [{ name: 'bar' }] })).get('bar');
    expect(documents?.[1]).toMatchObject({
      entries: [{ name: 'bar.v1.0.0', replaces: 'bar.v0.2.0' }],
    });
  });

  it('deprecates only what it has', async () => {
    const wish = { packages: [{ name: 'bar', channels: [{ name: 'stable' }] }] };
    const documents = (await render([bar], wish)).get('bar');
    expect(documents?.at(-1)).toMatchObject({
      entries: [
        { reference: { schema: 'olm.package' } },
        { reference: { schema: 'olm.channel', name: 'stable' } },
      ],
    });
  });

  it('keeps other schemas of the packages that are kept, and those of no package', async () => {
    const loose = [lifecycle, { schema: 'olm.deprecations', entries: [] }];
    const rendered = await render([foo, bar], { packages: [{ name: 'bar' }] }, loose);
    expect([...rendered.keys()]).toEqual(['bar', '']);
    expect(rendered.get('')).toEqual([lifecycle]);
  });

  it('has the default channel that is asked for', async () => {
    const wish = {
      packages: [{ name: 'bar', channels: [{ name: 'alpha' }], defaultChannel: 'alpha' }],
    };
    expect((await render([bar], wish)).get('bar')?.[0]).toMatchObject({ defaultChannel: 'alpha' });
  });

  it('leaves out a package of which no channel is left, but not what else is said of it', async () => {
    const wish = {
      packages: [
        { name: 'foo' },
        {
          name: 'bar',
          minVersion: '9.0.0',
          channels: [{ name: 'alpha' }],
          defaultChannel: 'alpha',
        },
      ],
    };
    const rendered = await render([foo, bar], wish);
    expect(rendered.get('bar')).toEqual([{ ...lifecycle, package: 'bar' }]);
  });

  it('keeps the text of what it does not change', async () => {
    const reader = readerOf([foo]);
    const exact = {
      packageNames: reader.packageNames,
      read: async (name: string) => {
        const found = await reader.read(name);
        return (
          found && { name, blobs: found.blobs.map((blob) => ({ ...blob, text: ` ${blob.text}` })) }
        );
      },
    };
    const wish = { catalog: 'r.test/i:v1', packages: [{ name: 'foo' }] };
    const filtered = await filterCatalog(exact, wish, parseImageSpec);
    for await (const { texts } of renderCatalog(exact, filtered)) {
      expect(texts.every((text) => text.startsWith(' '))).toBe(true);
    }
  });

  it(
    'can be served, whatever was asked of whatever catalog',
    async () => {
      let checked = 0;
      await fc.assert(
        fc.asyncProperty(randomCatalogs, randomWishes, async (packages, wish) => {
          fc.pre(wish.full !== true);
          // A package that never had a default channel was served by nobody before either.
          fc.pre(packages.every(({ defaultChannel }) => defaultChannel !== ''));
          const described = packages.map((one) => ({
            ...one,
            others: [
              deprecations(
                one.name,
                one.channels.map(({ name }) => name),
                one.bundles.map(({ name }) => name),
              ),
            ],
          }));
          const reader = readerOf(described);
          const filtered = await filterCatalog(reader, wish, parseImageSpec);
          fc.pre(filtered.errors.length === 0);
          for await (const { texts } of renderCatalog(reader, filtered)) {
            const documents = texts.map((text) => JSON.parse(text) as Document);
            if (filtered.findings.some(({ code }) => code === 'bundle-missing')) continue;
            checked += 1;
            expectServable(documents, (wish.packages ?? []).length > 0);
          }
        }),
        { numRuns: effort.runs(1000) },
      );
      expect(checked).toBeGreaterThan(effort.runs(300));
    },
    effort.limit,
  );
});

/** The demands of `opm validate` on a package, as far as a filter can spoil it. */
function expectServable(documents: readonly Document[], isNamed: boolean): void {
  const channels = documents.filter(({ schema }) => schema === 'olm.channel');
  const entries = channels.flatMap(
    ({ entries: all }) => all as readonly { readonly name: string }[],
  );
  const inChannels = new Set(entries.map(({ name }) => name));
  const bundles = names(documents, 'olm.bundle');
  expect(channels.length).toBeGreaterThan(0);
  for (const { entries: all } of channels) expect(all).not.toHaveLength(0);
  expect(new Set(bundles)).toEqual(inChannels);
  expect(bundles).toHaveLength(inChannels.size);
  if (isNamed) {
    expect(names(documents, 'olm.channel')).toContain(documents[0]?.['defaultChannel']);
  }
  const deprecated = documents.at(-1)?.['entries'] as readonly {
    readonly reference: { readonly schema: string; readonly name: string };
  }[];
  for (const { reference } of deprecated) {
    if (reference.schema === 'olm.bundle') expect(bundles).toContain(reference.name);
    if (reference.schema === 'olm.channel') {
      expect(names(documents, 'olm.channel')).toContain(reference.name);
    }
  }
}
