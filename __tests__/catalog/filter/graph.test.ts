import { describe, expect, it } from 'vitest';
import type { ChannelEntry } from '../../../src/catalog/filter/content.ts';
import { reachHead, readGraph } from '../../../src/catalog/filter/graph.ts';

/** `c>b|a`: c replaces b and skips a. */
function entry(text: string, skipRange = ''): ChannelEntry {
  const [, name = '', replaces = '', skips = ''] =
    /^(\w+)(?:>(\w+))?(?:\|([\w,]+))?$/.exec(text) ?? [];
  return { name, replaces, skips: skips ? skips.split(',') : [], skipRange };
}

function fault(...texts: readonly string[]): string | undefined {
  const reading = readGraph(texts.map((text) => entry(text)));
  return 'fault' in reading ? reading.fault : undefined;
}

describe('the upgrade graph of a channel', () => {
  it('has one head and a chain below it', () => {
    const reading = readGraph(['a', 'd|c', 'd2>b|d', 'b>a', 'c'].map((text) => entry(text)));
    expect(reading).toMatchObject({ graph: { head: 'd2', chain: ['d2', 'b', 'a'] } });
  });

  it('may end in something that is no entry', () => {
    expect(readGraph([entry('c>b')])).toMatchObject({ graph: { head: 'c', chain: ['c', 'b'] } });
  });

  it.each([
    [[], 'channel has no entries'],
    [['b', 'a'], 'multiple channel heads found: [a b]'],
    [['a>b', 'b>a'], 'no channel heads found'],
    [['c', 'a>b', 'b>a'], 'detected a cycle in the upgrade graph of the channel'],
    [['c>b', 'b>a', 'a|b'], 'detected a cycle in the upgrade graph of the channel'],
    [['a>a'], 'invalid channel entry "a": replaces itself\nno channel heads found'],
    [['b>a', 'a|a'], 'invalid channel entry "a": skips itself'],
    [['b>a', 'a', 'a'], 'duplicate channel entry "a"'],
    [['a', 'a'], 'duplicate channel entry "a"\nmultiple channel heads found: [a a]'],
  ])('%j: %s', (texts, message) => {
    expect(fault(...texts)).toBe(message);
  });

  it('may replace and skip the same entry', () => {
    expect(fault('b>a|a', 'a')).toBeUndefined();
  });

  it('is read in a time that grows with its size', () => {
    const size = 20_000;
    const long = Array.from({ length: size }, (_, index) =>
      entry(index === 0 ? 'b0' : `b${index}>b${index - 1}`),
    );
    const reading = readGraph(long);
    expect('graph' in reading && reading.graph.chain).toHaveLength(size);
  });
});

describe('an update path', () => {
  const installed = ['a', 'b', 'c', 'd'].map((name, index) => ({ name, version: `1.${index}.0` }));

  it('leads from what an entry replaces, skips or has in its range', () => {
    const entries = [entry('d>c', '<1.1.0'), entry('c')];
    expect(reachHead('d', entries, installed)).toEqual(new Set(['d', 'c', 'a']));
  });

  it('goes on over what it reached', () => {
    const entries = [entry('d>c'), entry('c|b'), entry('b>a')];
    expect(reachHead('d', entries, installed)).toEqual(new Set(['d', 'c', 'b', 'a']));
  });

  it('takes a range that cannot be read as none', () => {
    expect(reachHead('d', [entry('d', 'nonsense')], installed)).toEqual(new Set(['d']));
  });
});
