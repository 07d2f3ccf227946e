import semver from 'semver';
import type { YamlPath } from '../config.ts';
import { below, type Finding, type Located } from './finding.ts';

interface Range {
  readonly name: string;
  readonly minVersion?: string;
  readonly maxVersion?: string;
}

function checkOrder(range: Range, path: YamlPath): Finding[] {
  const read = (text = '') => semver.parse(text, { loose: true }) ?? undefined;
  const [min, max] = [read(range.minVersion), read(range.maxVersion)];
  if (!min || !max || semver.compare(min, max) <= 0) return [];
  return [
    {
      severity: 'error',
      code: 'impossible-range',
      summary: 'The version range of an operator is empty.',
      detail: `minVersion ${range.minVersion} is newer than maxVersion ${range.maxVersion}, so no bundle of "${range.name}" can match. Swap the two.`,
      fix: `minVersion: ${range.maxVersion}\nmaxVersion: ${range.minVersion}`,
      text: range.minVersion ?? '',
      path: [...path, 'minVersion'],
    },
  ];
}

function checkName(range: Range, path: YamlPath): Finding[] {
  if (range.name) return [];
  return [
    {
      severity: 'error',
      code: 'missing-name',
      summary: 'A package or channel of an operator has no name.',
      detail: 'Without a name nothing can be selected. oc-mirror accepts the file and fails later.',
      fix: 'name: <name>',
      path,
    },
  ];
}

/** Finds what makes an operator selection impossible before any catalog is read. */
export function adviseOperators(imageSet: Located): Finding[] {
  const check = (range: Range, path: YamlPath) => [
    ...checkName(range, path),
    ...checkOrder(range, path),
  ];
  return (imageSet.mirror.operators ?? []).flatMap((catalog, outer) =>
    (catalog.packages ?? []).flatMap((inPackage, index) => {
      const path = below(imageSet, 'operators', outer, 'packages', index);
      const channels = (inPackage.channels ?? []).flatMap((channel, inner) =>
        check(channel, [...path, 'channels', inner]),
      );
      return [...check(inPackage, path), ...channels];
    }),
  );
}
