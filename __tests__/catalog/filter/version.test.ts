import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import {
  compareBuilds,
  compareVersions,
  parseVersion,
  strictVersionFault,
} from '../../../src/catalog/filter/version.ts';
import { effort } from '../../support/effort.ts';

function read(text: string) {
  const version = parseVersion(text);
  if (!version) throw new Error(`${text} is no version`);
  return version;
}

describe('versions', () => {
  it.each([
    ['1.2.3', undefined],
    ['0.8.3+0.1646.p', undefined],
    ['1.0.0-rc.1', undefined],
    ['1.0.0--', undefined],
    ['18446744073709551615.0.0', undefined],
    ['', 'version string empty'],
    ['1', 'invalid semantic version'],
    ['1.2', 'invalid semantic version'],
    ['v1.2.3', 'invalid characters in version'],
    ['1.2.3.4', 'invalid characters in version'],
    ['1.2.x', 'invalid characters in version'],
    ['1.02.3', 'version segment starts with 0'],
    ['1.2.3-01', 'version segment starts with 0'],
    ['1.2.3-a..b', 'invalid prerelease string'],
    ['1.2.3-', 'invalid prerelease string'],
    ['1.2.3+a_b', 'invalid metadata string'],
    ['1..3', 'strconv.ParseUint: parsing "": invalid syntax'],
    [
      '18446744073709551616.0.0',
      'strconv.ParseUint: parsing "18446744073709551616": value out of range',
    ],
  ])('of bundles are strict: %j → %j', (text, fault) => {
    expect(strictVersionFault(text)).toBe(fault);
  });

  it.each([
    ['v1', '1.0.0'],
    ['1.1', '1.1.0'],
    ['01.002.3', '1.2.3'],
    ['1-rc.1', '1.0.0-rc.1'],
    ['1.2+x', '1.2.0'],
  ])('of configurations are lenient: %s is %s', (lenient, strict) => {
    expect(compareVersions(read(lenient), read(strict))).toBe(0);
  });

  it.each(['', 'x', '1.2.3.4', '1.x', '1.0.0-01', '18446744073709551616', '1.0.0-', ' 1', '1\n'])(
    'are not read out of %j',
    (text) => {
      expect(parseVersion(text)).toBeUndefined();
    },
  );

  const number = fc.nat(12).map(String);
  const word = fc.constantFrom('a', 'rc', 'B', '1a', '-', '10', '9', '0');
  const versionText = fc
    .tuple(
      number,
      number,
      number,
      fc.array(word, { maxLength: 3 }),
      fc.array(word, { maxLength: 2 }),
    )
    .map(
      ([major, minor, patch, pre, build]) =>
        `${major}.${minor}.${patch}${pre.length > 0 ? `-${pre.join('.')}` : ''}${build.length > 0 ? `+${build.join('.')}` : ''}`,
    );

  it('are ordered as semver says', () => {
    fc.assert(
      fc.property(versionText, versionText, (a, b) => {
        expect(Math.sign(compareVersions(read(a), read(b)))).toBe(semver.compare(a, b));
        expect(Math.sign(compareBuilds(read(a), read(b)))).toBe(semver.compareBuild(a, b));
      }),
      { numRuns: effort.runs(2000) },
    );
  });

  it('are ordered beyond the numbers that JavaScript has', () => {
    const [lower, higher] = ['9007199254740992.0.0', '9007199254740993.0.0'].map(read);
    expect(lower && higher && compareVersions(lower, higher)).toBe(-1);
    expect(compareVersions(read('1.0.0-9007199254740993'), read('1.0.0-9007199254740992'))).toBe(1);
  });
});
