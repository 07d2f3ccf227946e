import type { Bounds } from './range.ts';

/** A channel that is asked for. */
export interface ChannelWish extends Bounds {
  readonly name: string;
}

/** A package that is asked for. */
export interface PackageWish extends Bounds {
  readonly name: string;
  readonly channels?: readonly ChannelWish[];
  readonly defaultChannel?: string;
}

/** What is asked of one catalog: an operator entry of a configuration, as far as it chooses. */
export interface CatalogWish {
  readonly catalog: string;
  readonly packages?: readonly PackageWish[];
  readonly full?: boolean;
}

/** Keys and list indexes from the operator entry to a node below it. */
export type WishPath = readonly (string | number)[];

/** A channel that is asked for, and where. */
export interface LocatedChannel extends ChannelWish {
  readonly path: WishPath;
}

/** A package that is asked for, and where. */
export interface LocatedPackage extends Bounds {
  readonly name: string;
  /** None means all. */
  readonly channels: readonly LocatedChannel[];
  /** Empty when the catalog's own is to stay. */
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

function lastOfEach<Named extends { readonly name: string }>(all: readonly Named[]): Named[] {
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

/** Gives the packages as they are listed, one that is listed twice two times. */
export function locateEntries({ packages = [] }: CatalogWish): readonly LocatedPackage[] {
  return packages.map(locate);
}

/**
 * Gives the packages that are asked for, each once.
 *
 * A configuration for deleting may list one twice: the last entry counts, with the channels of all.
 */
export function locatePackages(wish: CatalogWish): readonly LocatedPackage[] {
  const merged = new Map<string, LocatedPackage>();
  for (const located of locateEntries(wish)) {
    const earlier = merged.get(located.name)?.channels ?? [];
    const channels = lastOfEach([...earlier, ...located.channels]);
    merged.set(located.name, { ...located, channels });
  }
  return [...merged.values()];
}

/** Tells whether a catalog is mirrored as it is: no package named, and everything asked for. */
export function isWholeCatalog({ packages = [], full }: CatalogWish): boolean {
  return packages.length === 0 && full === true;
}
