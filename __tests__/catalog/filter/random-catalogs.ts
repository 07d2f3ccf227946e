import fc from 'fast-check';
import type { CatalogWish } from '../../../src/catalog/filter/index.ts';
import type { ShortBundle, ShortPackage, Step } from './catalogs.ts';

/** Versions that differ in everything that a range looks at. */
const versions = [
  '0.9.0',
  '1.0.0',
  '1.0.0+2',
  '1.0.0+10.p',
  '1.0.1-rc.1',
  '1.0.1',
  '1.1.0-2',
  '1.1.0-10',
  '1.1.0',
  '1.10.0',
  '1.2.0',
  '2.0.0-alpha',
  '2.0.0',
];

const bounds = [...versions, '1', '2', '1.0', '1.1', '1.2', 'v1.1.0', '1.1.0-0', '2-0', '3.0.0'];
const channelNames = ['alpha', 'beta', 'stable'];

const name = fc.nat(7).map((index) => `b${index}`);

interface Draft {
  readonly name: string;
  readonly replaces: string;
  readonly isRoot: boolean;
  readonly skips: readonly string[];
}

const draft: fc.Arbitrary<Draft> = fc.record({
  name,
  replaces: name,
  isRoot: fc.nat(11).map((draw) => draw === 0),
  skips: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(name, { maxLength: 3 })),
});

/** A chain with skips downwards. */
const chain: fc.Arbitrary<readonly Step[]> = fc
  .array(draft, { minLength: 1, maxLength: 8 })
  .map((drafts) =>
    drafts.map(({ skips }, index) => ({
      name: `b${index}`,
      ...(index > 0 && { replaces: `b${index - 1}` }),
      skips: skips.filter((skip) => skip < `b${index}`),
    })),
  );

/** A chain in which some entries are skipped rather than replaced, and whose foot may be no entry. */
const sparse: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.subarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), fc.boolean())
  .map(([present, hasFoot]) =>
    present.map((at, index) => {
      const before = index > 0 ? (present[index - 1] ?? 0) : hasFoot ? 0 : at;
      const between = Array.from(
        { length: Math.max(0, at - before - 1) },
        (_, n) => before + 1 + n,
      );
      return {
        name: `b${at}`,
        ...(before !== at && { replaces: `b${before}` }),
        skips: between.map((skipped) => `b${skipped}`),
      };
    }),
  );

/** Anything: several heads, cycles, entries twice, entries that replace themselves. */
const wild: fc.Arbitrary<readonly Step[]> = fc.array(draft, { maxLength: 6 }).map((drafts) =>
  drafts.map(({ name: own, replaces, isRoot, skips }) => ({
    name: own,
    ...(!isRoot && { replaces }),
    skips,
  })),
);

const steps = fc.oneof(
  { weight: 6, arbitrary: chain },
  { weight: 4, arbitrary: sparse },
  { weight: 1, arbitrary: wild },
);

/** Texts that are no version, each for another reason. */
const noVersions = [undefined, '', '1.2', 'v1.0.0', '01.0.0', '1.0.0-01', '1.0.0+a_b'] as const;

/** Bundles of most names, some twice, rarely one without a version. */
const bundles: fc.Arbitrary<readonly ShortBundle[]> = fc
  .tuple(
    fc.array(fc.constantFrom(...versions), { minLength: 8, maxLength: 8 }),
    fc.boolean(),
    fc.subarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 5 }),
    fc.option(fc.tuple(fc.nat(7), fc.constantFrom(...versions)), { freq: 9 }),
    fc.nat(19).chain((draw) => (draw === 0 ? fc.constantFrom(...noVersions) : fc.constant(null))),
  )
  .map(([drawn, isAscending, present, twice, noVersion]) => {
    const sorted = isAscending
      ? versions.filter((_, index) => index % 2 === 0 || drawn[index % 8] !== drawn[0])
      : drawn;
    const made = present.map((index) => ({
      name: `b${index}`,
      version: sorted[index % sorted.length] ?? '1.0.0',
    }));
    const broken = { name: 'b8', ...(typeof noVersion === 'string' && { version: noVersion }) };
    return [
      ...made,
      ...(twice ? [{ name: `b${twice[0]}`, version: twice[1] }] : []),
      ...(noVersion === null ? [] : [broken]),
    ];
  });

function packageNamed(own: string): fc.Arbitrary<ShortPackage> {
  return fc
    .record({
      channels: fc.uniqueArray(fc.tuple(fc.constantFrom(...channelNames), steps), {
        selector: ([channel]) => channel,
        maxLength: 3,
      }),
      bundles,
      pick: fc.nat(3),
      odd: fc.nat(29),
    })
    .map(({ channels, bundles: made, pick, odd }) => ({
      name: own,
      // Sometimes the package names none, or one that is not there.
      defaultChannel: ['', 'gone'][odd] ?? channels[pick]?.[0] ?? channels[0]?.[0] ?? '',
      channels: channels.map(([channel, entries]) => ({ name: channel, entries })),
      bundles: made,
    }));
}

const range = fc
  .tuple(fc.option(fc.constantFrom(...bounds)), fc.option(fc.constantFrom(...bounds)), fc.nat(3))
  .map(([min, max, pin]) => ({
    ...(min !== null && { minVersion: min }),
    ...(pin === 0 && min !== null && { maxVersion: min }),
    ...(pin !== 0 && max !== null && { maxVersion: max }),
  }));

const noRange = fc.constant({});

const packageWish = fc
  .record({
    listed: fc.uniqueArray(fc.constantFrom(...channelNames, 'gone'), { maxLength: 3 }),
    own: fc.oneof(noRange, range),
    inner: fc.array(fc.oneof(noRange, range), { minLength: 3, maxLength: 3 }),
    override: fc.option(fc.constantFrom(...channelNames), { freq: 3 }),
  })
  .map(({ listed, own, inner, override }) => ({
    ...own,
    ...(listed.length > 0 && {
      channels: listed.map((channel, index) => ({
        name: channel,
        ...(Object.keys(own).length === 0 ? inner[index] : {}),
      })),
    }),
    ...(override !== null && { defaultChannel: override }),
  }));

/** Random catalogs of two packages. */
export const randomCatalogs = fc.tuple(packageNamed('one'), packageNamed('two'));

/** Random wishes for them. */
export const randomWishes: fc.Arbitrary<CatalogWish> = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom('one', 'two', 'three'), { maxLength: 3 }),
    each: fc.array(packageWish, { minLength: 3, maxLength: 3 }),
    full: fc.nat(4).map((draw) => draw === 0),
  })
  .map(({ names, each, full }) => ({
    catalog: 'registry.test/index:v1',
    ...(names.length > 0 && {
      packages: names.map((one, index) => ({ ...each[index], name: one })),
    }),
    full,
  }));
