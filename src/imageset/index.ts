/**
 * Image sets as users write them, and the placements that they ask for.
 *
 * A file is read exactly as oc-mirror reads it: the same files are valid, the same bytes mean the same, and a refusal has
 * oc-mirror's words. In addition every finding names its line and the right text, and one run finds all of them.
 * Two versions of an image set are compared by meaning: order, comments, anchors and quoting make no difference.
 *
 * `yaml/` knows the text, `schema/` the types, `rules/` the meaning; `collectors/` turn entries into placements. This layer
 * knows no contents of the target, no plans and no states.
 */

export * from './collect.ts';
export * from './collector.ts';
export * from './collectors/index.ts';
export * from './config.ts';
export { diffImageSets, type Edit } from './diff.ts';
export { sniffImageSet } from './discover.ts';
export * from './entries.ts';
export type { Fix } from './fix/index.ts';
export * from './image-spec.ts';
export { lintImageSet, loadImageSet, mendImageSet } from './load.ts';
export * from './mapping.ts';
export * from './pin-failures.ts';
export * from './pin-placements.ts';
export { formatImageSet, pinImageSet } from './pinned-image-set.ts';
export * from './placement.ts';
export { type ConfigFile, namesOf, offsetLocator } from './position.ts';
export { findNotBuilt } from './rules/index.ts';
export * from './target-name.ts';
export { v1Place } from './v1-place.ts';
export * from './withheld.ts';
