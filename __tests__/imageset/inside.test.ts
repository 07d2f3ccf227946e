import { describe, expect, it } from 'vitest';
import { isInside } from '../../src/imageset/index.ts';

describe('a repository', () => {
  it.each([
    ['', 'team/app', true],
    ['', 'imageset-mirror/state', false],
    ['', 'imageset-mirror', false],
    ['ocp', 'ocp/app', true],
    ['ocp', 'ocp', false],
    ['ocp', 'ocp2/app', false],
    ['ocp', 'prod/app', false],
    ['ocp', 'ocp/imageset-mirror/state', false],
    ['ocp', 'ocp/imageset-mirror2', true],
    ['a/b', 'a/b/c', true],
    ['a/b', 'a/c', false],
    ['a/b', 'a/b-acme-app', false],
  ])('below "%s", %s is the mirror\'s: %s', (prefix, repository, is) => {
    expect(isInside({ prefix }, repository)).toBe(is);
  });

  it.each([
    ['a/b', 2, 'a/b-c-d', true],
    ['a/b/c', 2, 'a/b-c-d', true],
    ['a/b', 1, 'a-b-c', true],
    ['a/b', 2, 'a/b/c', true],
    ['a/b', 2, 'a/b-', false],
    ['a/b', 2, 'a/b-c/d', false],
    ['a/b', 2, 'a/bc-d', false],
    ['a/b', 2, 'a-b-c', false],
    ['a/b', 3, 'a/b-c', false],
    ['a/b', 0, 'a/b-c', false],
    ['', 1, 'a-b', true],
    ['a', 2, 'a/imageset-mirror/state', false],
    ['a', 2, 'a-b', false],
  ])(
    'below "%s" of %i components at most, %s is the mirror\'s: %s',
    (prefix, maxNestedPaths, name, is) => {
      expect(isInside({ prefix, maxNestedPaths }, name)).toBe(is);
    },
  );
});
