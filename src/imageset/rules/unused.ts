import { below, type Finding, type Located } from './finding.ts';

/** Finds what oc-mirror accepts and ignores. */
export function adviseUnused(imageSet: Located): Finding[] {
  const { samples = [], operators = [] } = imageSet.mirror;
  const found: Finding[] = operators.flatMap((catalog, index) =>
    catalog.skipDependencies
      ? [
          {
            severity: 'notice',
            code: 'unused-field',
            summary: 'The field has no effect.',
            detail:
              'Dependencies are never resolved, so skipDependencies changes nothing. Delete it.',
            text: 'skipDependencies',
            path: below(imageSet, 'operators', index, 'skipDependencies'),
          },
        ]
      : [],
  );
  if (samples.length > 0) {
    found.push({
      severity: 'warning',
      code: 'unused-field',
      summary: 'The field has no effect.',
      detail:
        'oc-mirror accepts samples and mirrors none. List their images below additionalImages.',
      text: 'samples',
      path: below(imageSet, 'samples'),
    });
  }
  return found;
}
