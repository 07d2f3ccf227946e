import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../src/oci/index.ts';
import { createPlan, deletionOrder, isOfPlace, planDigest } from '../../src/plan/index.ts';
import { effort } from '../support/effort.ts';
import { facts, image, index, mirrored, observe, place, wish } from './facts.ts';
import {
  carryOut,
  loseNothing,
  type Registry,
  signatureOf,
  withSignatures,
  worldArbitrary,
} from './random-world.ts';

const runs = { numRuns: effort.runs(1500) };

describe('no plan ever', { timeout: effort.limit }, () => {
  it('deletes a digest that is reachable from what stays', () => loseNothing(effort.runs(4000)));

  it('deletes a digest in a repository of which the list leaves tags out', () => {
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        const { repositories } = world.input.observation;
        const deleted = createPlan(world.input).changes.filter(({ action }) => action === 'delete');
        const lists = deleted.map(({ repository }) => repositories.get(repository)?.list);
        expect(lists).not.toContain('incomplete');
      }),
      runs,
    );
  });

  it('takes the signature of an image that a tag still names, or takes it before the image', () => {
    fc.assert(
      fc.property(worldArbitrary.map(withSignatures), (world) => {
        const plan = createPlan(world.input);
        const unsigned = (registry: Registry) =>
          [...registry.tags].filter(([key, digest]) => {
            const signature = signatureOf(place(key).repository, digest);
            return world.tags.has(signature) && !registry.tags.has(signature);
          });
        const end = carryOut(plan, world, (registry) => expect(unsigned(registry)).toEqual([]));
        expect(unsigned(end)).toEqual([]);
      }),
      runs,
    );
  });

  it('leaves an index without a child after any of its deletes', () => {
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        const children = new Map(
          world.nodes.map((node) => [node.descriptor.digest, node.children] as const),
        );
        const plan = createPlan(world.input);
        const before = carryOut({ ...plan, changes: [] }, world);
        const half = (registry: Registry) =>
          [...registry.manifests].filter((key) => {
            const [repository, digest] = key.split('@') as [string, Digest];
            const below = children.get(digest) ?? [];
            return below.some((child) => !registry.manifests.has(`${repository}@${child}`));
          });
        expect(half(before)).toEqual([]);
        // An untagged manifest is not known to be there, nor is one whose tag is set anew.
        const setAnew = new Set(
          plan.changes
            .filter(({ action }) => action === 'mirror' || action === 'retag')
            .map(({ repository, tag }) => `${repository}:${tag}`),
        );
        const known = new Set(
          [...world.tags]
            .filter(([key]) => !setAnew.has(key))
            .map(([key, { descriptor }]) => `${place(key).repository}@${descriptor.digest}`),
        );
        carryOut(plan, world, (registry) => {
          expect(half(registry).filter((key) => known.has(key))).toEqual([]);
        });
      }),
      runs,
    );
  });

  it('removes a place that is wanted, that another image set wants, or that nobody knows', () => {
    fc.assert(
      fc.property(worldArbitrary, ({ input }) => {
        const key = (place: { repository: string; tag: string }) =>
          `${place.repository}:${place.tag}`;
        const wanted = new Set(input.after.map(({ target }) => key(target)));
        const before = new Set(input.before.map(({ target }) => key(target)));
        const state = new Map(input.state.map((placement) => [key(placement), placement]));
        for (const change of createPlan(input).changes.filter(isOfPlace)) {
          if (change.action !== 'delete' && change.action !== 'untag') continue;
          const mirrored = state.get(key(change));
          expect(wanted.has(key(change))).toBe(false);
          expect(mirrored?.imageSets ?? []).not.toContain('z.yaml');
          expect(mirrored !== undefined || before.has(key(change))).toBe(true);
        }
      }),
      runs,
    );
  });

  it('deletes or untags a tag that names another digest than the change says', () => {
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        const changes = createPlan(world.input).changes.filter(isOfPlace);
        for (const { action, repository, tag, digest, tagless } of changes) {
          if (action !== 'delete' && action !== 'untag') continue;
          const named = world.tags.get(`${repository}:${tag}`)?.descriptor.digest;
          expect(named).toBe(tagless ? undefined : digest);
        }
      }),
      runs,
    );
  });

  it('deletes what a place had before unless it was ours there, is there, and is named by nothing any more', () => {
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        const plan = createPlan(world.input);
        const { tags } = carryOut(plan, world);
        const state = new Map(
          world.input.state.map((one) => [`${one.repository}:${one.tag}`, one]),
        );
        for (const change of plan.changes.filter((one) => !isOfPlace(one))) {
          const { repository, tag, digest, action } = change;
          const known = state.get(`${repository}:${tag}`);
          expect([known?.digest, ...(known?.replaced ?? [])]).toContain(digest);
          if (action === 'hold') continue;
          expect(action).toBe('delete');
          expect(known?.imageSets).not.toContain('z.yaml');
          const naming = [...tags].filter(([key]) => key.startsWith(`${repository}:`));
          expect(naming.map(([, named]) => named)).not.toContain(digest);
        }
      }),
      runs,
    );
  });

  it('depends on the order of its facts, or on anything else but its facts', () => {
    fc.assert(
      fc.property(worldArbitrary, fc.string(), ({ input }, commit) => {
        const turned = {
          ...input,
          before: input.before.toReversed(),
          after: input.after.toReversed(),
          state: input.state.toReversed(),
          observation: {
            ...input.observation,
            repositories: new Map([...input.observation.repositories].reverse()),
            content: new Map([...input.observation.content].reverse()),
          },
        };
        const plan = createPlan(input);
        expect(createPlan(turned)).toEqual(plan);
        const elsewhere = createPlan({ ...turned, tool: commit, head: { commit, from: 'input' } });
        expect(elsewhere.digest).toBe(plan.digest);
        expect(planDigest(plan)).toBe(plan.digest);
      }),
      { numRuns: effort.runs(300) },
    );
  });
});

describe('random worlds', () => {
  it('have plans of every kind of change, or they would prove nothing', () => {
    const plans = fc
      .sample(worldArbitrary, { numRuns: 600, seed: 7 })
      .map(({ input }) => createPlan(input));
    const seen = new Set(
      plans.flatMap(({ changes }) => changes.map(({ action, reason }) => `${action} ${reason}`)),
    );
    expect([...seen].sort()).toEqual([
      'delete removed',
      'delete replaced',
      'delete stale',
      'hold kept-subject',
      'hold list-incomplete',
      'hold not-ours',
      'hold protected',
      'hold tag-moved',
      'hold unreadable',
      'hold wanted-elsewhere',
      'keep adopted',
      'keep mirrored',
      'mirror missing',
      'mirror wanted',
      'retag moved',
      'untag foreign-tag',
      'untag in-kept-index',
      'untag list-incomplete',
      'untag shared',
    ]);
  });
});

describe('an index that is deleted', () => {
  const [amd64, arm64, s390x] = [image('amd64'), image('arm64'), image('s390x')];
  const old = index('old', [amd64, arm64, s390x]);
  const kept = index('kept', [amd64]);
  const input = facts({
    before: [wish('acme/tool:1', old)],
    after: [wish('acme/tool:2', kept)],
    state: [mirrored('acme/tool:1', old)],
    observation: observe({ 'acme/tool:1': old, 'acme/tool:2': kept, 'acme/tool:mine': s390x }, [
      amd64,
      arm64,
    ]),
  });

  it('takes those children along that nothing else needs', () => {
    const order = deletionOrder(createPlan(input), input);
    expect(order.map(({ digest, changes }) => [digest, changes.length])).toEqual([
      [old.descriptor.digest, 1],
      [arm64.descriptor.digest, 0],
    ]);
  });

  it('frees what only it needs', () => {
    // The index, one image and one layer.
    expect(createPlan(input).totals).toMatchObject({ bytesToFree: 1200, bytesAreExact: true });
  });
});
