import type { Limit } from '../base/index.ts';

/** How much of one layer is read. */
export const layerLimits = {
  unpacked: {
    most: 4 * 1024 * 1024 * 1024,
    unit: 'bytes after decompression',
    why: 'The largest layer of a catalog has about one gigabyte, a cache of opm included.',
  },
  ratio: {
    most: 1000,
    unit: 'bytes after decompression for each compressed byte',
    why: 'Text packs to a tenth, and only one byte again and again packs to a thousandth.',
  },
  entries: {
    most: 500_000,
    unit: 'entries',
    why: 'A base image has some ten thousand files, a catalog a few thousand.',
  },
  path: {
    most: 4096,
    unit: 'bytes in a path',
    why: 'No system can unpack a longer one.',
  },
  longHeader: {
    most: 1024 * 1024,
    unit: 'bytes in an extended header',
    why: 'Such a header holds one path and a few attributes; Go reads no larger ones either.',
  },
} as const satisfies Record<string, Limit>;

/** Bytes after decompression from which on the ratio counts: small layers may be all zeros. */
export const ratioCountsFrom = 64 * 1024 * 1024;
