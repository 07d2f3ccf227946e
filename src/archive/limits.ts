import type { Limit } from '../base/index.ts';

/** How much of an archive is read. */
export const archiveLimits = {
  entries: {
    most: 5_000_000,
    unit: 'entries in one file of the archive',
    why: 'A release has some ten thousand links and blobs, a whole catalog a few hundred thousand.',
  },
  file: {
    most: 1024 * 1024 * 1024 * 1024,
    unit: 'bytes in one entry',
    why: 'No registry takes a layer of a terabyte.',
  },
  link: {
    most: 256,
    unit: 'bytes in a link',
    why: 'A link holds one digest.',
  },
  note: {
    most: 256 * 1024 * 1024,
    unit: 'bytes in a description of an archive',
    why: 'It holds a line for each file that is no blob, and one for each blob of earlier archives.',
  },
  history: {
    most: 1024 * 1024 * 1024,
    unit: 'bytes in a history',
    why: 'A line for each blob that was ever archived has 72 bytes.',
  },
  workingFile: {
    most: 16 * 1024 * 1024 * 1024,
    unit: 'bytes in one file of the working directory',
    why: 'The largest file there is a layer of a catalog.',
  },
} as const satisfies Record<string, Limit>;
