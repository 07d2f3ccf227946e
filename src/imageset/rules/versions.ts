import type { VersionBounds, YamlPath } from '../config.ts';
import type { Finding } from './finding.ts';

const pattern =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

const maxUint64 = 2n ** 64n - 1n;

/**
 * Tells whether a text is a version for Masterminds' lenient reader, which oc-mirror asks about operators.
 *
 * `1`, `v1.2` and `01.2.3` are; a numeric part of a prerelease must not begin with a zero.
 */
export function isLenientVersion(text: string): boolean {
  const match = text.length <= 256 ? pattern.exec(text) : null;
  if (!match) return false;
  const numbers = match.slice(1, 4).filter((part) => part !== undefined);
  if (numbers.some((part) => BigInt(part) > maxUint64)) return false;
  return (match[4] ?? '').split('.').every((part) => !/^0[0-9]+$/.test(part));
}

/** Gives the finding of a range whose bounds stand the wrong way round; `holds` ends "no release of channel … can match". */
export function emptyRange(
  { minVersion = '', maxVersion }: VersionBounds,
  said: Pick<Finding, 'summary'> & { readonly none: string },
  path: YamlPath,
): Finding {
  return {
    severity: 'error',
    code: 'impossible-range',
    summary: said.summary,
    detail: `minVersion ${minVersion} is newer than maxVersion ${maxVersion}, so no ${said.none} can match. Swap the two.`,
    fix: `minVersion: ${maxVersion}\nmaxVersion: ${minVersion}`,
    text: minVersion,
    path: [...path, 'minVersion'],
  };
}
