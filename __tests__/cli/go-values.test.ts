import { describe, expect, it } from 'vitest';
import { parseGoDuration, parseGoInt } from '../../src/cli/go-values.ts';

describe('a duration', () => {
  it.each([
    ['0', 0],
    ['10m', 600_000],
    ['1h2m3s', 3_723_000],
    ['1.5s', 1500],
    ['.5s', 500],
    ['250ms', 250],
    ['1us', 0.001],
    ['-1s', -1000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseGoDuration(text)).toBeCloseTo(ms);
  });

  it.each(['', '5', 's', '1 s', '1d', '1s2', '.s'])('is not %j', (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});

describe('an integer', () => {
  it.each([
    ['5', 5],
    ['-1', -1],
    ['0x10', 16],
  ])('%s is %d', (text, value) => {
    expect(parseGoInt(text)).toBe(value);
  });

  it.each(['', '1.5', '1e3', '99999999999999999999'])('is not %j', (text) => {
    expect(parseGoInt(text)).toBeUndefined();
  });
});
