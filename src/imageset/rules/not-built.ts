import type { Diagnostic } from '../../diagnostic.ts';
import type { ImageSet, YamlPath } from '../config.ts';
import { below, diagnose } from './finding.ts';

/** Gives the content that cannot be mirrored yet, as the beginning of a sentence, and its path. */
function missing(imageSet: ImageSet): (readonly [what: string, path: YamlPath])[] {
  const { additionalImages = [] } = imageSet.mirror;
  return [
    ...additionalImages.flatMap(({ name }, index) => {
      if (!name.includes('://') || /^(?:docker|oci):\/\//.test(name)) return [];
      const path = below(imageSet, 'additionalImages', index, 'name');
      return [
        ['Images that are neither in a registry nor in a directory (oci://) are', path] as const,
      ];
    }),
  ];
}

/**
 * Names everything an image set asks for that cannot be mirrored yet, each at its line, as an error of a plan.
 *
 * The file itself is valid: reading it does not report these.
 */
export function findNotBuilt(imageSet: ImageSet): Diagnostic[] {
  return missing(imageSet).map(([what, path]) =>
    diagnose(
      {
        severity: 'error',
        code: 'not-built',
        summary: 'The image set asks for something that cannot be mirrored yet.',
        detail: `${what} not built yet, and nothing is left out silently. Delete the entry, or keep it in a file that oc-mirror itself mirrors.`,
        path,
      },
      imageSet,
    ),
  );
}
