/**
 * What the user asked for: image sets, and the placements they mean.
 *
 * A file is read exactly as oc-mirror reads it: the same files are valid, the same bytes mean the same, the refusal is
 * in its words. Beyond that every finding names its line, says what to write instead, and all are found in one run.
 * An image set is what it means, not how it is written: order, comments, anchors and quoting never make a difference
 * between two versions.
 *
 * `yaml/` knows the text, `schema/` the shape, `rules/` the sense; `collectors/` turn wishes into placements. This
 * layer refuses to know registries' contents, plans and states.
 */

export * from './blocked.ts';
export * from './collect.ts';
export * from './collector.ts';
export * from './collectors/index.ts';
export * from './config.ts';
export * from './conflicts.ts';
export { diffImageSets, type Edit } from './diff.ts';
export { type FileHead, lintImageSet, sniffImageSet } from './discover.ts';
export * from './entries.ts';
export { type Fix, type FixedText, fixImageSet } from './fix/index.ts';
export * from './image-spec.ts';
export { loadImageSet } from './load.ts';
export * from './mapping.ts';
export * from './pin-failures.ts';
export * from './pin-placements.ts';
export { type Pins, pinImageSet } from './pinned-image-set.ts';
export * from './placement.ts';
export { type ConfigFile, namesOf, offsetLocator } from './position.ts';
export { findNotBuilt } from './rules/index.ts';
export { nearestName } from './schema/index.ts';
export * from './target-name.ts';
export * from './withheld.ts';
export { formatImageSet } from './write.ts';
