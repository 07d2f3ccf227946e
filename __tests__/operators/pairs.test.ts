import { describe, expect, it } from 'vitest';
import type { OperatorCatalog } from '../../src/imageset/index.ts';
import { loadImageSet } from '../../src/imageset/index.ts';
import { digestOf } from '../../src/oci/index.ts';
import { type EntryCatalog, pairCatalogs } from '../../src/operators/pairs.ts';
import { operatorsConfig } from '../support/operators.ts';

/** An operator entry of which only the file and the reference matter. */
function entry(file: string, catalog: string, more: Partial<OperatorCatalog> = {}): EntryCatalog {
  const { imageSet } = loadImageSet(
    operatorsConfig([`{catalog: "${catalog}"}`], file),
    'ImageSetConfiguration',
  );
  if (!imageSet) throw new Error('The image set is refused.');
  return {
    imageSet,
    index: 0,
    catalog: { catalog, ...more },
    digest: digestOf(new Uint8Array()),
    filtered: { packages: [], errors: [], findings: [], isWhole: false },
    reader: {
      directory: '',
      packageNames: [],
      read: async () => undefined,
      recall: async () => undefined,
      remember: async () => undefined,
    },
  };
}

/** Shows an entry by its file and reference. */
function show(one: EntryCatalog | undefined): string {
  return one ? `${one.imageSet.name} ${one.catalog.catalog}` : '-';
}

function paired(...sides: Parameters<typeof pairCatalogs>): readonly string[] {
  return pairCatalogs(...sides).map(({ before, after }) => `${show(before)} > ${show(after)}`);
}

const digest = (digit: string) => `r.test/index@sha256:${digit.repeat(64)}`;

describe('an operator entry', () => {
  it.each([
    ['the same reference', 'r.test/index:v1', 'r.test/index:v1'],
    ['another tag', 'r.test/index:v1', 'r.test/index:v2'],
    ['another digest', digest('a'), digest('b')],
  ])('is the same with %s', (_, before, after) => {
    expect(paired([entry('a.yaml', before)], [entry('a.yaml', after)])).toEqual([
      `a.yaml ${before} > a.yaml ${after}`,
    ]);
  });

  it('is another one with another repository', () => {
    const [before, after] = [entry('a.yaml', 'r.test/one:v1'), entry('a.yaml', 'r.test/two:v1')];
    expect(paired([before], [after])).toEqual([
      '- > a.yaml r.test/two:v1',
      'a.yaml r.test/one:v1 > -',
    ]);
  });

  it('prefers its own reference to a likeness, whatever the order', () => {
    const [v1, v2, v3] = ['v1', 'v2', 'v3'].map((tag) => entry('a.yaml', `r.test/index:${tag}`));
    if (!v1 || !v2 || !v3) throw new Error('unreachable');
    expect(paired([v1, v2], [v3, v1])).toEqual([
      'a.yaml r.test/index:v2 > a.yaml r.test/index:v3',
      'a.yaml r.test/index:v1 > a.yaml r.test/index:v1',
    ]);
  });

  it('that is listed twice is told apart by where it goes', () => {
    const catalog = 'r.test/index:v1';
    const [left, right] = ['left', 'right'].map((targetTag) =>
      entry('a.yaml', catalog, { targetTag }),
    );
    if (!left || !right) throw new Error('unreachable');
    expect(pairCatalogs([left, right], [right, left])).toEqual([
      { before: right, after: right },
      { before: left, after: left },
    ]);
  });

  it('stays itself in a file with a new name, and in another file', () => {
    const [old, now] = [entry('old.yaml', 'r.test/index:v1'), entry('new.yaml', 'r.test/index:v2')];
    expect(paired([old], [now])).toEqual([
      '- > new.yaml r.test/index:v2',
      'old.yaml r.test/index:v1 > -',
    ]);
    // The base knows a renamed file by the name that it has now.
    expect(paired([entry('new.yaml', 'r.test/index:v1')], [now])).toHaveLength(1);
    const moved = entry('new.yaml', 'r.test/index:v1');
    expect(paired([old], [moved])).toEqual(['old.yaml r.test/index:v1 > new.yaml r.test/index:v1']);
  });
});
