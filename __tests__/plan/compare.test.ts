import { describe, expect, it } from 'vitest';
import {
  type Change,
  comparePlans,
  createPlan,
  type Plan,
  planDigest,
} from '../../src/plan/index.ts';
import { facts, image, observe, wish } from './facts.ts';

const [old, now] = [image('old'), image('new')];
const reviewed = createPlan(
  facts({
    before: [wish('acme/tool:1', old), wish('acme/tool:2', now)],
    after: [wish('acme/tool:latest', now), wish('acme/other:1', now)],
    observation: observe({
      'acme/tool:1': old,
      'acme/tool:2': now,
      'acme/tool:latest': old,
    }),
  }),
);

/** The same plan, made again with other outcomes for some changes. */
function again(edit: (change: Change) => Partial<Change> | undefined): Plan {
  const changes = reviewed.changes.flatMap((change) => {
    const edited = edit(change);
    return edited ? [{ ...change, ...edited } as Change] : [];
  });
  const plan = { ...reviewed, changes };
  return { ...plan, digest: planDigest(plan) };
}

const only = (action: Change['action'], edit: Partial<Change> | undefined) =>
  again((change) => (change.action === action ? edit : {}));

describe('a review of the graph image', () => {
  const place = 'openshift/graph-image:latest';
  const graphPlan = (before: typeof old, after: typeof old) => {
    const given = facts({ after: [wish(place, after)], observation: observe({ [place]: before }) });
    const wanted = given.after.map((one) => ({ ...one, kind: 'cincinnatiGraph' as const }));
    return createPlan({ ...given, after: wanted });
  };

  it('is of the one that is made on the day, whichever it was then', () => {
    const kept = graphPlan(old, old);
    expect(comparePlans(kept, graphPlan(old, now))).toMatchObject({ verdict: 'smaller' });
    expect(comparePlans(graphPlan(old, now), graphPlan(now, image('later')))).toMatchObject({
      verdict: 'smaller',
      additions: [],
    });
  });
});

describe('a plan made again', () => {
  it('is a delete, a retag, an untag and a mirror to begin with', () => {
    expect(reviewed.changes.map(({ action }) => action).sort()).toEqual([
      'delete',
      'mirror',
      'retag',
      'untag',
    ]);
  });

  it.each<[string, Plan, string, number, number]>([
    ['is the same when nothing changed', again(() => ({})), 'same', 0, 0],
    ['is smaller when a delete fell away', only('delete', undefined), 'smaller', 0, 0],
    ['is smaller when a delete is held now', only('delete', { action: 'hold' }), 'smaller', 0, 0],
    [
      'is smaller when a delete is an untag now',
      only('delete', { action: 'untag' }),
      'smaller',
      0,
      0,
    ],
    [
      'is smaller when it mirrors other content',
      only('mirror', { digest: old.descriptor.digest }),
      'smaller',
      0,
      1,
    ],
    [
      'is larger when an untag is a delete now',
      only('untag', { action: 'delete' }),
      'larger',
      1,
      0,
    ],
    [
      'is larger when it deletes another digest',
      only('delete', { digest: now.descriptor.digest }),
      'larger',
      1,
      0,
    ],
    ['is larger when it deletes at another place', only('delete', { tag: '3' }), 'larger', 1, 0],
    [
      'is larger when it overwrites other content',
      only('retag', { previous: now.descriptor.digest }),
      'larger',
      1,
      0,
    ],
    [
      'is larger when it overwrites what was not there',
      only('mirror', { action: 'retag', previous: old.descriptor.digest }),
      'larger',
      1,
      0,
    ],
  ])('%s', (_, current, verdict, unreviewed, additions) => {
    const compared = comparePlans(reviewed, current);
    expect(compared.verdict).toBe(verdict);
    expect(compared.unreviewed).toHaveLength(unreviewed);
    expect(compared.additions).toHaveLength(additions);
  });

  it('is larger when it is for another target, even with nothing to do', () => {
    const plan = {
      ...reviewed,
      target: { registry: 'other.example.com', prefix: '' },
      changes: [],
    };
    const current = { ...plan, digest: planDigest(plan) };
    expect(comparePlans(reviewed, current).verdict).toBe('larger');
  });
});
