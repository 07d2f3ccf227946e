import type { Limit } from '../base/index.ts';

/** Limits for what is attached to images. */
export const attachmentLimits = {
  referrers: {
    most: 500,
    unit: 'referrers of one manifest',
    why: 'An image has a handful of signatures and attestations, even if it was signed again for years.',
  },
  depth: {
    most: 4,
    unit: 'levels of referrers of referrers',
    why: 'The signature of an attestation is on the second level.',
  },
  memory: {
    most: 64 * 1024 * 1024,
    unit: 'bytes of remembered answers',
    why: 'An image takes some hundred bytes, and a mirror has some ten thousand.',
  },
} as const satisfies Record<string, Limit>;
