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
 * A digest says what an index names, not which of it was brought along. Who knows nothing of a place takes it for whole.
 */
export function hasPlatforms(
  mirrored: MirroredPlacement | undefined,
  { platforms = [] }: Pick<PinnedPlacement, 'platforms'>,
): boolean {
  const there = mirrored?.platforms;
  if (!there) return true;
  return platforms.length > 0 && platforms.every((one) => there.includes(formatPlatform(one)));
}

/** Joins the platforms of several wishes for one place: nobody gets less than he asked for; empty means all. */
export function joinPlatforms(
  wishes: readonly Pick<PinnedPlacement, 'platforms'>[],
): readonly Platform[] {
  const lists = wishes.map(({ platforms = [] }) => platforms);
  if (lists.some(({ length }) => length === 0)) return [];
  return sortedUnique(lists.flat().map(formatPlatform)).map(parsePlatform);
}
