import { atMost } from '../base/index.ts';

/** How much one YAML text may hold. A token needs about 400 bytes of memory once it is read. */
export const yamlLimits = {
  tokens: atMost(
    600_000,
    'tokens',
    'Fifty thousand images in one configuration have half a million tokens, documents of catalogs have fewer: write several files.',
  ),
  depth: atMost(256, 'levels of nesting', 'Configurations and catalogs have fewer than 40 levels.'),
};
