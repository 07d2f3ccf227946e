import type { Limit } from '../base/index.ts';

/** How much one YAML text may hold. A token needs about 400 bytes of memory once it is read. */
export const yamlLimits = {
  tokens: {
    most: 600_000,
    unit: 'tokens',
    why: 'Fifty thousand images in one configuration have half a million tokens, documents of catalogs have fewer: write several files.',
  },
  depth: {
    most: 256,
    unit: 'levels of nesting',
    why: 'Configurations and catalogs have fewer than 40 levels.',
  },
} as const satisfies Record<string, Limit>;
