import type { Limit } from '../base/index.ts';

/** Limits for what is attached to images. */
export const attachmentLimits = {
  referrers: {
    most: 500,
    unit: 'referrers of one manifest',
    why: 'An image has a handful of signatures and attestations, also after years of signing it again.',
  },
  depth: {
    most: 4,
    unit: 'levels of referrers of referrers',
    why: 'A signature of an attestation of an image is the second level.',
  },
  memory: {
    most: 64 * 1024 * 1024,
    unit: 'bytes of remembered answers',
    why: 'An image takes some hundred bytes, and a mirror has some ten thousand.',
  },
} as const satisfies Record<string, Limit>;
