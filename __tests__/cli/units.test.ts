import { describe, expect, it } from 'vitest';
import { formatGoDuration } from '../../src/cli/units.ts';
import { formatUtc } from '../../src/log.ts';
import { formatBytes } from '../../src/views/index.ts';

describe('units', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [18_240_000, '18.2 MB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [14_200_000_000, '14.2 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '0ms'],
    [350, '350ms'],
    [5300, '5.3s'],
    [60_000, '1m0s'],
    [3_723_004, '1h2m3.004s'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatGoDuration(ms)).toBe(text);
  });

  it('a moment has no fraction of a second', () => {
    expect(formatUtc(Date.UTC(2025, 11, 31, 11, 37, 17, 999))).toBe('2025-12-31T11:37:17Z');
  });
});
