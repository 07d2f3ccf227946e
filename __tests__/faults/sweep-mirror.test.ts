import { describe, expect, it } from 'vitest';
import { verify } from '../../src/run/index.ts';
import { effort } from '../support/effort.ts';
import { attempt, both, makeSmallLab, manners, mirrorStep, multi, sweep } from './sweep.ts';

describe('a mirror run of which a request fails', { timeout: effort.limit }, () => {
  it.each(manners)('at the target (%s) is made whole by the next', async (manner) => {
    const { lab, target } = await makeSmallLab();
    const how = { victim: target, manner };
    await sweep(lab, mirrorStep(lab, target), how);
  });

  it.each(manners)('at the source (%s) is made whole by the next', async (manner) => {
    const { lab, source, target } = await makeSmallLab();
    const how = { victim: source, manner };
    await sweep(lab, mirrorStep(lab, target), how);
  });

  it('at the target, with indexes that share children, is made whole by the next', async () => {
    const { lab, target } = await makeSmallLab({}, ['multi']);
    const how = { victim: target, manner: 'alone' } as const;
    await sweep(lab, mirrorStep(lab, target, multi(both)), how);
  });

  it("that left something is whole by the tool's own check when the next mended it", async () => {
    const { lab, target } = await makeSmallLab();
    const step = mirrorStep(lab, target);
    target.faults.add({ method: 'PUT', path: /manifests/, status: 500, after: 3, times: 2 });
    expect(await attempt(step, lab.workspace)).toBe(false);
    expect(await step.run(lab.workspace)).toBe(true);
    const report = await verify(lab.settings(), () => {});
    expect(report).toMatchObject({ done: 6, total: 6, imageFailures: [] });
  });
});
