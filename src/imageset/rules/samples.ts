import { below, type Rule } from './finding.ts';

/** Finds samples, which oc-mirror accepts and ignores. */
export const checkSamples: Rule = (imageSet) =>
  (imageSet.mirror.samples ?? []).length === 0
    ? []
    : [
        {
          severity: 'warning',
          code: 'unused-field',
          summary: 'The field has no effect.',
          detail:
            'oc-mirror accepts samples and mirrors none. List their images below additionalImages.',
          text: 'samples',
          path: below(imageSet, 'samples'),
        },
      ];
