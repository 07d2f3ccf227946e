import { SemVer } from 'semver';

/**
 * Reads a version strictly: three numbers, no `v`, no blanks, nothing partial.
 * Gives `undefined` when the text is none.
 * @see semver.org 2.0.0
 */
export function parseReleaseVersion(text: string): SemVer | undefined {
  // The library forgives a leading "v" and blanks; the update service does not.
  if (!/^\d/.test(text) || /\s/.test(text)) return undefined;
  try {
    return new SemVer(text);
  } catch {
    return undefined;
  }
}

/** Orders versions by precedence; build metadata does not count. */
export function compareReleaseVersions(a: SemVer, b: SemVer): number {
  return a.compare(b);
}

/** Writes a version with its build metadata, which the library leaves out. */
export function formatVersion(version: SemVer): string {
  return version.build.length > 0
    ? `${version.version}+${version.build.join('.')}`
    : version.version;
}
