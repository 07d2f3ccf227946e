/**
 * Advice about operator catalogs, before a cluster finds out: on the line that causes it, with the YAML that mends it.
 *
 * The filter says what is so; here it is put into words. Every piece has a path inside the operator entry, and whoever knows the
 * file turns that into a line. Errors and unknown names are of level `error`, what a cluster would notice is a `warning`, the
 * rest a `notice`; what blocks is not decided here.
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
export { adviseChange } from './change.ts';
export { adviseDependencies, type DependencyContext } from './dependencies.ts';

/**
 * Advises about one filtered catalog by itself: errors, what oc-mirror passes over, images, and what is kept.
 *
 * `beside`: images that the same file asks for by name.
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
