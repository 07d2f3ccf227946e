import { describe, expect, it } from 'vitest';
import { diagnoseUnreviewed, findUnreviewed, isBarred } from '../../src/plan/review.ts';
import { changeOf, planOf } from '../support/plans.ts';

const goes = changeOf('delete', 'v0');
const alsoGoes = changeOf('untag', 'v1');
const comes = changeOf('mirror', 'v2');
const plan = planOf([goes, alsoGoes, comes]);
const seen = (...changes: Parameters<typeof planOf>[0]) => {
  const reviewed = planOf(changes);
  return { digest: reviewed.digest, plan: reviewed };
};

type Approval = Parameters<typeof findUnreviewed>[1];

const refusals = (...[approval, of = plan]: [Approval, typeof plan?]) => {
  const unreviewed = findUnreviewed(of, approval);
  return unreviewed.length === 0 ? [] : [diagnoseUnreviewed(unreviewed, approval, of.digest).code];
};

describe('a plan of a commit that is older than what was applied', () => {
  const head = { commit: 'c', from: 'event', isOlder: true } as const;
  const old = { ...planOf([comes]), head, digest: 'sha256:old' };

  it('needs a review for what it mirrors too', () => {
    expect(refusals({ require: 'deletes' }, old)).toEqual(['review-missing']);
    expect(refusals({ require: 'none' }, old)).toEqual([]);
  });

  it('is not allowed by the review that the commit had when it was new', () => {
    expect(refusals({ require: 'deletes', reviewed: [seen(comes)] }, old)).toEqual([
      'plan-changed',
    ]);
    const reviewed = [{ digest: 'sha256:other', plan: old }];
    expect(refusals({ require: 'deletes', reviewed }, old)).toEqual([]);
  });
});

describe('a plan', () => {
  it('needs a review for what it deletes, or for all, or for nothing', () => {
    expect(refusals({ require: 'none' })).toEqual([]);
    expect(refusals({ require: 'deletes' })).toEqual(['review-missing']);
    expect(refusals({ require: 'deletes' }, planOf([comes]))).toEqual([]);
    expect(refusals({ require: 'all' }, planOf([comes]))).toEqual(['review-missing']);
    expect(refusals({ require: 'all' }, planOf([changeOf('keep', 'v3')]))).toEqual([]);
  });

  it('may be done when its digest was approved, although its file is gone', () => {
    expect(refusals({ require: 'all', reviewed: [{ digest: plan.digest }] })).toEqual([]);
    expect(refusals({ require: 'all', reviewed: [{ digest: 'sha256:other' }] })).toEqual([
      'plan-changed',
    ]);
  });

  it('may do less than what was reviewed, and not more', () => {
    expect(refusals({ require: 'deletes', reviewed: [seen(goes, alsoGoes)] })).toEqual([]);
    expect(refusals({ require: 'deletes', reviewed: [seen(goes)] })).toEqual(['plan-changed']);
    expect(refusals({ require: 'all', reviewed: [seen(goes, alsoGoes)] })).toEqual([
      'plan-changed',
    ]);
  });

  it('is barred as a whole when all needs a review, and not for its removals alone', () => {
    const barred = (require: Approval['require'], ...changes: Parameters<typeof planOf>[0]) =>
      isBarred(findUnreviewed(planOf(changes), { require }), { require });
    expect(barred('all', comes)).toBe(true);
    expect(barred('all', goes)).toBe(true);
    expect(barred('deletes', goes, comes)).toBe(false);
  });

  it('is not reviewed by a plan of the format 1.0, whose digest leaves out the limits', () => {
    const former = { ...plan, formatVersion: '1.0' } as const;
    const reviewed = [{ digest: plan.digest, plan: former }];
    expect(refusals({ require: 'deletes', reviewed })).toEqual(['plan-changed']);
  });

  it('may do what several reviews allow together', () => {
    const reviewed = [seen(goes), seen(alsoGoes)];
    expect(refusals({ require: 'deletes', reviewed })).toEqual([]);
  });

  it('is refused with what was not reviewed, how many, and how to approve it', () => {
    const many = planOf(Array.from({ length: 8 }, (_, n) => changeOf('delete', `v${n}`)));
    const approval = { require: 'deletes' } as const;
    const refusal = diagnoseUnreviewed(findUnreviewed(many, approval), approval, many.digest);
    expect(refusal.detail).toContain('delete team/app:v0');
    expect(refusal.detail).toContain('and 3 more');
    expect(refusal.fix).toBe(`approve: ${many.digest}`);
  });
});
