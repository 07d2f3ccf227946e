import { describe, expect, it } from 'vitest';
import { evaluatePath, parseJsonPath } from '../../src/base/index.ts';

const document = {
  kind: 'Engine',
  metadata: { labels: { 'app.kubernetes.io/image': 'dotted' } },
  spec: {
    list: [
      { name: 'a', image: 'one' },
      { name: 'b', image: 'two', nested: { image: 'three' } },
    ],
    map: { x: { image: 'four' }, y: {} },
  },
};

describe('a path to images', () => {
  it.each([
    ['{.spec.list[*].image}', ['one', 'two']],
    ['.spec.list[*].image', ['one', 'two']],
    ['{$.spec.list[0].image}', ['one']],
    ['{.spec.list[-1].image}', ['two']],
    ['{.spec.list[0,1].image}', ['one', 'two']],
    ['{.spec.list[1:].image}', ['two']],
    ['{.spec.list[::2].name}', ['a']],
    ["{.spec['map'].x.image}", ['four']],
    ['{.spec.map.*.image}', ['four']],
    [String.raw`{.metadata.labels.app\.kubernetes\.io/image}`, ['dotted']],
    ['{.spec.list[?(@.name=="b")].image}', ['two']],
    ["{.spec.list[?(@.name!='b')].image}", ['one']],
    ['{.spec.list[?(@.nested)].image}', ['two']],
    ['{.spec.list..image}', ['one', 'two', 'three']],
    ['{.spec.list[0].image}{" "}{.spec.map.x.image}', ['one', 'four']],
    ['{.spec.missing[*].image}', []],
    ['{.spec.list.image}', []],
  ])('%s leads where kubectl says', (path, found) => {
    expect(evaluatePath(parseJsonPath(path), document)).toEqual(found);
  });

  it.each([
    ['spec.list[*].image', '"spec.list[*].image"'],
    ['{range .spec.list[*]}{.image}{end}', '"range .spec.list[*]"'],
    ['{.spec.list[?(@.size>3)].image}', '">3)].image"'],
    ['{.spec.list[*.image}', '"[*.image"'],
    ['{}', 'its end'],
  ])('that is not understood is refused with the place: %s', (path, place) => {
    expect(() => parseJsonPath(path)).toThrow(
      `failed to parse ${path}: not understood at ${place}`,
    );
  });

  it('that forks into more values than any object has is refused', () => {
    const wide = { a: Array.from({ length: 400 }, () => Array.from({ length: 400 }, () => 1)) };
    expect(() => evaluatePath(parseJsonPath('{.a[*][*]}'), wide)).toThrow(/has more than 100000/);
  });
});
