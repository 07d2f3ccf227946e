import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBudget } from '../../src/base/flow.ts';

/** Work that ends when it is told to. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, open: resolve };
}

describe('a budget', () => {
  it('never has more under way than it may, and comes to the end of everything', async () => {
    const costs = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), costs, async (capacity, wanted) => {
        const budget = createBudget(capacity);
        let spent = 0;
        let done = 0;
        const spend = (cost: number) =>
          budget.spend(cost, async () => {
            spent += Math.min(cost, capacity);
            expect(spent).toBeLessThanOrEqual(capacity);
            await turn();
            spent -= Math.min(cost, capacity);
            done += 1;
          });
        await Promise.all(wanted.map(spend));
        expect({ spent, done }).toEqual({ spent: 0, done: wanted.length });
      }),
      { numRuns: 40 },
    );
  });

  it('serves first who comes first, even where a later one would fit', async () => {
    const budget = createBudget(4);
    const [first, large] = [gate(), gate()];
    const order: string[] = [];
    const begin = (name: string, cost: number, work: () => Promise<void>) =>
      budget.spend(cost, () => {
        order.push(name);
        return work();
      });
    const all = [
      begin('first', 3, first.work),
      begin('large', 4, large.work),
      begin('small', 1, async () => {}),
    ];
    await turn();
    expect(order).toEqual(['first']);
    first.open();
    await turn();
    expect(order).toEqual(['first', 'large']);
    large.open();
    await Promise.all(all);
    expect(order).toEqual(['first', 'large', 'small']);
  });

  it('gets back what failed work had', async () => {
    const budget = createBudget(1);
    const failing = budget.spend(1, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await budget.spend(1, async () => 'yes')).toBe('yes');
  });
});
