import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/index.ts';
import { renderComment, renderPlanText, renderSummary } from '../../src/views/index.ts';
import { renderReport } from '../../src/views/report/index.ts';
import { changeOf, planOf } from '../support/plans.ts';

const repository = 'git.example.com/acme/mirrors';
const plan: Plan = {
  ...planOf([changeOf('mirror', 'v1')]),
  repository,
  notReceived: [
    { name: `${repository}//old.yaml`, images: 25, bytes: 2_000_000 },
    {
      ...{ name: 'git.example.com/other/mirrors//<b>.yaml', images: 1, bytes: 0 },
      ...{ at: '2026-01-01T00:00:00Z', commit: 'c0ffeec0ffee' },
    },
  ],
};

describe('image sets that a run was not given', () => {
  it('are told with what they keep, those of this repository by their paths', () => {
    expect(renderPlanText(plan)).toContain(
      [
        'Not part of this run',
        '  * old.yaml keeps 25 images (2.0 MB), last applied by an older version',
        '  * git.example.com/other/mirrors//<b>.yaml keeps 1 image (0 B), last applied 2026-01-01T00:00:00Z at c0ffeec',
      ].join('\n'),
    );
    expect(renderPlanText(planOf([]))).not.toContain('Not part of this run');
  });

  it('stand in every view, with the way to end them, and cannot become its markup', () => {
    for (const view of [renderComment(plan), renderSummary(plan), renderReport(plan)]) {
      expect(view).toContain('25 images');
      expect(view).toContain('imageset-mirror state retire NAME');
      expect(view).not.toContain(`${repository}//old.yaml`);
    }
    expect(renderReport(plan)).toContain('&lt;b&gt;.yaml');
    expect(renderPlanText(plan)).toContain('Not part of this run');
    expect(renderReport(planOf([]))).not.toContain('Not part of this run');
  });

  it('stand in the comment of a plan that changes nothing too', () => {
    const { notReceived = [] } = plan;
    expect(renderComment({ ...planOf([]), notReceived })).toContain('2 image sets of the target');
  });
});
