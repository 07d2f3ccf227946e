import { describe, expect, it } from 'vitest';
import type { MirroredPlacement } from '../../src/imageset/index.ts';
import {
  createPlan,
  deletionOrder,
  type Observation,
  type PlanInput,
} from '../../src/plan/index.ts';
import { facts, image, mirrored, observe, wish } from './facts.ts';

const app = image('app');
const other = image('other');
const signature = image('signature');
const hex = app.descriptor.digest.slice('sha256:'.length);
const sig = `team/app:sha256-${hex}.sig`;

/** The signature as the state knows it. */
const signed: MirroredPlacement = {
  ...mirrored(sig, signature, { kind: 'signature' }),
  subject: app.descriptor.digest,
};

/** The image and its signature go, another image of the repository stays. */
function going(told: Partial<PlanInput> = {}): PlanInput {
  const image = wish('team/app:v1', app);
  return facts({
    before: [
      image,
      { ...wish(sig, signature, { kind: 'signature' }), subject: app.descriptor.digest },
    ],
    after: [wish('team/app:v2', other)],
    state: [mirrored('team/app:v1', app), mirrored('team/app:v2', other), signed],
    observation: observe({ 'team/app:v1': app, 'team/app:v2': other, [sig]: signature }),
    ...told,
  });
}

/** The action and reason of the signature. */
function fateOf(input: PlanInput) {
  const change = createPlan(input).changes.find(({ tag }) => tag.endsWith('.sig'));
  return change && `${change.action} ${change.reason}`;
}

function withList(observation: Observation): Observation {
  const repositories = [...observation.repositories].map(
    ([name, found]) => [name, { ...found, list: 'incomplete' }] as const,
  );
  return { ...observation, repositories: new Map(repositories) };
}

describe('a signature', () => {
  it('goes in the plan of its image, after it', () => {
    const input = going();
    const plan = createPlan(input);
    expect(plan.totals).toMatchObject({ delete: 1, signatures: { delete: 1 } });
    expect(deletionOrder(plan, input).map((one) => [one.digest, one.subjects])).toEqual([
      [app.descriptor.digest, []],
      [signature.descriptor.digest, [app.descriptor.digest]],
    ]);
  });

  it('stays with an image that a protected tag keeps', () => {
    const options = {
      prune: 'removed',
      maxDelete: { share: 1 },
      protect: ['**/team/app:v1'],
    } as const;
    expect(fateOf(going({ options }))).toBe('hold subject-stays');
  });

  it('stays where a tag that the list leaves out may keep its image', () => {
    const { observation } = going();
    expect(fateOf(going({ observation: withList(observation) }))).toBe('hold list-incomplete');
  });

  it('stays while a kept index contains the image that its tag names', () => {
    const index = { ...image('index'), children: [app.descriptor.digest] };
    const input = going();
    const tags = { 'team/app:v1': app, 'team/app:list': index, [sig]: signature };
    expect(fateOf({ ...input, observation: observe(tags) })).toBe('hold subject-stays');
  });

  it('is not what max-delete counts, neither among the deletes nor among the mirrored images', () => {
    const codes = (maxDelete: PlanInput['options']['maxDelete']) => {
      const options = { prune: 'removed', maxDelete, protect: [] } as const;
      return createPlan(going({ options })).diagnostics.map(({ code }) => code);
    };
    expect(codes({ count: 1 })).toEqual([]);
    expect(codes({ share: 0.5 })).toEqual([]);
    expect(codes({ share: 0.4 })).toEqual(['max-delete']);
  });

  it('is not counted where it stays because nothing at all is wanted', () => {
    const [finding] = createPlan(going({ after: [] })).diagnostics;
    expect(finding?.detail).toContain('1 image looks unwanted and stays');
  });

  it('goes with `prune: stale` when nothing keeps its image any more', () => {
    const options = { prune: 'stale', maxDelete: { share: 1 }, protect: [] } as const;
    const state = [mirrored('team/app:v2', other), signed];
    const observation = observe({ 'team/app:v2': other, [sig]: signature });
    expect(fateOf(going({ options, before: [], state, observation }))).toBe('delete stale');
  });
});
