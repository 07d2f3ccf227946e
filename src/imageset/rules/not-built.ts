import type { Diagnostic } from '../../diagnostic.ts';
import type { ImageSet } from '../config.ts';
import { dockerTransport, layoutTransport } from '../image-spec.ts';
import { below, diagnose } from './finding.ts';

function isBuilt(name: string): boolean {
  return (
    !name.includes('://') || [dockerTransport, layoutTransport].some((one) => name.startsWith(one))
  );
}

/**
 * Finds the additional images of an image set that cannot be mirrored yet, each at its line, as an error of a plan.
 *
 * The file itself is valid: reading it does not report these.
 */
export function findNotBuilt(imageSet: ImageSet): Diagnostic[] {
  const { additionalImages = [] } = imageSet.mirror;
  return additionalImages.flatMap(({ name }, index) => {
    if (isBuilt(name)) return [];
    return diagnose(
      {
        severity: 'error',
        code: 'not-built',
        summary: 'The image set asks for something that cannot be mirrored yet.',
        detail:
          'Only images of registries and of directories (oci://) can be mirrored so far, and nothing is left out silently. Delete the entry, or keep it in a file that oc-mirror itself mirrors.',
        path: below(imageSet, 'additionalImages', index, 'name'),
      },
      imageSet,
    );
  });
}
