import type { Diagnostic } from '../../diagnostic.ts';
import type { ImageSet, YamlPath } from '../config.ts';
import { below, diagnose } from './finding.ts';

interface Missing {
  /** What cannot be mirrored yet, as the beginning of a sentence. */
  readonly what: string;
  readonly path: YamlPath;
}

function missing(imageSet: ImageSet): Missing[] {
  const { helm, platform, additionalImages = [] } = imageSet.mirror;
  const charts = (helm?.repositories?.length ?? 0) + (helm?.local?.length ?? 0);
  const found: Missing[] = [];
  if (charts > 0) found.push({ what: 'Helm charts are', path: below(imageSet, 'helm') });
  if (platform?.graph) {
    found.push({ what: 'The graph image is', path: below(imageSet, 'platform', 'graph') });
  }
  for (const [index, image] of additionalImages.entries()) {
    if (!image.name.includes('://') || image.name.startsWith('docker://')) continue;
    const path = below(imageSet, 'additionalImages', index, 'name');
    found.push({ what: 'Images that are not in a registry are', path });
  }
  return found;
}

/**
 * Names everything an image set asks for that cannot be mirrored yet, each at its line, as an error of a plan.
 *
 * The file itself is valid: reading it does not report these.
 */
export function notBuilt(imageSet: ImageSet): Diagnostic[] {
  return missing(imageSet).map(({ what, path }) =>
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
