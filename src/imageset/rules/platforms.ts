import type { Platform } from '../../oci/index.ts';
import type { Chart, YamlPath } from '../config.ts';
import { below, type Finding, type Rule } from './finding.ts';

interface Filter {
  readonly platforms?: readonly Platform[];
}

function checkFilter(filter: Filter | undefined, path: YamlPath): Finding[] {
  return (filter?.platforms ?? []).flatMap((platform, index) =>
    (['os', 'architecture'] as const)
      .filter((key) => !platform[key])
      .map((key) => ({
        severity: 'error',
        code: 'invalid-platform',
        summary: 'A platform lacks its operating system or its architecture.',
        detail: `A platform needs both os and architecture; ${key} is empty. oc-mirror accepts the file and fails while collecting.`,
        fix: `- os: ${platform.os || 'linux'}
  architecture: ${platform.architecture || 'amd64'}`,
        path: [...path, 'platforms', index, key],
      })),
  );
}

/** Finds platforms without operating system or architecture, wherever a filter may stand. */
export const checkPlatforms: Rule = (imageSet) => {
  const { platform, operators = [], additionalImages = [], helm } = imageSet.mirror;
  const checkAll = (filters: readonly (Filter | Chart)[], ...path: YamlPath) =>
    filters.flatMap((filter, index) => checkFilter(filter, below(imageSet, ...path, index)));
  return [
    ...checkFilter(platform, below(imageSet, 'platform')),
    ...checkAll(operators, 'operators'),
    ...checkAll(additionalImages, 'additionalImages'),
    ...checkAll(helm?.local ?? [], 'helm', 'local'),
    ...(helm?.repositories ?? []).flatMap((repository, index) =>
      checkAll(repository.charts ?? [], 'helm', 'repositories', index, 'charts'),
    ),
  ];
};
