import {
  type ChannelWish,
  compareVersions,
  type PackageWish,
  parseVersion,
  type VersionBounds,
} from '../../catalog/index.ts';
import type { ReleaseChannel } from '../../release/index.ts';

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

/** Tells whether one entry selects everything that another one of the same name selects. */
export const contains = {
  release: holdsRelease,
  channel: (whole: ChannelWish, part: ChannelWish) => holdsRange(whole, part),
  package: holdsPackage,
} as const;
