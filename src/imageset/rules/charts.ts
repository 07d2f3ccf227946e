import { parseJsonPath } from '../../base/index.ts';
import { ConfigError } from '../../errors.ts';
import type { Chart, YamlPath } from '../config.ts';
import { below, type Finding, type Rule } from './finding.ts';

function bare(text: string, path: YamlPath): Finding {
  return {
    severity: 'warning',
    code: 'image-path-without-braces',
    summary: 'A path of images has no braces.',
    detail: 'It is read as if it had them. oc-mirror ignores it without a message.',
    fix: `- "{${text}}"`,
    text,
    path,
  };
}

function checkPath(text: string, path: YamlPath): Finding[] {
  try {
    parseJsonPath(text);
    return text.includes('{') ? [] : [bare(text, path)];
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    const detail = `${thrown.message}. ${thrown.hint ?? ''} The chart cannot be collected.`;
    const summary = 'A path of images cannot be followed.';
    return [{ severity: 'warning', code: 'invalid-image-path', summary, detail, text, path }];
  }
}

function checkChart({ imagePaths = [] }: Chart, path: YamlPath): Finding[] {
  return imagePaths.flatMap((text, index) => checkPath(text, [...path, 'imagePaths', index]));
}

function pathless(path: YamlPath): Finding {
  return {
    severity: 'error',
    code: 'missing-chart-path',
    summary: 'A local chart has no path.',
    detail:
      'oc-mirror accepts the file and fails while collecting. Write the path of a directory or an archive, or name the chart below a repository.',
    path,
  };
}

/** Finds local charts without a path, and paths of images that cannot be followed. */
export const checkCharts: Rule = (imageSet) => {
  const { local = [], repositories = [] } = imageSet.mirror.helm ?? {};
  const localPath = (index: number) => below(imageSet, 'helm', 'local', index);
  const inRepository = repositories.flatMap(({ charts = [] }, index) =>
    charts.flatMap((chart, at) =>
      checkChart(chart, below(imageSet, 'helm', 'repositories', index, 'charts', at)),
    ),
  );
  return [
    ...local.flatMap((chart, index) => [
      ...(chart.path ? [] : [pathless(localPath(index))]),
      ...checkChart(chart, localPath(index)),
    ]),
    ...inRepository,
  ];
};
