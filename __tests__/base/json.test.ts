import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonLimits, overLimit, parseJson } from '../../src/base/index.ts';

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('JSON within limits', () => {
  test('is what the platform parses', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text, 'It')).toEqual(JSON.parse(text));
      }),
    );
  });

  test('has at most so many levels, and brackets in texts are none', () => {
    expect(parseJson(deep(jsonLimits.depth.most), 'It')).toBeDefined();
    expect(parseJson(JSON.stringify('[{\\"'.repeat(1000)), 'It')).toBeDefined();
    for (const levels of [jsonLimits.depth.most + 1, 1_000_000]) {
      expect(() => parseJson(deep(levels), 'The manifest')).toThrow(
        'The manifest has more than 256 levels of nesting; that is the limit.',
      );
    }
  });

  test('has at most so many values, and the error says why no honest text has more', () => {
    const values = { most: 10, unit: 'values', why: 'Real ones have three.' };
    const list = (count: number) => JSON.stringify(Array.from({ length: count }, () => ({})));
    const limits = { ...jsonLimits, values };
    expect(parseJson(list(4), 'It', limits)).toHaveLength(4);
    expect(() => parseJson(list(20), 'It', limits)).toThrow(
      expect.objectContaining({
        code: 'TOO_LARGE',
        message: expect.stringContaining('10 values'),
        hint: values.why,
      }),
    );
  });

  test('that is broken is a syntax error', () => {
    for (const text of ['', '{', '[1,]', '"\\', ']]]]']) {
      expect(() => parseJson(text, 'It')).toThrow(SyntaxError);
    }
  });
});

test('whole mebibytes are written as such', () => {
  const limit = { most: 64 * 1024 * 1024, unit: 'bytes after decompression', why: '' };
  expect(overLimit('The layer', limit).message).toBe(
    'The layer has more than 64 MiB after decompression; that is the limit.',
  );
});
