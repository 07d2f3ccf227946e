import { atMost, gibibyte, mebibyte } from '../base/index.ts';

/** How much of one layer is read. */
export const layerLimits = {
  unpacked: atMost(
    4 * gibibyte,
    'bytes after decompression',
    'The largest layer of a catalog has about one gigabyte, a cache of opm included.',
  ),
  ratio: atMost(
    1000,
    'bytes after decompression for each compressed byte',
    'Text packs to a tenth, and only one byte again and again packs to a thousandth.',
  ),
  entries: atMost(
    500_000,
    'entries',
    'A base image has some ten thousand files, a catalog a few thousand.',
  ),
  path: atMost(4096, 'bytes in a path', 'No system can unpack a longer one.'),
  longHeader: atMost(
    mebibyte,
    'bytes in an extended header',
    'Such a header holds one path and a few attributes; Go reads no larger ones either.',
  ),
};

/** Bytes after decompression from which on the ratio counts: small layers may be all zeros. */
export const ratioCountsFrom = 64 * 1024 * 1024;
