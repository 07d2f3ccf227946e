import { describe, expect, it } from 'vitest';
import { parseRange, pinnedVersion, rangeText } from '../../../src/catalog/filter/range.ts';
import { parseVersion } from '../../../src/catalog/filter/version.ts';

function admits(minVersion: string, maxVersion: string, text: string): boolean | undefined {
  const version = parseVersion(text);
  return version && parseRange({ minVersion, maxVersion })?.admits(version);
}

describe('a range of versions', () => {
  it.each([
    ['1.0.0', '', '1.0.0', true],
    ['1.0.0', '', '0.9.9', false],
    ['1', '', '1.0.0', true],
    ['1.2', '', '1.1.9', false],
    ['', '2.0.0', '2.0.0', true],
    ['', '2.0.0', '2.0.1', false],
    // A bound that is cut short takes in everything below it.
    ['', '2.0', '2.0.9', true],
    ['', '2.0', '2.1.0', false],
    ['', '2', '2.9.9', true],
    ['', '2', '3.0.0', false],
    ['', '0', '0.9.9', true],
    ['', 'x', '0.0.7', true],
    ['', 'x', '1.0.0', false],
    ['1.x', '', '1.0.0', true],
    // Prereleases count only when a bound is one, and then on both sides.
    ['1.0.0', '2.0.0', '1.5.0-rc.1', false],
    ['1.0.0-0', '2.0.0', '1.5.0-rc.1', true],
    ['1.0.0', '2.0.0-0', '1.5.0-rc.1', true],
    ['1.0.0', '2.0.0-0', '2.0.0-1', false],
    ['1.0.0', '2.0.0-0', '2.0.0', false],
    ['1.47.1-5', '', '1.47.1-10', true],
    ['1.47.1-5', '', '1.47.1-4', false],
    // The prerelease of a bound that is cut short only opens the door.
    ['', '1.2-0', '1.2.9-rc.1', true],
    // Build metadata counts for nothing.
    ['', '0.8.3', '0.8.3+0.1646.p', true],
    ['0.8.3+0.1700.p', '', '0.8.3+0.1646.p', true],
    ['v1.0.0', 'v1.0.0', '1.0.0', true],
    ['2.0.0', '1.0.0', '1.5.0', false],
  ])('from %j to %j: %s %s', (min, max, version, isIn) => {
    expect(admits(min, max, version)).toBe(isIn);
  });

  it.each(['latest', '>=1.0.0', '1.0.0 || 2.0.0', '1..2', '1.0.0-01', '1x'])(
    'is not read out of %j',
    (bound) => {
      expect(parseRange({ minVersion: bound })).toBeUndefined();
      expect(parseRange({ maxVersion: bound })).toBeUndefined();
    },
  );

  it('is cited as oc-mirror writes it', () => {
    expect(rangeText({ minVersion: '1.0', maxVersion: '2.0' })).toBe('>=1.0 <=2.0');
    expect(rangeText({ minVersion: '1.0' })).toBe('>=1.0');
    expect(rangeText({ maxVersion: '2.0' })).toBe(' <=2.0');
    expect(rangeText({})).toBe('');
  });

  it('pins a version when both bounds are written alike', () => {
    expect(pinnedVersion({ minVersion: '1.0', maxVersion: '1.0' })).toBe('1.0');
    expect(pinnedVersion({ minVersion: '1.0', maxVersion: '1.0.0' })).toBeUndefined();
    expect(pinnedVersion({ minVersion: '', maxVersion: '' })).toBeUndefined();
    expect(pinnedVersion({ minVersion: '1.0' })).toBeUndefined();
  });
});
