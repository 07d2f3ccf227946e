import { compareVersions, type FilteredPackage, parseVersion } from '../filter/index.ts';
import { type Advice, yamlText } from './advice.ts';

/** Compares two versions; what is not a version is older than none. */
export function isOlder(a: string, b: string): boolean {
  const [x, y] = [parseVersion(a), parseVersion(b)];
  return x !== undefined && y !== undefined && compareVersions(x, y) < 0;
}

/**
 * Says how to keep a channel from an older version on: for the channel where channels are listed, else for the package.
 *
 * A package and its channels must not both have a range. Where no package is named there is no place for one.
 */
export function lowerBound(
  { path, asks }: Pick<FilteredPackage, 'path' | 'asks'>,
  channel: string,
  version: string,
): Pick<Advice, 'fix' | 'path'> {
  if (path.length === 0) return { path };
  const bound = `minVersion: ${yamlText(version)}`;
  if (asks.range || !asks.channels) return { path, fix: bound };
  return { path: [...path, 'channels'], fix: `- name: ${yamlText(channel)}\n  ${bound}` };
}
