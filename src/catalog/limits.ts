import { atMost, gibibyte, mebibyte } from '../base/index.ts';

/** Limits for one catalog. Red Hat's largest has about 300 MB of documents for 130 packages. */
export const catalogLimits = {
  bytes: atMost(
    2 * gibibyte,
    'bytes of documents',
    'The largest known catalog has less than one gigabyte.',
  ),
  files: atMost(100_000, 'files', 'Catalogs have a few files for each of some hundred packages.'),
  pathDepth: atMost(
    16,
    'directories in a path',
    'Catalogs have one directory for each package, and at most two below it.',
  ),
  pathLength: atMost(
    1024,
    'characters in a path',
    'A path is the name of a package and of a file.',
  ),
  documents: atMost(
    300_000,
    'documents',
    'Each bundle and channel is a document; the largest catalogs have some ten thousand.',
  ),
  document: atMost(32 * mebibyte, 'bytes', 'The largest real document has about ten megabytes.'),
  package: atMost(96 * mebibyte, 'bytes of documents', 'The largest real package has about 60 MB.'),
  ignoreFile: atMost(64 * 1024, 'bytes', 'A file of patterns has a few lines.'),
  ignorePatterns: atMost(1000, 'patterns', 'A catalog leaves out a few files.'),
  ignoreSteps: atMost(
    100_000_000,
    'steps to match all paths',
    'A few patterns over some thousand paths take some million.',
  ),
};
