import { type JsonLimits, jsonLimits, type Limit } from '../base/index.ts';

/** Limits for images that are read whole. */
export const imageLimits = {
  config: {
    most: 1024 * 1024,
    unit: 'bytes',
    why: 'The configuration of an image has some ten kilobytes.',
  },
  images: {
    most: 64,
    unit: 'images',
    why: 'An index has one image for each of at most a dozen platforms.',
  },
} as const satisfies Record<string, Limit>;

/** The configuration of an image has a step for each layer, and a few labels. */
export const imageConfigJson: JsonLimits = {
  ...jsonLimits,
  values: { ...jsonLimits.values, most: 100_000 },
};
