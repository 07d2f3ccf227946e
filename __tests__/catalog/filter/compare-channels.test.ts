import fc from 'fast-check';
import { satisfies } from 'semver';
import { describe, expect, it } from 'vitest';
import {
  type CatalogWish,
  type ChannelComparison,
  compareChannels,
  type FilteredCatalog,
  filterCatalog,
} from '../../../src/catalog/filter/index.ts';
import { parseImageSpec } from '../../../src/imageset/index.ts';
import { effort } from '../../support/effort.ts';
import { bundlesOf, chainOf, imageOf, readerOf, type ShortPackage, type Step } from './catalogs.ts';
import { randomCatalogs, randomWishes } from './random-catalogs.ts';

const versions = ['1.0.0', '1.1.0', '1.2.0', '2.0.0'];
const op: ShortPackage = {
  name: 'op',
  defaultChannel: 'stable',
  channels: [
    { name: 'stable', entries: chainOf('op', versions) },
    { name: 'old', entries: chainOf('op', versions.slice(0, 2)) },
  ],
  bundles: bundlesOf('op', versions),
};

type Wish = Omit<CatalogWish, 'catalog'>;

async function filter(
  packages: readonly ShortPackage[],
  wish: Wish = { full: true },
): Promise<FilteredCatalog> {
  return await filterCatalog(
    readerOf(packages),
    { catalog: 'r.test/i:v1', ...wish },
    parseImageSpec,
  );
}

const only = (channels: readonly string[], minVersion?: string): Wish => ({
  packages: [
    {
      name: 'op',
      defaultChannel: channels[0] ?? '',
      channels: channels.map((name) => ({ name, ...(minVersion && { minVersion }) })),
    },
  ],
});

/** Compares what two wishes keep of one catalog. */
async function compare(
  packages: readonly ShortPackage[],
  before: Wish,
  after: Wish,
): Promise<readonly ChannelComparison[]> {
  return await compareChannels({
    before: await filter(packages, before),
    after: await filter(packages, after),
    reader: readerOf(packages),
  });
}

const brief = ({ channel, head, kept, added, removed }: ChannelComparison) => ({
  channel,
  head: head?.version,
  kept: kept.map(({ version }) => version).join(' '),
  added: added.map(({ version }) => version).join(' '),
  removed: removed.map(({ version, updates }) => `${version}${updates ? '' : '!'}`).join(' '),
});

describe('channels next to what they were', () => {
  it('tell what stays, comes and goes, and from what no update leads to the head', async () => {
    const found = await compare([op], only(['stable'], '1.0.0'), only(['stable'], '1.2.0'));
    expect(found.map(brief)).toEqual([
      { channel: 'stable', head: '2.0.0', kept: '1.2.0 2.0.0', added: '', removed: '1.0.0! 1.1.0' },
    ]);
    expect(found[0]?.removed[0]?.image).toBe(imageOf('op.v1.0.0', 'op'));
    const back = await compare([op], only(['stable'], '1.2.0'), only(['stable'], '1.0.0'));
    expect(back[0]?.added.map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
  });

  it('have no head when they go, though their bundles stay in another one', async () => {
    const found = await compare([op], only(['stable', 'old'], '1.0.0'), only(['stable'], '1.0.0'));
    expect(found.map(brief)[0]).toEqual({
      ...{ channel: 'old', head: undefined, kept: '', added: '' },
      removed: '1.0.0! 1.1.0!',
    });
  });

  it('go with their package, and come with it', async () => {
    const filtered = await filter([op], only(['old']));
    const gone = await compareChannels({ before: filtered });
    expect(gone.map(brief)).toMatchObject([{ head: undefined, removed: '1.1.0!' }]);
    const come = await compareChannels({ after: filtered, reader: readerOf([op]) });
    expect(come.map(brief)).toMatchObject([{ head: '1.1.0', added: '1.1.0', removed: '' }]);
  });

  it('can be updated from what the catalog has no more, by a range that a kept bundle skips', async () => {
    const later: ShortPackage = {
      ...op,
      channels: [{ name: 'stable', entries: [{ name: 'op.v3.0.0', skipRange: '>=1.1.0 <3.0.0' }] }],
      bundles: bundlesOf('op', ['3.0.0']),
    };
    const found = await compareChannels({
      before: await filter([op], only(['stable'], '1.0.0')),
      after: await filter([later]),
      reader: readerOf([later]),
    });
    expect(found.map(brief)).toMatchObject([
      { head: '3.0.0', removed: '1.0.0! 1.1.0 1.2.0 2.0.0' },
    ]);
  });

  it('have the newest bundle for a head where the catalog has several', async () => {
    const twoHeads: ShortPackage = {
      ...op,
      channels: [{ name: 'stable', entries: [{ name: 'op.v1.0.0' }, { name: 'op.v2.0.0' }] }],
    };
    const found = await compareChannels({ after: await filter([twoHeads]) });
    expect(found.map(brief)).toMatchObject([{ head: '2.0.0', added: '1.0.0 2.0.0' }]);
  });

  const installed = (...found: readonly string[]) =>
    found.map((version) => ({ name: `op.v${version}`, version }));
  const cutOf = (found: readonly ChannelComparison[]) =>
    found.map(({ channel, cut }) => `${channel} ${cut.map(({ version }) => version).join(' ')}`);

  it('name what clusters run and had an update through what goes', async () => {
    const facts = {
      before: await filter([op], only(['stable'], '1.1.0')),
      after: await filter([op], only(['stable'], '2.0.0')),
      reader: readerOf([op]),
    };
    const found = async (...of: readonly string[]) =>
      cutOf(await compareChannels({ ...facts, installed: installed(...of) }));
    expect(await found('1.0.0', '2.0.0')).toEqual(['stable 1.0.0']);
    // A version that goes is listed as removed, and no update led on from 0.9.0 before.
    expect(await found('1.1.0', '0.9.0')).toEqual(['stable ']);
  });

  it('take no operator of another package for one that a range skips', async () => {
    const entries = chainOf('op', versions).map((entry) =>
      entry.name === 'op.v1.1.0' ? { ...entry, skipRange: '>=0.1.0 <1.1.0' } : entry,
    );
    const range: ShortPackage = { ...op, channels: [{ name: 'stable', entries }] };
    const other = { name: 'other.v0.9.0', version: '0.9.0' };
    const found = await compareChannels({
      before: await filter([range], only(['stable'], '1.1.0')),
      after: await filter([range], only(['stable'], '2.0.0')),
      reader: readerOf([range]),
      installed: [other, ...installed('0.9.0')],
    });
    expect(found.flatMap(({ cut }) => cut)).toEqual(installed('0.9.0'));
  });

  it('find that way in the catalog that had it, also where the channel goes', async () => {
    const later: ShortPackage = {
      ...op,
      channels: [{ name: 'stable', entries: chainOf('op', ['2.0.0']) }],
    };
    const before = await filter([op], only(['stable', 'old'], '1.1.0'));
    const found = await compareChannels({
      ...{ before, after: await filter([later]), reader: readerOf([later]) },
      ...{ readerBefore: readerOf([op]), installed: installed('1.0.0') },
    });
    expect(cutOf(found)).toEqual(['old 1.0.0', 'stable 1.0.0']);
    const gone = await compareChannels({
      ...{ before, readerBefore: readerOf([op]), installed: installed('1.0.0') },
    });
    expect(cutOf(gone)).toEqual(['old 1.0.0', 'stable 1.0.0']);
  });

  it('say nothing of a cluster that still gets on', async () => {
    const range: ShortPackage = {
      ...op,
      channels: [
        {
          name: 'stable',
          entries: chainOf('op', versions).map((entry) =>
            entry.name === 'op.v2.0.0' ? { ...entry, skipRange: '>=1.0.0 <2.0.0' } : entry,
          ),
        },
      ],
    };
    const found = await compareChannels({
      before: await filter([range], only(['stable'], '1.1.0')),
      after: await filter([range], only(['stable'], '2.0.0')),
      reader: readerOf([range]),
      installed: installed('1.0.0'),
    });
    expect(cutOf(found)).toEqual(['stable ']);
  });

  it('read a package again only where one loses something', async () => {
    const reader = readerOf([op]);
    const all = await filter([op], only(['stable'], '1.0.0'));
    await compareChannels({ before: all, after: all, reader });
    expect(reader.asked).toEqual([]);
  });
});

/** Walks from an installed bundle step by step, as a cluster does. */
function reaches(head: string, from: { name: string; version: string }, steps: readonly Step[]) {
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at; at = open.pop()) {
    if (at.name === head) return true;
    if (seen.has(at.name)) continue;
    seen.add(at.name);
    const { name, version } = at;
    for (const step of steps) {
      const inRange =
        step.skipRange !== undefined &&
        name === from.name &&
        satisfies(version, step.skipRange, { includePrerelease: true });
      const leads = step.replaces === name || step.skips?.includes(name) || inRange;
      // Of the versions on the way only the name matters here, but for ranges.
      if (leads) open.push({ name: step.name, version: from.version });
    }
  }
  return false;
}

/** The bundles that subscribers of a channel can have. */
function offered({ packages }: FilteredCatalog, { package: owner, channel }: ChannelComparison) {
  const found = packages.find(({ name }) => name === owner);
  const entries = found?.channels.find(({ name }) => name === channel)?.entries ?? [];
  return namesOf((found?.bundles ?? []).filter(({ name }) => entries.includes(name)));
}

function namesOf(...lists: (readonly { readonly name: string }[])[]): ReadonlySet<string> {
  return new Set(lists.flat().map(({ name }) => name));
}

function stepsOf(packages: readonly ShortPackage[], found: ChannelComparison): readonly Step[] {
  const owner = packages.find(({ name }) => name === found.package);
  return owner?.channels.find(({ name }) => name === found.channel)?.entries ?? [];
}

describe('a choice from a random catalog, next to all of it', () => {
  const seen = { updating: 0, stuck: 0 };

  function check(found: ChannelComparison, steps: readonly Step[]): void {
    for (const bundle of found.removed) {
      const walked = found.head !== undefined && reaches(found.head.name, bundle, steps);
      expect(bundle.updates, `${found.channel} ${bundle.name}`).toBe(walked);
      seen[walked ? 'updating' : 'stuck'] += 1;
    }
  }

  it(
    'adds up, and agrees with a cluster that walks',
    async () => {
      await fc.assert(
        fc.asyncProperty(randomCatalogs, randomWishes, async (packages, wish) => {
          const [before, after] = [await filter(packages), await filter(packages, wish)];
          if (after.errors.length > 0) return;
          const all = await compareChannels({ before, after, reader: readerOf(packages) });
          for (const found of all) {
            expect(namesOf(found.kept, found.added)).toEqual(offered(after, found));
            expect(namesOf(found.kept, found.removed)).toEqual(offered(before, found));
            const stay = offered(after, found);
            check(
              found,
              stepsOf(packages, found).filter(({ name }) => stay.has(name)),
            );
          }
        }),
        { numRuns: effort.runs(2000) },
      );
      expect(seen.updating).toBeGreaterThan(effort.runs(100));
      expect(seen.stuck).toBeGreaterThan(effort.runs(100));
    },
    effort.limit,
  );
});
