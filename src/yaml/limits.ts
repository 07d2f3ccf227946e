import type { Limit } from '../base/index.ts';

/** How much one YAML text may hold. A token needs about 400 bytes of memory once it is read. */
export const yamlLimits = {
  tokens: {
    most: 1_200_000,
    unit: 'tokens',
    why: 'A hundred thousand images in one configuration have a million tokens; documents of catalogs have fewer. Write several files.',
  },
  depth: {
    most: 256,
    unit: 'levels of nesting',
    why: 'Configurations and catalogs have fewer than 40 levels.',
  },
} as const satisfies Record<string, Limit>;
