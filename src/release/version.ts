import { SemVer } from 'semver';

/**
 * Reads a version strictly: three numbers, no `v`, no blanks, nothing partial; `undefined` for other texts.
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

/** Tells whether a version lies between two others, both included. */
export function isBetween(version: SemVer, min: SemVer, max: SemVer): boolean {
  return min.compare(version) <= 0 && version.compare(max) <= 0;
}

/** Writes a version with its build metadata, which the library leaves out. */
export function formatVersion(version: SemVer): string {
  return version.build.length > 0
    ? `${version.version}+${version.build.join('.')}`
    : version.version;
}

/** The names in release tags for architectures of the update service. */
const tagWords: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
]);

/** Gives the word of tags for an architecture: `x86_64` for `amd64`; `ppc64le` stays itself. */
export function architectureTagWord(architecture: string): string {
  return tagWords.get(architecture) ?? architecture;
}

/** Gives the tag under which a release is published: `4.16.5-x86_64`. Build metadata's `+` cannot stand in a tag. */
export function releaseTag(version: string, architecture: string): string {
  return `${version.replaceAll('+', '_')}-${architectureTagWord(architecture)}`;
}

/** Gives the architecture at the end of a release tag, `amd64` for `4.16.5-x86_64`; `undefined` if there is none. */
export function architectureOfTag(tag: string): string | undefined {
  const known = ['amd64', 'arm64', 'ppc64le', 's390x', 'multi'];
  return known.find((architecture) => tag.endsWith(`-${architectureTagWord(architecture)}`));
}
