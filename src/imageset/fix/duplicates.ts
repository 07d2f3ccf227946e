import { isDeepStrictEqual } from 'node:util';
import { isSeq } from 'yaml';
import {
  compareVersions,
  type PackageWish,
  parseVersion,
  type VersionBounds,
} from '../../catalog/index.ts';
import type { ReleaseChannel } from '../../release/index.ts';
import { isNeededElsewhere, removeItem } from '../../yaml/index.ts';
import type { YamlPath } from '../config.ts';
import type { Meaning } from './meaning.ts';
import type { Mend } from './mend.ts';

/** Compares two bounds; undefined where one is no version. */
function compare(a: string, b: string): number | undefined {
  if (a === b) return 0;
  const [left, right] = [parseVersion(a), parseVersion(b)];
  return left && right ? compareVersions(left, right) : undefined;
}

function isOpen({ minVersion, maxVersion }: VersionBounds): boolean {
  return minVersion === undefined && maxVersion === undefined;
}

function reachesDown(whole: VersionBounds, part: VersionBounds): boolean {
  if (whole.minVersion === undefined) return true;
  if (part.minVersion === undefined) return false;
  return (compare(whole.minVersion, part.minVersion) ?? 1) <= 0;
}

function reachesUp(whole: VersionBounds, part: VersionBounds): boolean {
  if (whole.maxVersion === undefined) return true;
  if (part.maxVersion === undefined) return false;
  return (compare(whole.maxVersion, part.maxVersion) ?? -1) >= 0;
}

/** Without a range only the newest version is meant, which every range without an upper bound holds. */
function holdsRange(whole: VersionBounds, part: VersionBounds): boolean {
  if (isOpen(whole)) return isOpen(part);
  if (isOpen(part)) return whole.maxVersion === undefined;
  return reachesDown(whole, part) && reachesUp(whole, part);
}

function holdsPackage(whole: PackageWish, part: PackageWish): boolean {
  const isSameDefault =
    part.defaultChannel === undefined || part.defaultChannel === whole.defaultChannel;
  if (!isSameDefault || !holdsRange(whole, part)) return false;
  const [own, other] = [whole.channels ?? [], part.channels ?? []];
  if (own.length === 0) return other.every(isOpen);
  if (other.length === 0) return false;
  return other.every((channel) =>
    own.some((one) => one.name === channel.name && holdsRange(one, channel)),
  );
}

function holdsRelease(whole: ReleaseChannel, part: ReleaseChannel): boolean {
  const { full = false, shortestPath = false, type } = whole;
  const isSameKind =
    (part.full ?? false) === full &&
    (part.shortestPath ?? false) === shortestPath &&
    part.type === type;
  if (!isSameKind) return false;
  const isSame = part.minVersion === whole.minVersion && part.maxVersion === whole.maxVersion;
  return isSame || (!shortestPath && !full && holdsRange(whole, part));
}

/** A list of a file whose entries have names that may not be there twice. */
interface NamedList<T> {
  readonly what: string;
  readonly path: YamlPath;
  readonly items: readonly T[];
  /** Tells whether one entry selects everything that another one of the same name selects. */
  readonly holds: (whole: T, part: T) => boolean;
}

interface Repeated {
  readonly index: number;
  readonly by: number;
}

/** Gives the indexes of the entries of each name that is there more than once. */
function groupsOf(items: readonly { readonly name: string }[]): number[][] {
  const groups = Map.groupBy(items.keys(), (index) => items[index]?.name);
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Finds the entries of one name that add nothing to another entry of this name. */
function findRepeated<T>({ items, holds }: NamedList<T>, group: readonly number[]): Repeated[] {
  const kept = new Set(group);
  return group.flatMap((index) => {
    const item = items[index] as T;
    const by = [...kept].find((at) => at !== index && holds(items[at] as T, item));
    // The first of two equal entries stays.
    const isGone = by !== undefined && (by < index || !holds(item, items[by] as T));
    if (isGone) kept.delete(index);
    return isGone ? [{ index, by }] : [];
  });
}

function mendList<T extends { readonly name: string }>(
  meaning: Meaning,
  list: NamedList<T>,
): Mend[] {
  const node = meaning.nodeAt(list.path);
  if (!isSeq(node)) return [];
  const repeated = groupsOf(list.items).flatMap((group) => findRepeated(list, group));
  return repeated.flatMap(({ index, by }) => {
    const [own, other] = [index, by].map((at) => meaning.nodeAt([...list.path, at]));
    const isClear = [index, by].every((at) => meaning.isClear([...list.path, at]));
    if (!own || !other || !isClear || isNeededElsewhere(meaning.document, own)) return [];
    const splice = removeItem(meaning.text, node, index);
    const name = list.items[index]?.name;
    const reason = `the ${list.what} "${name}" is deleted here: another entry of it says the same or more`;
    return splice ? [{ ...splice, at: own.range?.[0] ?? 0, reason }] : [];
  });
}

/** Deletes an entry that is listed twice where the other one covers everything that it asks for. */
export function mendDuplicates(meaning: Meaning): Mend[] {
  const { mirror, top } = meaning;
  const releases = mendList(meaning, {
    what: 'release channel',
    path: [top, 'platform', 'channels'],
    items: mirror.platform?.channels ?? [],
    holds: holdsRelease,
  });
  const images = mendList(meaning, {
    what: 'image',
    path: [top, 'additionalImages'],
    items: mirror.additionalImages ?? [],
    holds: isDeepStrictEqual,
  });
  const operators = (mirror.operators ?? []).flatMap((catalog, outer) => {
    const path = [top, 'operators', outer, 'packages'];
    const packages = catalog.packages ?? [];
    const channels = packages.flatMap((one, index) =>
      mendList(meaning, {
        what: 'channel',
        path: [...path, index, 'channels'],
        items: one.channels ?? [],
        holds: holdsRange,
      }),
    );
    if (channels.length > 0) return channels;
    return mendList(meaning, { what: 'package', path, items: packages, holds: holdsPackage });
  });
  return [...releases, ...images, ...operators];
}
