import { describe, expect, it } from 'vitest';
import { verify } from '../../src/run/index.ts';
import { attempt, both, makeSmallLab, manners, mirrorStep, multi, sweep } from './sweep.ts';

describe('a mirror run of which a request fails', { timeout: 60_000 }, () => {
  it.each(manners)('at the target (%s) is made whole by the next', async (manner) => {
    const { lab, target } = await makeSmallLab();
    expect(await sweep(lab, mirrorStep(lab, target), { victim: target, manner })).toBeGreaterThan(
      20,
    );
  });

  it.each(manners)('at the source (%s) is made whole by the next', async (manner) => {
    const { lab, source, target } = await makeSmallLab();
    expect(await sweep(lab, mirrorStep(lab, target), { victim: source, manner })).toBeGreaterThan(
      10,
    );
  });

  it('at the target, with indexes that share children, is made whole by the next', async () => {
    const { lab, target } = await makeSmallLab({}, ['multi']);
    const step = mirrorStep(lab, target, multi(both));
    expect(await sweep(lab, step, { victim: target, manner: 'alone' })).toBeGreaterThan(20);
  });
});

it("what a fault left and the next run mended is whole by the tool's own check", async () => {
  const { lab, target } = await makeSmallLab();
  const step = mirrorStep(lab, target);
  target.faults.add({ method: 'PUT', path: /manifests/, status: 500, after: 3, times: 2 });
  expect(await attempt(step, lab.workspace)).toBe(false);
  expect(await step.run(lab.workspace)).toBe(true);
  const report = await verify(lab.settings(), () => {});
  expect(report).toMatchObject({ done: 6, total: 6, imageFailures: [] });
});
