import { compareText } from '../../base/index.ts';

/**
 * A version as Masterminds' semver reads it: numbers up to 2^64, build metadata without precedence.
 *
 * The npm package of that name refuses numbers above 2^53 and is lenient in other places, so it cannot be used here.
 */
export interface Version {
  readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint];
  readonly prerelease: readonly string[];
  readonly build: readonly string[];
}

const lenient =
  /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?$/;

/** Characters of a version; real ones have some twenty. */
const maxLength = 256;
const maxNumber = 2n ** 64n - 1n;

function identifiers(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split('.');
}

/** Reads a version leniently: `1`, `v1.2` and `01.2.3` are 1.0.0, 1.2.0 and 1.2.3; `undefined` for other texts. */
export function parseVersion(text: string): Version | undefined {
  const match = text.length <= maxLength ? lenient.exec(text) : null;
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

/** Cuts a text at the first separator; without one the second part is `undefined`. */
function cut(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Gives the reason to refuse a bundle's version, in Masterminds' words; `undefined` for a strict version.
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

function numberOf(text: string): bigint | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const number = BigInt(text);
  // Above, Masterminds reads it as a word.
  return number <= maxNumber ? number : undefined;
}

function compareIdentifier(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === undefined && y === undefined) return compareText(a, b);
  if (x === undefined) return 1;
  if (y === undefined) return -1;
  return x < y ? -1 : Number(x > y);
}

/** Numbers by value and before words, the shorter list first. @see semver 2.0.0, 11.4 */
function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareIdentifier(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Orders versions by precedence: a prerelease before its release; build metadata does not count. */
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

/** Orders versions by precedence, then by build metadata; a version without it comes first. */
export function compareBuilds(a: Version, b: Version): number {
  return compareVersions(a, b) || compareIdentifiers(a.build, b.build);
}

/** Orders two texts as versions; a text that is no version equals every other. */
export function compareAsVersions(a: string, b: string): number {
  const [x, y] = [parseVersion(a), parseVersion(b)];
  return x && y ? compareVersions(x, y) : 0;
}

/** Orders by version, the oldest first. */
export function byVersion(
  a: { readonly version: string },
  b: { readonly version: string },
): number {
  return compareAsVersions(a.version, b.version);
}

interface Headed {
  readonly head?: { readonly version: string };
}

/** Orders channels by the versions of their heads, the newest first and those without a version last. */
export function byNewestHead(a: Headed, b: Headed): number {
  const [x, y] = [a, b].map(({ head }) => parseVersion(head?.version ?? ''));
  return x && y ? compareVersions(y, x) : Number(Boolean(y)) - Number(Boolean(x));
}
