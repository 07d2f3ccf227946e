import { type JsonLimits, jsonLimits, type Limit } from '../base/index.ts';

/** Limits for charts, repositories of charts, and the output of helm. */
export const chartLimits = {
  archive: {
    most: 32 * 1024 * 1024,
    unit: 'bytes',
    why: 'Helm keeps an installed chart in a Secret, which holds one megabyte.',
  },
  file: {
    most: 5 * 1024 * 1024,
    unit: 'bytes',
    why: 'Helm itself reads no larger file of a chart.',
  },
  unpacked: {
    most: 100 * 1024 * 1024,
    unit: 'bytes of unpacked files',
    why: 'Helm itself unpacks no larger chart.',
  },
  files: {
    most: 20_000,
    unit: 'files',
    why: 'The largest charts have about two thousand files, those of their dependencies included.',
  },
  ignored: {
    most: 64 * 1024,
    unit: 'bytes',
    why: 'A .helmignore has some twenty lines.',
  },
  ignoreSteps: {
    most: 50_000_000,
    unit: 'steps to match all paths',
    why: 'Twenty patterns over two thousand files take less than a million.',
  },
  nesting: {
    most: 8,
    unit: 'charts inside each other',
    why: 'Charts of charts of charts are three levels deep.',
  },
  index: {
    most: 64 * 1024 * 1024,
    unit: 'bytes',
    why: 'The largest public index has about 25 MB.',
  },
  rendered: {
    most: 64 * 1024 * 1024,
    unit: 'bytes of rendered documents',
    why: 'A cluster takes no object of more than 1.5 MB, and a chart has a few hundred objects.',
  },
} as const satisfies Record<string, Limit>;

/** An index that is one JSON text has about twenty values for each version of a chart. */
export const indexJson: JsonLimits = {
  ...jsonLimits,
  values: { ...jsonLimits.values, most: 2_500_000 },
};
