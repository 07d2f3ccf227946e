/**
 * Runs whose target or source is a disk.
 *
 * A cache stands for all registries: as the target of a mirror to disk, and before the sources of a delete. An archive is
 * made from the cache once everything is in it; an archive that is loaded is checked whole before anything is pushed.
 *
 * The code is loaded only by runs that use a disk. The folder refuses to know what an image set wants.
 */
export * from './from-disk.ts';
export { archiveImages, cacheAsTarget, findUncached, placesInCache } from './to-disk.ts';
