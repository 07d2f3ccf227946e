import { describe, expect, it } from 'vitest';
import { createPlan, type PlanInput } from '../../src/plan/index.ts';
import { digest, facts, findChange, image, index, mirrored, observe, wish } from './facts.ts';

const [amd64, arm64] = [
  image('amd64', { blobs: ['base', 'a'] }),
  image('arm64', { blobs: ['base'] }),
];
const all = index('all', [amd64, arm64]);

function planned(told: Partial<PlanInput>) {
  return createPlan(facts(told));
}

describe('the size of an image', () => {
  it('is that of everything below it, each blob once', () => {
    const plan = planned({
      after: [wish('acme/tool:1', all)],
      observation: observe({}, [all, amd64, arm64]),
    });
    expect(plan.changes[0]?.size).toBe(3 * 100 + 2 * 1000);
    expect(plan.totals).toMatchObject({ bytesToMirror: 2300, bytesAreExact: true });
  });

  it('is what the state says when nobody read it', () => {
    const plan = planned({
      after: [wish('acme/tool:1', amd64)],
      state: [mirrored('acme/tool:1', amd64)],
      observation: observe({ 'acme/tool:1': undefined }),
    });
    expect(plan.changes[0]?.size).toBe(1100);
    expect(plan.totals.bytesKept).toBe(1100);
  });
});

describe('the bytes to mirror', () => {
  it('leave out blobs that lie in the target', () => {
    const observation = { ...observe({}, [amd64]), present: new Set([digest('base')]) };
    const plan = planned({ after: [wish('acme/tool:1', amd64)], observation });
    expect(plan.totals.bytesToMirror).toBe(1100);
  });

  it('are counted by the first change that needs them; a manifest once for each repository', () => {
    const plan = planned({
      after: [wish('b/tool:1', amd64), wish('a/tool:2', amd64), wish('a/tool:1', amd64)],
      observation: observe({}, [amd64]),
    });
    expect(plan.changes.map(({ bytes }) => bytes)).toEqual([2100, 0, 100]);
  });

  it('are a lower bound when a manifest could not be read', () => {
    const told = { observation: observe({}, [all, amd64]) };
    const whole = planned({ ...told, after: [wish('acme/tool:1', all)] });
    expect(whole.totals).toMatchObject({ bytesToMirror: 2200, bytesAreExact: false });
    // Of an index that is limited to some platforms the others are not read on purpose.
    const platforms = [{ os: 'linux', architecture: 'amd64' }];
    const sparse = planned({ ...told, after: [{ ...wish('acme/tool:1', all), platforms }] });
    expect(sparse.totals).toMatchObject({ bytesToMirror: 2200, bytesAreExact: true });
    expect(sparse.changes[0]?.platforms).toEqual(['linux/amd64']);
  });
});

describe('the bytes that a plan frees', () => {
  it('leave out what something kept needs in any repository', () => {
    const plan = planned({
      before: [wish('acme/tool:1', amd64)],
      after: [wish('other/tool:1', arm64)],
      observation: observe({ 'acme/tool:1': amd64, 'other/tool:1': arm64 }),
    });
    expect(findChange(plan, 'acme/tool:1')?.bytes).toBe(1100);
    expect(plan.totals).toMatchObject({ bytesToFree: 1100, bytesKept: 1100, bytesAreExact: true });
  });

  it('are not exact while something kept was not read', () => {
    const plan = planned({
      before: [wish('acme/tool:1', amd64)],
      after: [wish('other/tool:1', arm64)],
      state: [mirrored('other/tool:1', arm64)],
      observation: observe({ 'acme/tool:1': amd64, 'other/tool:1': undefined }),
    });
    expect(plan.totals).toMatchObject({ delete: 1, bytesAreExact: false });
  });
});
