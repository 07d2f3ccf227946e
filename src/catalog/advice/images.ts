import { type FilteredCatalog, hasRelatedImages, imageFailures } from '../filter/index.ts';
import type { Advice } from './advice.ts';

/** Explains which bundles have images that cannot be mirrored, and that nothing is kept where that is so. */
export function adviseImages(filtered: FilteredCatalog): readonly Advice[] {
  const failures: readonly Advice[] = imageFailures(filtered).map((failure) => ({
    severity: 'error',
    code: 'operator-image-invalid',
    summary: 'A bundle names an image that cannot be mirrored.',
    detail: `Bundle "${failure.bundle}" of package "${failure.package}": ${failure.message}. Only its publisher can mend that. Choose versions without this bundle, or leave the package out.`,
    path: failure.path,
  }));
  const isTold = filtered.errors.length > 0 || failures.length > 0;
  if (isTold || hasRelatedImages(filtered)) return failures;
  const nothing: Advice = {
    severity: 'error',
    code: 'operator-nothing-kept',
    summary: 'Nothing of a catalog is kept.',
    detail:
      'No bundle with images is left by the selection. Ask for something that the catalog has: imageset-mirror list operators shows it. oc-mirror fails with: no related images found.',
    path: [],
  };
  return [nothing];
}
