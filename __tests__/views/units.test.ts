import { describe, expect, it } from 'vitest';
import { listPhrases, say } from '../../src/views/text/phrase.ts';
import { clip } from '../../src/views/text/printable.ts';
import { phraseToText } from '../../src/views/text/text.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  shortDigest,
  shortId,
} from '../../src/views/text/units.ts';

describe('numbers', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [18_200_000, '18.2 MB'],
    [14_200_000_000, '14.2 GB'],
    [Number.MAX_SAFE_INTEGER, '9.0 PB'],
  ])('writes %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, '0.0 s'],
    [900, '0.9 s'],
    [9949, '9.9 s'],
    [9950, '10 s'],
    [59_600, '1 m 00 s'],
    [518_000, '8 m 38 s'],
    [3_599_999, '1 h 00 m'],
    [3_720_000, '1 h 02 m'],
  ])('writes %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('keeps thousands apart', () => {
    expect([0, 999, 1000, 1_234_567].map(formatNumber)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([1, 2000].map((count) => formatCount(count, 'image'))).toEqual([
      '1 image',
      '2,000 images',
    ]);
    expect(formatCount(2, 'retry', 'retries')).toBe('2 retries');
  });
});

describe('names', () => {
  it('shows twelve digits of a digest', () => {
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    expect(shortDigest(digest)).toBe('sha256:0123456789ab');
    expect(shortId(digest)).toBe('0123456789ab');
  });

  it('shortens long texts in their middle, to the limit exactly', () => {
    expect(clip('abcdef', 6)).toBe('abcdef');
    expect(clip('abcdefghijkl', 9)).toBe('abcde…jkl');
    expect(clip('x'.repeat(1000), 100)).toHaveLength(100);
  });

  it('lists some and counts the rest', () => {
    const phrases = ['a', 'b', 'c', 'd'].map((text) => say`${text}`);
    const lists = [0, 1, 2, 3, 4].map((count) =>
      phraseToText(listPhrases(phrases.slice(0, count), 3)),
    );
    expect(lists).toEqual(['', 'a', 'a and b', 'a, b and c', 'a, b, c and 1 more']);
  });
});
