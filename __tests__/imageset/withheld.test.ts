import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Cause,
  type Collection,
  causeAt,
  formatWishes,
  type ImageKind,
  type ImageSet,
  loadImageSet,
  type MirroredPlacement,
  type Placement,
  placeKey,
} from '../../src/imageset/index.ts';
import { findWithheld } from '../../src/imageset/withheld.ts';
import { digestOf } from '../../src/oci/index.ts';
import { effort } from '../support/effort.ts';

/** An entry of an image set, and the images that it wants. */
interface Entry {
  readonly kind: 'release' | 'operator' | 'additional';
  /** Channel, image, or `catalog/package`. */
  readonly name: string;
  readonly images: readonly string[];
}

/** An image set, and its entries that cannot be collected. */
interface Side {
  readonly entries: readonly Entry[];
  readonly failing: ReadonlySet<string>;
}

const imageKinds: Readonly<Record<Entry['kind'], ImageKind>> = {
  release: 'ocpReleaseContent',
  operator: 'operatorRelatedImage',
  additional: 'generic',
};

const digest = digestOf(new Uint8Array());

function catalogsOf(entries: readonly Entry[]) {
  const packages = entries.filter(({ kind }) => kind === 'operator');
  return Map.groupBy(packages, ({ name }) => name.split('/')[0] ?? '');
}

function load(entries: readonly Entry[], file: string): ImageSet {
  const of = (kind: Entry['kind']) => entries.filter((entry) => entry.kind === kind);
  const mirror = {
    platform: { channels: of('release').map(({ name }) => ({ name })) },
    operators: [...catalogsOf(entries)].map(([catalog, packages]) => ({
      catalog: `r.test/${catalog}:v1`,
      packages: packages.map(({ name }) => ({ name: name.split('/')[1] })),
    })),
    additionalImages: of('additional').map(({ name }) => ({ name: `r.test/${name}:v1` })),
  };
  const head = { kind: 'ImageSetConfiguration', apiVersion: 'mirror.openshift.io/v2alpha1' };
  const text = JSON.stringify({ ...head, mirror });
  const { imageSet } = loadImageSet({ name: file, text }, 'ImageSetConfiguration');
  if (!imageSet) throw new Error(`The image set is refused: ${text}`);
  return imageSet;
}

function pathOf(entry: Entry, entries: readonly Entry[]): (string | number)[] {
  const same = entries.filter(({ kind }) => kind === entry.kind);
  if (entry.kind === 'release') return ['platform', 'channels', same.indexOf(entry)];
  if (entry.kind === 'additional') return ['additionalImages', same.indexOf(entry)];
  const catalogs = [...catalogsOf(entries)];
  const catalog = catalogs.findIndex(([, packages]) => packages.includes(entry));
  return ['operators', catalog, 'packages', catalogs[catalog]?.[1].indexOf(entry) ?? 0];
}

const placeOf = (kind: Entry['kind'], image: string) => ({
  repository: `${kind}/${image}`,
  tag: 'v1',
});

function collect({ entries, failing }: Side, file = 'a.yaml'): Collection {
  const imageSet = load(entries, file);
  const placements: Placement[] = [];
  const gaps: Cause[] = [];
  for (const entry of entries) {
    const cause = causeAt(imageSet, ...pathOf(entry, entries));
    if (failing.has(entry.name)) gaps.push(cause);
    else {
      const { kind } = entry;
      const common = { kind: imageKinds[kind], origin: '', causes: [cause] };
      const source = { registry: 'r.test', repository: 'x', digest };
      for (const image of entry.images) {
        placements.push({ ...common, source, target: placeOf(kind, image) });
      }
    }
  }
  const nothing = { releases: [], signatures: [], graphs: [], diagnostics: [], failures: [] };
  return { imageSet, placements, gaps, ...nothing };
}

/** The state after all entries were mirrored; an older state does not say which entry wants which image. */
function mirrored(
  entries: readonly Entry[],
  file = 'a.yaml',
  kind: 'says' | 'old' = 'old',
): MirroredPlacement[] {
  const imageSet = load(entries, file);
  const all = entries.flatMap((entry) => {
    const cause = causeAt(imageSet, ...pathOf(entry, entries));
    return entry.images.map((image) => ({ entry, cause, place: placeOf(entry.kind, image) }));
  });
  return [...Map.groupBy(all, ({ place }) => placeKey(place)).values()].flatMap((wishes) => {
    const [first] = wishes;
    if (!first) return [];
    const said = formatWishes(
      wishes.map(({ cause }) => cause),
      [file],
    );
    const described = { digest, mediaType: '', size: 1, origin: '', imageSets: [file] };
    return {
      ...first.place,
      kind: imageKinds[first.entry.kind],
      ...described,
      ...(kind === 'says' && { entries: said }),
    };
  });
}

/** The places that a change removes when everything of the base was mirrored. */
function removedBy(base: Side, head: Side, kind: 'says' | 'old' = 'old') {
  const [was, now] = [collect(base), collect(head)];
  const state = mirrored(base.entries, 'a.yaml', kind);
  const facts = { head: [now], base: [was], unpinned: [], state, files: [] };
  const withheld = findWithheld(facts);
  const wanted = new Set(now.placements.map(({ target }) => placeKey(target)));
  const stays = (key: string) => wanted.has(key) || withheld.has(key);
  const before = was.placements.map(({ target }) => placeKey(target));
  return {
    removed: [...new Set(before)].filter((key) => !stays(key)).toSorted(),
    stale: state.map(placeKey).filter((key) => !stays(key)),
    withheld,
  };
}

const entry = (kind: Entry['kind'], name: string, ...images: string[]): Entry => ({
  kind,
  name,
  images,
});
const side = (entries: readonly Entry[], ...failing: string[]): Side => ({
  entries,
  failing: new Set(failing),
});

describe('an entry that could not be collected', () => {
  const acm = entry('operator', 'index/acm', 'acm', 'proxy');
  const kiali = entry('operator', 'index/kiali', 'kiali', 'proxy');
  const tool = entry('additional', 'tool', 'tool');

  it('keeps what it wanted before, and nothing else', () => {
    const narrow = entry('operator', 'index/acm');
    const { removed } = removedBy(side([acm, kiali, tool]), side([narrow, kiali], 'index/kiali'));
    expect(removed).toEqual(['additional/tool:v1', 'operator/acm:v1']);
  });

  it('keeps everything of its kind where the base cannot be collected either', () => {
    const head = side([kiali], 'index/kiali');
    const { removed, stale } = removedBy(side([acm, kiali, tool], 'index/kiali'), head);
    expect(removed).toEqual(['additional/tool:v1']);
    expect(stale).toEqual(['additional/tool:v1']);
  });

  it('keeps what the state says of it where the base cannot be collected either', () => {
    const narrow = entry('operator', 'index/acm');
    const { removed, stale } = removedBy(
      side([acm, kiali, tool], 'index/kiali'),
      side([narrow, kiali, tool], 'index/kiali'),
      'says',
    );
    expect(removed).toEqual(['operator/acm:v1']);
    expect(stale).toEqual(['operator/acm:v1']);
  });

  it('keeps what an entry wanted that it may be the misspelling of', () => {
    const typo = entry('operator', 'index/kiaali');
    const { removed } = removedBy(side([acm, kiali]), side([acm, typo], 'index/kiaali'));
    expect(removed).toEqual([]);
  });

  it('that is new beside all others holds up nothing', () => {
    const newer = entry('operator', 'index/new');
    const { removed } = removedBy(
      side([acm, kiali]),
      side([entry('operator', 'index/acm'), kiali, newer], 'index/new'),
    );
    expect(removed).toEqual(['operator/acm:v1']);
  });

  it('holds up no other image set', () => {
    const was = [collect(side([acm])), collect(side([kiali]), 'b.yaml')];
    const now = [collect(side([acm], 'index/acm')), collect(side([tool]), 'b.yaml')];
    const state = [...mirrored([acm]), ...mirrored([entry('operator', 'x/y', 'kiali')], 'b.yaml')];
    const facts = { head: now, base: was, unpinned: [], state, files: [] };
    expect([...findWithheld(facts)].toSorted()).toEqual(['operator/acm:v1', 'operator/proxy:v1']);
  });

  it('speaks for the image set under its former name too', () => {
    const was = [collect(side([acm]), 'old.yaml')];
    const now = [collect(side([acm], 'index/acm'), 'new.yaml')];
    const files = [{ name: 'new.yaml', text: '', formerNames: ['old.yaml'] }];
    const state = mirrored([acm], 'old.yaml');
    const withheld = findWithheld({ head: now, base: was, unpinned: [], state, files });
    expect([...withheld].toSorted()).toEqual(['operator/acm:v1', 'operator/proxy:v1']);
  });
});

const images = fc.subarray(['1', '2', '3', '4']);
const names: readonly (readonly [Entry['kind'], string])[] = [
  ...['a', 'b', 'c'].flatMap((one) => [
    ['operator', `left/${one}`] as const,
    ['operator', `right/${one}`] as const,
  ]),
  ...['stable-4.1', 'stable-4.2'].map((one) => ['release', one] as const),
  ...['x', 'y', 'z'].map((one) => ['additional', one] as const),
];

/** Entries of a base and a head, some of which fail: there alone, or as upstream is now on both sides. */
const change = fc
  .record({
    all: fc.tuple(...names.map(([kind, name]) => images.map((some) => entry(kind, name, ...some)))),
    base: fc.subarray(names.map(([, name]) => name)),
    head: fc.subarray(names.map(([, name]) => name)),
    failing: fc.subarray(names.map(([, name]) => name)),
    failsInBase: fc.boolean(),
    state: fc.constantFrom('says', 'old'),
  })
  .map(({ all, base, head, failing, failsInBase, state }) => {
    const of = (some: readonly string[]) => all.filter(({ name }) => some.includes(name));
    return {
      base: side(of(base), ...(failsInBase ? failing : [])),
      head: side(of(head), ...failing),
      state,
    };
  });

const keysOf = (entries: readonly Entry[]) =>
  new Set(mirrored(entries).map((place) => placeKey(place)));

describe('whatever is edited and whatever fails', { timeout: effort.limit }, () => {
  it('nothing that a failed entry wanted before is removed', () => {
    fc.assert(
      fc.property(change, ({ base, head, state }) => {
        const { removed, stale } = removedBy(base, head, state);
        const failed = head.entries.filter(({ name }) => head.failing.has(name));
        const before = base.entries.filter((one) => failed.some(({ name }) => name === one.name));
        const kept = keysOf(before);
        expect([...removed, ...stale].filter((key) => kept.has(key))).toEqual([]);
      }),
      { numRuns: effort.runs(300) },
    );
  });

  it('everything else goes, where the state says which entry wants what', () => {
    fc.assert(
      fc.property(change, ({ base, head }) => {
        const { stale } = removedBy(base, head, 'says');
        const failed = head.entries.filter(({ name }) => head.failing.has(name));
        // An entry that is new and fails may be one of those that are gone, misspelled.
        const isNew = failed.some(({ name }) => !base.entries.some((one) => one.name === name));
        if (isNew) return;
        const sound = head.entries.filter(({ name }) => !head.failing.has(name));
        const kept = base.entries.filter(({ name }) => head.failing.has(name));
        const stays = keysOf([
          ...sound,
          ...kept.filter((one) => failed.some(({ name }) => name === one.name)),
        ]);
        const gone = [...keysOf(base.entries)].filter((key) => !stays.has(key));
        expect(stale.toSorted()).toEqual(gone.toSorted());
      }),
      { numRuns: effort.runs(300) },
    );
  });

  it('nothing is withheld of a kind of which nothing fails', () => {
    fc.assert(
      fc.property(change, ({ base, head }) => {
        const failed = head.entries.filter(({ name }) => head.failing.has(name));
        const kinds = new Set(failed.map(({ kind }) => kind));
        const { withheld } = removedBy(base, head);
        const others = [...withheld].filter((key) => {
          return !kinds.has(key.split('/')[0] as Entry['kind']);
        });
        expect(others).toEqual([]);
      }),
      { numRuns: effort.runs(200) },
    );
  });
});
