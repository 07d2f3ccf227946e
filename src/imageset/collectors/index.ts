/**
 * The collectors: each turns one kind of content of an image set into placements, pinned by digest.
 *
 * A collector gives what it found and what it could not get, side by side: one release that cannot be read costs itself
 * and not the others, and whoever decides about deleting is told that something is missing. It asks upstream alone; what
 * the target holds is no concern of it.
 */
export * from './additional.ts';
export { asksForCatalog } from './catalog-reference.ts';
export * from './operator.ts';
export * from './release.ts';
export * from './reopen-catalog.ts';
export * from './workspace-images.ts';
