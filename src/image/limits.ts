import { atMost, type JsonLimits, jsonLimits, mebibyte } from '../base/index.ts';

/** Limits for images that are read whole. */
export const imageLimits = {
  config: atMost(mebibyte, 'bytes', 'The configuration of an image has some ten kilobytes.'),
  images: atMost(64, 'images', 'An index has one image for each of at most a dozen platforms.'),
};

/** The configuration of an image has a step for each layer, and a few labels. */
export const imageConfigJson: JsonLimits = {
  ...jsonLimits,
  values: { ...jsonLimits.values, most: 100_000 },
};
