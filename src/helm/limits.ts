import { atMost, type JsonLimits, jsonLimits, mebibyte } from '../base/index.ts';

/** Limits for charts, repositories of charts, and the output of helm. */
export const chartLimits = {
  archive: atMost(
    32 * mebibyte,
    'bytes',
    'Helm keeps an installed chart in a Secret, which holds one megabyte.',
  ),
  file: atMost(5 * mebibyte, 'bytes', 'Helm itself reads no larger file of a chart.'),
  unpacked: atMost(
    100 * mebibyte,
    'bytes of unpacked files',
    'Helm itself unpacks no larger chart.',
  ),
  files: atMost(
    20_000,
    'files',
    'The largest charts have about two thousand files, those of their dependencies included.',
  ),
  ignored: atMost(64 * 1024, 'bytes', 'A .helmignore has some twenty lines.'),
  ignoreSteps: atMost(
    50_000_000,
    'steps to match all paths',
    'Twenty patterns over two thousand files take less than a million.',
  ),
  nesting: atMost(
    8,
    'charts inside each other',
    'Charts of charts of charts are three levels deep.',
  ),
  index: atMost(64 * mebibyte, 'bytes', 'The largest public index has about 25 MB.'),
  rendered: atMost(
    64 * mebibyte,
    'bytes of rendered documents',
    'A cluster takes no object of more than 1.5 MB, and a chart has a few hundred objects.',
  ),
};

/** An index that is one JSON text has about twenty values for each version of a chart. */
export const indexJson: JsonLimits = {
  ...jsonLimits,
  values: { ...jsonLimits.values, most: 2_500_000 },
};
