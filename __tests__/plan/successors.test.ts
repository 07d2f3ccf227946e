import { describe, expect, it } from 'vitest';
import type { PinnedPlacement } from '../../src/imageset/index.ts';
import {
  checkDeleteBound,
  countLost,
  countMirrored,
  createPlan,
  encodePlan,
  type Plan,
  type PlanInput,
  planDigest,
} from '../../src/plan/index.ts';
import { bystander, facts, image, mirrored, observe, wish } from './facts.ts';

const index = 'registry.redhat.io/redhat/redhat-operator-index';

/** The two images that a bundle of a package needs: the bundle itself, and one beside it. */
function bundle(owner: string, version: string, catalog = `${index}:v4.18`): PinnedPlacement[] {
  const neededBy = [{ catalog, package: owner, bundle: `${owner}.v${version}` }];
  const place = `${owner}/bundle:${version}`;
  const beside = `${owner}/operand:${version}`;
  return [
    { ...wish(place, image(place), { kind: 'operatorBundle' }), neededBy },
    { ...wish(beside, image(beside), { kind: 'operatorRelatedImage' }), neededBy },
  ];
}

function keyOf({ target }: PinnedPlacement): string {
  return `${target.repository}:${target.tag}`;
}

function mirroredAs(one: PinnedPlacement, entries: readonly string[] = []) {
  const { kind, causes } = one;
  const by = causes.map(({ imageSet }) => imageSet);
  return { ...mirrored(keyOf(one), image(keyOf(one)), { kind, by }), entries };
}

/** Everything that was wanted lies in the target. */
function changeOf(
  before: readonly PinnedPlacement[],
  after: readonly PinnedPlacement[],
  { lying = before, ...more }: Partial<PlanInput> & { readonly lying?: typeof before } = {},
): PlanInput {
  return facts({
    before,
    after: [bystander, ...after],
    state: before.map((one) => mirroredAs(one)),
    observation: observe(
      Object.fromEntries(lying.map((one) => [keyOf(one), image(keyOf(one))])),
      after.map((one) => image(keyOf(one))),
    ),
    ...more,
  });
}

function counts(input: PlanInput): { readonly deletes: number; readonly lost: number } {
  const plan = createPlan(input);
  return { deletes: plan.totals.delete, lost: countLost(plan.changes) };
}

const [old, now] = [bundle('acm', '2.9'), bundle('acm', '2.10')];
const next = (owner: string, version: string) => bundle(owner, version, `${index}:v4.19`);

describe('a delete has a successor', () => {
  it('where the package of the catalog stays with other bundles', () => {
    expect(counts(changeOf(old, now))).toEqual({ deletes: 2, lost: 0 });
    expect(counts(changeOf([...old, ...now], now))).toEqual({ deletes: 2, lost: 0 });
  });

  it('where the catalog moves on to another tag or digest of its repository', () => {
    expect(counts(changeOf(old, next('acm', '2.10')))).toEqual({ deletes: 2, lost: 0 });
    const pinned = bundle('acm', '2.10', `${index}@sha256:${'a'.repeat(64)}`);
    expect(counts(changeOf(old, pinned))).toEqual({ deletes: 2, lost: 0 });
  });

  it('where the place names another digest', () => {
    const [before, after] = [wish('team/app:1', image('one')), wish('team/app:1', image('two'))];
    const state = [mirrored('team/app:1', image('one'))];
    const observation = observe({ 'team/app:1': image('one') }, [image('two')]);
    const input = facts({ before: [before], after: [after], state, observation });
    expect(counts(input)).toEqual({ deletes: 1, lost: 0 });
  });

  it('where the state knows the package of a stale image', () => {
    const stale = { prune: 'stale', maxDelete: { share: 1 }, protect: [] } as const;
    const state = old.map((one) => mirroredAs(one, [`operator ${wishName} acm @ a.yaml`]));
    const input = changeOf(now, now, { lying: old, state, options: stale });
    expect(counts(input)).toEqual({ deletes: 2, lost: 0 });
  });
});

const wishName = `docker://${index}`;

describe('a delete has no successor', () => {
  it.each<[string, readonly PinnedPlacement[], readonly PinnedPlacement[]]>([
    ['the whole package goes', old, bundle('odf', '4.18')],
    ['only images beside the bundles of the package stay', old, now.slice(1)],
    ['another catalog has the package', old, bundle('acm', '2.10', 'quay.io/team/index:v1')],
    [
      'a catalog goes whose successor was there before',
      [...old, ...next('acm', '2.10')],
      next('acm', '2.10'),
    ],
    [
      'two catalogs go and one comes',
      [...old, ...bundle('odf', '4.17', `${index}:v4.17`)],
      [...next('acm', '2.10'), ...next('odf', '4.19')],
    ],
  ])('%s', (_, before, after) => {
    const { deletes, lost } = counts(changeOf(before, after));
    expect(deletes).toBeGreaterThan(0);
    expect(lost).toBe(deletes);
  });

  it('where one of the packages that had the image goes', () => {
    const shared = old.map((one) => ({
      ...one,
      neededBy: [...(one.neededBy ?? []), ...(bundle('odf', '4.17')[0]?.neededBy ?? [])],
    }));
    expect(counts(changeOf(shared, now))).toEqual({ deletes: 2, lost: 2 });
  });

  it('where something besides operators wanted the image', () => {
    const [first] = old;
    const other = first ? [{ ...first, neededBy: [], kind: 'generic' as const }] : [];
    expect(counts(changeOf([...old, ...other], now)).lost).toBe(1);
  });

  it.each([
    ['nothing tells its package', [], 2],
    ['its entry is a whole catalog', [`operator ${wishName} @ a.yaml`], 2],
    ['an image set does not say why it wants it', [`operator ${wishName} acm @ b.yaml`], 2],
    ['its package is gone', [`operator ${wishName} odf @ a.yaml`], 2],
  ])('of a stale image where %s', (_, entries, lost) => {
    const stale = { prune: 'stale', maxDelete: { share: 1 }, protect: [] } as const;
    const state = old.map((one) => mirroredAs(one, entries));
    const input = changeOf(now, now, { lying: old, state, options: stale });
    expect(counts(input)).toEqual({ deletes: 2, lost });
  });

  it('of a stale image where a mirrored catalog of the repository is not wanted any more', () => {
    const stale = { prune: 'stale', maxDelete: { share: 1 }, protect: [] } as const;
    const left = {
      ...mirrored('redhat/index:v4.17', image('left'), { kind: 'operatorCatalog' }),
      origin: `${index}:v4.17`,
    };
    const state = [
      left,
      ...old.map((one) => mirroredAs(one, [`operator ${wishName} acm @ a.yaml`])),
    ];
    const input = changeOf(now, now, { lying: old, state, options: stale });
    expect(counts(input)).toEqual({ deletes: 2, lost: 2 });
  });

  it('where the place of a replaced digest goes as well', () => {
    const [was, is] = [image('one'), image('two')];
    const state = [{ ...mirrored('team/app:1', is), replaced: [was.descriptor.digest] }];
    const seen = observe({ 'team/app:1': is }, [was]);
    const found = seen.repositories.get('team/app');
    const repositories = new Map([
      [
        'team/app',
        { exists: true, tags: new Map(found?.tags), replaced: new Set([was.descriptor.digest]) },
      ],
    ]);
    const before = [wish('team/app:1', is)];
    const input = changeOf(before, [], { state, observation: { ...seen, repositories } });
    expect(counts(input)).toEqual({ deletes: 2, lost: 2 });
  });
});

describe('max-delete', () => {
  const both = [...bundle('odf', '4.17'), ...old];
  const plan = (maxDelete: Plan['options']['maxDelete']): Plan =>
    createPlan(changeOf(both, now, { options: { prune: 'removed', maxDelete, protect: [] } }));

  it.each([{ count: 2 }, { share: 0.5 }])('of %j counts what has no successor', (maxDelete) => {
    expect(plan(maxDelete).totals.delete).toBe(4);
    expect(plan(maxDelete).diagnostics).toEqual([]);
  });

  it.each([{ count: 1 }, { share: 0.49 }])('of %j refuses, and names both numbers', (maxDelete) => {
    const refused = plan(maxDelete);
    expect(refused.diagnostics).toMatchObject([{ code: 'max-delete', fix: 'max-delete: 2' }]);
    expect(() => checkDeleteBound(refused, countMirrored(refused, []))).toThrow(
      'deletes 4 of 4 mirrored images, of which 2 have no successor; max-delete allows 1.',
    );
  });
});

describe('a plan that is made again', () => {
  it('counts as the plan that was reviewed', () => {
    const input = changeOf(old, now);
    const forgetful = ({ neededBy: _, ...rest }: PinnedPlacement) => rest;
    const before = old.map((one) => ({ ...forgetful(one), succeeded: true as const }));
    const again = { ...input, before, after: input.after.map(forgetful) };
    expect(counts(again)).toEqual({ deletes: 2, lost: 0 });
    expect(createPlan(again).digest).toBe(createPlan(input).digest);
  });

  it('is another plan when somebody wrote a successor into its file', () => {
    const plan = createPlan(changeOf(old, bundle('odf', '4.18')));
    const changes = plan.changes.map((change) =>
      change.action === 'delete' ? { ...change, succeeded: true as const } : change,
    );
    expect(planDigest({ ...plan, changes })).not.toBe(plan.digest);
    expect(encodePlan(createPlan(changeOf(old, now)))).toContain('"succeeded": true');
  });
});
