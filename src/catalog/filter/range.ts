import { compareVersions, parseVersion, type Version } from './version.ts';

/** A range of versions as written, both bounds included; an empty text is no bound. */
export interface VersionBounds {
  readonly minVersion?: string;
  readonly maxVersion?: string;
}

/** A range of versions. */
export interface VersionRange {
  /** As oc-mirror writes it: `>=1.0.0 <=2.0.0`; with the upper bound alone it begins with a blank. */
  readonly text: string;
  admits(version: Version): boolean;
}

/** The last part of a bound that is written; missing parts are wildcards. */
type Precision = 'none' | 'major' | 'minor' | 'patch';

interface Bound {
  readonly version: Version;
  readonly precision: Precision;
}

const part = String.raw`[\dxX*]+`;
const boundPattern = new RegExp(
  String.raw`^v?(${part})(?:\.(${part}))?(?:\.(${part}))?((?:-[\dA-Za-z.-]+)?)(?:\+[\dA-Za-z.-]+)?$`,
);

/** Reads a bound. @see Masterminds/semver v3, parseConstraint */
function parseBound(text: string): Bound | undefined {
  const match = boundPattern.exec(text);
  if (!match) return undefined;
  const [, major, minor, patch, tail = ''] = match;
  const written = [major, minor, patch];
  const wild = written.findIndex((text = '*') => /^[xX*]$/.test(text));
  const count = wild < 0 ? 3 : wild;
  const numbers = written.map((number, index) => (index < count ? number : '0'));
  const version = parseVersion(`${numbers.join('.')}${tail}`);
  const precision = (['none', 'major', 'minor', 'patch'] as const)[count];
  return version && precision ? { version, precision } : undefined;
}

/** Tells whether a version is at most a bound; `<=1.2` includes all of 1.2. */
function isAtMost(version: Version, { version: bound, precision }: Bound): boolean {
  if (precision === 'patch') return compareVersions(version, bound) <= 0;
  const [major, minor] = version.numbers;
  if (major !== bound.numbers[0]) return major < bound.numbers[0];
  return precision === 'major' || minor <= bound.numbers[1];
}

/** Gives the text of a range; empty when there is none. */
export function rangeText({ minVersion = '', maxVersion = '' }: VersionBounds): string {
  return `${minVersion && `>=${minVersion}`}${maxVersion && ` <=${maxVersion}`}`;
}

/**
 * Reads a range; `undefined` when a bound is no version.
 *
 * A prerelease is admitted only if one of the bounds is a prerelease; build metadata does not count.
 * @see Masterminds/semver v3.4, Constraints.Check
 */
export function parseRange(bounds: VersionBounds): VersionRange | undefined {
  const [min, max] = [bounds.minVersion, bounds.maxVersion].map((text) =>
    text ? (parseBound(text) ?? 'invalid') : undefined,
  );
  if (min === 'invalid' || max === 'invalid') return undefined;
  const isPrerelease = [min, max].some((bound) => bound && bound.version.prerelease.length > 0);
  return {
    text: rangeText(bounds),
    admits: (version) =>
      (version.prerelease.length === 0 || isPrerelease) &&
      (!min || compareVersions(version, min.version) >= 0) &&
      (!max || isAtMost(version, max)),
  };
}

/** Gives the version that both bounds name; `undefined` if their texts differ. */
export function pinnedVersion({ minVersion, maxVersion }: VersionBounds): string | undefined {
  return minVersion && minVersion === maxVersion ? minVersion : undefined;
}
