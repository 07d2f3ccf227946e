import { atMost, gibibyte, mebibyte } from '../base/index.ts';

/** How much of an archive is read. */
export const archiveLimits = {
  entries: atMost(
    5_000_000,
    'entries in one file of the archive',
    'A release has some ten thousand links and blobs, a whole catalog a few hundred thousand.',
  ),
  file: atMost(1024 * gibibyte, 'bytes in one entry', 'No registry takes a layer of a terabyte.'),
  link: atMost(256, 'bytes in a link', 'A link holds one digest.'),
  note: atMost(
    256 * mebibyte,
    'bytes in a description of an archive',
    'It holds a line for each file that is no blob, and one for each blob of earlier archives.',
  ),
  history: atMost(
    gibibyte,
    'bytes in a history',
    'A line for each blob that was ever archived has 72 bytes.',
  ),
  workingFile: atMost(
    16 * gibibyte,
    'bytes in one file of the working directory',
    'The largest file there is a layer of a catalog.',
  ),
};
