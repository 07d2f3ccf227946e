import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterCatalog } from '../../../src/catalog/filter/index.ts';
import { parseImageSpec } from '../../../src/imageset/index.ts';
import { effort } from '../../support/effort.ts';
import { readerOf } from './catalogs.ts';
import { randomCatalogs, randomWishes } from './random-catalogs.ts';
import { expected } from './reference.ts';

describe('the filter', () => {
  it(
    'keeps on random upgrade graphs what the description says',
    async () => {
      const seen = { kept: 0, none: 0, errors: 0 };
      await fc.assert(
        fc.asyncProperty(randomCatalogs, randomWishes, async (packages, wish) => {
          const should = expected(packages, wish);
          const filtered = await filterCatalog(readerOf(packages), wish, parseImageSpec);
          if ('errors' in should) {
            seen.errors += 1;
            const messages = filtered.errors.map(({ message }) => message);
            expect(messages.sort()).toEqual(should.errors.toSorted());
            return;
          }
          expect(filtered.errors).toEqual([]);
          const kept = filtered.packages.flatMap(({ name, bundles }) =>
            bundles.map((bundle) => `${name}/${bundle.name}`),
          );
          seen[kept.length > 0 ? 'kept' : 'none'] += 1;
          expect(new Set(kept)).toEqual(should.kept);
          expect(kept).toHaveLength(should.kept.size);
        }),
        { numRuns: effort.runs(4000) },
      );
      // Otherwise the graphs would prove little; a short run has too few to tell.
      if (effort.isShort) return;
      expect(seen.kept).toBeGreaterThan(1000);
      expect(seen.errors).toBeGreaterThan(500);
    },
    effort.limit,
  );
});
