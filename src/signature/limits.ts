import { atMost, mebibyte } from '../base/index.ts';

/** Limits for what is attached to images. */
export const attachmentLimits = {
  referrers: atMost(
    500,
    'referrers of one manifest',
    'An image has a handful of signatures and attestations, even if it was signed again for years.',
  ),
  depth: atMost(
    4,
    'levels of referrers of referrers',
    'The signature of an attestation is on the second level.',
  ),
  memory: atMost(
    64 * mebibyte,
    'bytes of remembered answers',
    'An image takes some hundred bytes, and a mirror has some ten thousand.',
  ),
};
