import { lastOfEach } from '../../base/index.ts';
import type { VersionBounds } from './range.ts';

/** A channel that an entry names. */
export interface ChannelWish extends VersionBounds {
  readonly name: string;
}

/** A package that an entry names. */
export interface PackageWish extends VersionBounds {
  readonly name: string;
  readonly channels?: readonly ChannelWish[];
  readonly defaultChannel?: string;
}

/** The choice of one catalog's packages: an operator entry of a configuration. */
export interface CatalogWish {
  readonly catalog: string;
  readonly packages?: readonly PackageWish[];
  readonly full?: boolean;
}

/** Keys and list indexes from the operator entry to a node below it. */
export type WishPath = readonly (string | number)[];

/** A channel of an entry with its path. */
export interface LocatedChannel extends ChannelWish {
  readonly path: WishPath;
}

/** A package of an entry with its path. */
export interface LocatedPackage extends VersionBounds {
  readonly name: string;
  /** Empty: all channels. */
  readonly channels: readonly LocatedChannel[];
  /** Empty: keep the default channel of the catalog. */
  readonly defaultChannel: string;
  readonly path: WishPath;
}

function locate(wish: PackageWish, index: number): LocatedPackage {
  const path = ['packages', index] as const;
  const channels = (wish.channels ?? []).map((channel, inner) => ({
    ...channel,
    path: [...path, 'channels', inner],
  }));
  return { ...wish, channels, defaultChannel: wish.defaultChannel ?? '', path };
}

/** Gives the packages as the entry lists them, repetitions included. */
export function locateEntries({ packages = [] }: CatalogWish): readonly LocatedPackage[] {
  return packages.map(locate);
}

/**
 * Gives the packages of an entry, each once.
 *
 * A DeleteImageSetConfiguration may list a package twice: the last one counts, with the channels of all.
 */
export function locatePackages(wish: CatalogWish): readonly LocatedPackage[] {
  const merged = new Map<string, LocatedPackage>();
  for (const located of locateEntries(wish)) {
    const earlier = merged.get(located.name)?.channels ?? [];
    const channels = lastOfEach([...earlier, ...located.channels], ({ name }) => name);
    merged.set(located.name, { ...located, channels });
  }
  return [...merged.values()];
}

/** Tells whether a catalog is mirrored unchanged: the entry names no package and sets `full`. */
export function isWholeCatalog({ packages = [], full }: CatalogWish): boolean {
  return packages.length === 0 && full === true;
}
