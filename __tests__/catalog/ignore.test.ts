import { describe, expect, test } from 'vitest';
import { createIgnoreRules } from '../../src/catalog/ignore.ts';

describe('.indexignore', () => {
  test.each([
    ['README.md', 'README.md', true],
    ['README.md', 'foo/README.md', true],
    ['README.md', 'foo/README.mdx', false],
    ['*.md', 'a/b.md', true],
    ['/foo', 'foo/catalog.json', true],
    ['/foo', 'bar/foo/catalog.json', false],
    ['foo', 'bar/foo/catalog.json', true],
    ['foo/', 'foo', false],
    ['foo/', 'foo/catalog.json', true],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/**/z', 'b/z', false],
    ['**/z', 'x/y/z/file', true],
    ['/a/', 'a', false],
    ['file[0-9].json', 'file7.json', true],
    ['file[!0-9].json', 'file7.json', false],
    ['f?le', 'file', true],
    ['\\*', 'x', false],
    ['# comment', '# comment', false],
    ['*\n!keep', 'keep', false],
    ['*\n!keep', 'other', true],
    ['*\n!keep', 'keep/file', false],
    ['a/**', 'a', true],
  ])('with %j on %s: %s', (text, path, ignored) => {
    expect(createIgnoreRules(new Map([['.indexignore', text]]))(path)).toBe(ignored);
  });

  test('holds for its own directory, and a deeper one has the last word', () => {
    const rules = createIgnoreRules(
      new Map([
        ['dir/.indexignore', 'b\n!a'],
        ['.indexignore', 'a'],
      ]),
    );
    expect(['a', 'b', 'dir/a', 'dir/b', 'dir/x/b'].filter(rules)).toEqual([
      'a',
      'dir/b',
      'dir/x/b',
    ]);
  });

  test('takes no longer for a nasty pattern', () => {
    const nasty = `${'*a'.repeat(60)}b\n/${'**/a/'.repeat(60)}b`;
    const rules = createIgnoreRules(new Map([['.indexignore', nasty]]));
    expect(rules('a'.repeat(200))).toBe(false);
    expect(rules('a/'.repeat(200))).toBe(false);
  });
});
