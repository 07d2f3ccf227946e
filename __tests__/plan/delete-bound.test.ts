import { describe, expect, it } from 'vitest';
import { checkDeleteBound, countMirrored, createPlan, type Plan } from '../../src/plan/index.ts';
import { facts } from './facts.ts';
import { release, releaseChange } from './release-facts.ts';

const newer = release('4.16.6');
const input = facts(releaseChange([...release('4.16.5'), ...newer], newer));

/** Six of eighteen images are deleted, three untagged. */
function planWith(maxDelete: Plan['options']['maxDelete']): Plan {
  return createPlan({ ...input, options: { ...input.options, maxDelete } });
}

describe('max-delete', () => {
  it.each([[{ count: 6 }], [{ share: 0.34 }], [{ share: 1 }]])('allows %j', (maxDelete) => {
    const plan = planWith(maxDelete);
    expect(() => checkDeleteBound(plan, countMirrored(plan, input.state))).not.toThrow();
    expect(plan.diagnostics).toEqual([]);
  });

  it.each([[{ count: 5 }], [{ share: 0.33 }], [{ count: 0 }]])('refuses with %j', (maxDelete) => {
    const plan = planWith(maxDelete);
    expect(() => checkDeleteBound(plan, countMirrored(plan, input.state))).toThrowError(
      expect.objectContaining({
        code: 'DELETE_REFUSED',
        message: expect.stringContaining('deletes 6 of 18 mirrored images'),
        hint: expect.stringContaining('plan again with max-delete 6'),
      }),
    );
    expect(plan.diagnostics).toMatchObject([
      { severity: 'error', code: 'max-delete', fix: 'max-delete: 6' },
    ]);
  });

  it('counts what another tool mirrored as mirrored', () => {
    const adopted = createPlan({ ...input, state: [] });
    expect(countMirrored(adopted, [])).toBe(18);
  });

  it('takes a share of a round number at its word', () => {
    const plan = { ...planWith({ share: 0.57 }), changes: Array(57).fill({ action: 'delete' }) };
    expect(() => checkDeleteBound(plan, 100)).not.toThrow();
    expect(() => checkDeleteBound(plan, 99)).toThrow();
  });
});
