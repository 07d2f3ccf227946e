import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapParallel } from '../../src/base/index.ts';

describe('work in parallel', () => {
  it('gives the results in the order of the items, and does no more at once than it may', async () => {
    const waits = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 5 }), waits, async (parallel, turns) => {
        let most = 0;
        let now = 0;
        const results = await mapParallel(turns.entries(), parallel, async ([index, count]) => {
          now += 1;
          most = Math.max(most, now);
          for (let turned = 0; turned < count; turned += 1) await turn();
          now -= 1;
          return index;
        });
        expect(results).toEqual([...turns.keys()]);
        expect(most).toBe(Math.min(Math.max(1, parallel), turns.length));
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
