import { describe, expect, it } from 'vitest';
import { createPlan, type PlanInput } from '../../src/plan/index.ts';
import { describePlan, describeStale, phraseToText } from '../../src/views/index.ts';
import { bystander, digest, facts, image, mirrored, observe, wish } from './facts.ts';

const [old, now] = [image('old'), image('new')];
const release = { version: '4.16.5', architecture: 'amd64', digest: digest('4.16.5') };

const staleOf = (told: Partial<PlanInput>) =>
  createPlan(facts({ after: [bystander, wish('acme/tool:2', now)], ...told })).stale;

const state = [
  mirrored('acme/tool:1', old),
  mirrored('openshift/release:4.16.5-cli', image('cli'), { kind: 'ocpReleaseContent', release }),
  mirrored('openshift/release:4.16.5-etcd', image('etcd'), { kind: 'ocpReleaseContent', release }),
];

describe('what is mirrored and no longer wanted', () => {
  it('is counted by release, when the image sets of the run once wanted it', () => {
    expect(staleOf({ state })).toEqual({
      count: 3,
      bytes: 3 * 1100,
      groups: [
        { release: '4.16.5', count: 2 },
        { kind: 'generic', count: 1 },
      ],
    });
  });

  it('is counted when every image set gave it up before', () => {
    expect(staleOf({ state: [mirrored('acme/tool:1', old, { by: [] })] })).toMatchObject({
      count: 1,
    });
  });

  it.each<[string, Partial<PlanInput>]>([
    ['another image set wants it', { state: [mirrored('acme/tool:1', old, { by: ['z.yaml'] })] }],
    ['it is wanted now', { state: [mirrored('acme/tool:2', now)] }],
    [
      'the plan removes it',
      {
        state: state.slice(0, 1),
        before: [wish('acme/tool:1', old)],
        observation: observe({ 'acme/tool:1': old }),
      },
    ],
    [
      'the plan prunes it',
      {
        state: state.slice(0, 1),
        observation: observe({ 'acme/tool:1': old }),
        options: { ...facts().options, prune: 'stale' },
      },
    ],
    ['it is gone', { state: state.slice(0, 1), observation: observe({ 'acme/tool:2': now }) }],
    [
      'an entry that could not be collected may want it',
      { state: state.slice(0, 1), withheld: new Set(['acme/tool:1']) },
    ],
    ['nothing at all is wanted', { state, after: [] }],
  ])('is nothing where %s', (_, told) => {
    expect(staleOf(told)).toBeUndefined();
  });

  it('is told in the first lines of a plan, in one sentence', () => {
    const plan = createPlan(facts({ after: [bystander], state }));
    const text = 'images of 4.16.5 and 1 other image are mirrored but no longer wanted';
    expect(phraseToText(describeStale(plan) ?? [])).toBe(`2 ${text}`);
    const lines = describePlan(plan).map(phraseToText);
    expect(lines.at(-1)).toBe(
      `2 ${text}; the option prune with the value stale plans that they go.`,
    );
    expect(describeStale(createPlan(facts({ after: [bystander] })))).toBeUndefined();
  });
});
