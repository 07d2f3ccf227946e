import { listNames } from '../../base/index.ts';
import {
  type FilteredCatalog,
  type FilteredPackage,
  hasRelatedImages,
  imageFailures,
} from '../filter/index.ts';
import { type Advice, yamlText } from './advice.ts';

/** OLM cannot unpack a bundle whose own image is not mirrored. */
function adviseUnlisted(owner: FilteredPackage, beside: ReadonlySet<string>): readonly Advice[] {
  const lacking = owner.bundles.filter(
    ({ unlistedImage }) => unlistedImage !== undefined && !beside.has(unlistedImage),
  );
  if (lacking.length === 0) return [];
  const images = [...new Set(lacking.flatMap(({ unlistedImage }) => unlistedImage ?? []))];
  const names = lacking.map(({ name }) => name);
  return [
    {
      severity: 'warning',
      code: 'operator-bundle-image-unlisted',
      summary: 'The own image of a bundle is not among its related images.',
      detail: `Of package "${owner.name}" ${listNames(names)} ${names.length === 1 ? 'does' : 'do'} not list the bundle image itself (${listNames(images)}). It is not mirrored, as with oc-mirror, and OLM cannot install the bundle without it. Add it to mirror.additionalImages.`,
      fix: `additionalImages:\n${images.map((image) => `  - name: ${yamlText(image)}`).join('\n')}`,
      path: owner.path,
    },
  ];
}

/**
 * Warns of bundles whose own image is not mirrored.
 *
 * `beside`: images that the same file names as additional images.
 */
export function adviseUnlistedImages(
  { packages }: Pick<FilteredCatalog, 'packages'>,
  beside: ReadonlySet<string>,
): readonly Advice[] {
  return packages.flatMap((owner) => adviseUnlisted(owner, beside));
}

/** Explains bundles with invalid images, and a selection that keeps nothing. */
export function adviseBundleImages(filtered: FilteredCatalog): readonly Advice[] {
  const failures: readonly Advice[] = imageFailures(filtered).map((failure) => ({
    severity: 'error',
    code: 'operator-image-invalid',
    summary: 'A bundle names an image that cannot be mirrored.',
    detail: `Bundle "${failure.bundle}" of package "${failure.package}": ${failure.message}. Only its publisher can fix that. Choose versions without this bundle, or leave the package out.`,
    path: failure.path,
  }));
  // A name that the catalog does not have is told at its own line.
  const isUnknown = filtered.findings.some(({ code }) => code.startsWith('unknown-'));
  const isTold = isUnknown || filtered.errors.length > 0 || failures.length > 0;
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
