/**
 * Advice about operator catalogs: each piece names the cause and the YAML that fixes it, before a cluster has the problem.
 *
 * The filter finds facts; this folder puts them into words. Each piece has a path inside the operator entry, which the reader
 * of the file turns into a line. Errors and unknown names have severity `error`, effects on a cluster `warning`, the rest
 * `notice`. Whether a piece blocks is decided elsewhere.
 *
 * Laws: pure; a summary names nothing from outside, a detail everything; a fix is YAML that can be pasted at the path.
 */
import type { FilteredCatalog } from '../filter/index.ts';
import type { Advice } from './advice.ts';
import { adviseErrors } from './errors.ts';
import { adviseFindings } from './findings.ts';
import { adviseBundleImages, adviseUnlistedImages } from './images.ts';
import { adviseKept } from './kept.ts';

export type { Advice } from './advice.ts';
export { adviseChange, type ComparedIndexes } from './change.ts';
export { adviseDependencies } from './dependencies.ts';

/**
 * Advises about one filtered catalog: errors, faults that oc-mirror ignores, images, and the kept part.
 *
 * `beside`: images that the same file names as additional images.
 */
export function adviseFilter(
  filtered: FilteredCatalog,
  beside: ReadonlySet<string> = new Set(),
): readonly Advice[] {
  return [
    ...adviseErrors(filtered),
    ...adviseFindings(filtered),
    ...adviseBundleImages(filtered),
    ...adviseUnlistedImages(filtered, beside),
    ...adviseKept(filtered),
  ];
}
