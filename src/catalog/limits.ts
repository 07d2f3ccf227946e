import type { Limit } from '../base/index.ts';

const mebibyte = 1024 * 1024;

/** Limits for one catalog. Red Hat's largest has about 300 MB of documents for 130 packages. */
export const catalogLimits = {
  bytes: {
    most: 2048 * mebibyte,
    unit: 'bytes of documents',
    why: 'The largest known catalog has less than one gigabyte.',
  },
  files: {
    most: 100_000,
    unit: 'files',
    why: 'Catalogs have a few files for each of some hundred packages.',
  },
  pathDepth: {
    most: 16,
    unit: 'directories in a path',
    why: 'Catalogs have one directory for each package, and at most two below it.',
  },
  pathLength: {
    most: 1024,
    unit: 'characters in a path',
    why: 'A path is the name of a package and of a file.',
  },
  documents: {
    most: 300_000,
    unit: 'documents',
    why: 'Each bundle and channel is a document; the largest catalogs have some ten thousand.',
  },
  document: {
    most: 32 * mebibyte,
    unit: 'bytes',
    why: 'The largest real document has about ten megabytes.',
  },
  package: {
    most: 96 * mebibyte,
    unit: 'bytes of documents',
    why: 'The largest real package has about 60 MB.',
  },
  ignoreFile: {
    most: 64 * 1024,
    unit: 'bytes',
    why: 'A file of patterns has a few lines.',
  },
  ignorePatterns: {
    most: 1000,
    unit: 'patterns',
    why: 'A catalog leaves out a few files.',
  },
  ignoreSteps: {
    most: 100_000_000,
    unit: 'steps to match all paths',
    why: 'A few patterns over some thousand paths take some million.',
  },
} as const satisfies Record<string, Limit>;
