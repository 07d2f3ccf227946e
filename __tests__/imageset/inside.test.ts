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
    // Two components at most: the name is joined with the prefix.
    ['a/b', 'a/b-acme-app', true],
    ['a/b/c', 'a/b-c-acme-app', true],
    ['a/b/c', 'a/b-d-acme-app', false],
    ['a/b', 'a/b-acme/app', false],
    ['ocp', 'ocp-acme-app', false],
  ])('below "%s", %s is the mirror\'s: %s', (prefix, repository, is) => {
    expect(isInside(prefix, repository)).toBe(is);
  });
});
