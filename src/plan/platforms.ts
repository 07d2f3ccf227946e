import { sortedUnique } from '../base/index.ts';
import type { MirroredPlacement, PinnedPlacement } from '../imageset/index.ts';
import type { Platform } from '../oci/index.ts';

/** Writes a platform as changes and states name it: `os/architecture[/variant]`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant ? [variant] : [])].join('/');
}

/** Reads a platform that {@link formatPlatform} wrote. */
export function parsePlatform(text: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/');
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

/**
 * Tells whether what was mirrored of an index has all platforms that are wanted now.
 *
 * A digest tells the manifests of an index, not which of them were mirrored. A place of which nothing is known counts as whole.
 */
export function hasPlatforms(
  mirrored: MirroredPlacement | undefined,
  { platforms = [] }: Pick<PinnedPlacement, 'platforms'>,
): boolean {
  const there = mirrored?.platforms;
  if (!there) return true;
  return platforms.length > 0 && platforms.every((one) => there.includes(formatPlatform(one)));
}

/** Joins the platforms of several placements of one place: each gets at least its own; empty means all. */
export function joinPlatforms(
  placements: readonly Pick<PinnedPlacement, 'platforms'>[],
): readonly Platform[] {
  const lists = placements.map(({ platforms = [] }) => platforms);
  if (lists.some(({ length }) => length === 0)) return [];
  return sortedUnique(lists.flat().map(formatPlatform)).map(parsePlatform);
}
