import { compareIdentifiers } from './identifier.ts';

/**
 * A version as Masterminds' semver reads it: numbers up to 2^64, build metadata without precedence.
 *
 * The npm package of that name refuses numbers above 2^53 and reads other things leniently, so it cannot stand in.
 */
export interface Version {
  readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint];
  readonly prerelease: readonly string[];
  readonly build: readonly string[];
}

const lenient =
  /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?$/;

const maxNumber = 2n ** 64n - 1n;

function identifiers(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split('.');
}

/** Reads a version leniently: `1`, `v1.2` and `01.2.3` are 1.0.0, 1.2.0 and 1.2.3; `undefined` for what is none. */
export function parseVersion(text: string): Version | undefined {
  const match = lenient.exec(text);
  if (!match) return undefined;
  const [, major = '', minor = '0', patch = '0'] = match;
  const prerelease = identifiers(match[4]);
  if (prerelease.some((part) => /^0\d+$/.test(part))) return undefined;
  const numbers = [BigInt(major), BigInt(minor), BigInt(patch)] as const;
  if (numbers.some((number) => number > maxNumber)) return undefined;
  return { numbers, prerelease, build: identifiers(match[5]) };
}

function numberFault(text: string): string | undefined {
  if (!/^\d*$/.test(text)) return 'invalid characters in version';
  if (/^0\d/.test(text)) return 'version segment starts with 0';
  return undefined;
}

/** Says why a number cannot be held, as Go's `strconv` does. */
function sizeFault(text: string): string | undefined {
  if (text === '') return 'strconv.ParseUint: parsing "": invalid syntax';
  if (BigInt(text) <= maxNumber) return undefined;
  return `strconv.ParseUint: parsing "${text}": value out of range`;
}

function identifierFault(text: string, kind: 'prerelease' | 'metadata'): string | undefined {
  const parts = text.split('.');
  if (!parts.every((part) => /^[\dA-Za-z-]+$/.test(part))) return `invalid ${kind} string`;
  const isZeroLed = kind === 'prerelease' && parts.some((part) => /^0\d+$/.test(part));
  return isZeroLed ? 'version segment starts with 0' : undefined;
}

/** Cuts a text in two at the first of a separator; the second is `undefined` where there is none. */
function cut(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Says why a bundle's version is refused, in Masterminds' words; `undefined` for a version that is strictly one.
 * @see Masterminds/semver v3, StrictNewVersion
 */
export function strictVersionFault(text: string): string | undefined {
  if (text === '') return 'version string empty';
  const [major, rest] = cut(text, '.');
  const [minor, tail] = cut(rest ?? '', '.');
  if (tail === undefined) return 'invalid semantic version';
  const [core, build] = cut(tail, '+');
  const [patch, prerelease] = cut(core, '-');
  const numbers = [major, minor, patch];
  return (
    (build === undefined ? undefined : identifierFault(build, 'metadata')) ??
    (prerelease === undefined ? undefined : identifierFault(prerelease, 'prerelease')) ??
    numbers.map(numberFault).find((fault) => fault !== undefined) ??
    numbers.map(sizeFault).find((fault) => fault !== undefined)
  );
}

/** Orders versions by precedence: a prerelease before its release, build metadata without weight. */
export function compareVersions(a: Version, b: Version): number {
  for (const index of [0, 1, 2] as const) {
    const [x, y] = [a.numbers[index], b.numbers[index]];
    if (x !== y) return x < y ? -1 : 1;
  }
  if (a.prerelease.length === 0 || b.prerelease.length === 0) {
    return Number(a.prerelease.length === 0) - Number(b.prerelease.length === 0);
  }
  return compareIdentifiers(a.prerelease, b.prerelease);
}

/** Orders versions by precedence and those of equal precedence by their build metadata, without which a version comes first. */
export function compareBuilds(a: Version, b: Version): number {
  return compareVersions(a, b) || compareIdentifiers(a.build, b.build);
}
