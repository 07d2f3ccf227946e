import { describe, expect, it } from 'vitest';
import type { Change, Plan } from '../../src/plan/index.ts';
import { countActions } from '../../src/plan/index.ts';
import { renderComment, renderPlanText, renderSummary } from '../../src/views/index.ts';
import { renderReport, renderResultReport } from '../../src/views/report/index.ts';
import { countOutcomes } from '../../src/views/result/index.ts';
import { changeOf, planOf } from '../support/plans.ts';
import { done, resultOf } from '../support/result-stories.ts';

const tag = `sha256-${'a'.repeat(64)}.sig`;

/** A plan that mirrors one image and its signature, or the signature alone. */
function plan(images: readonly Change[]): Plan {
  const signature: Change = { ...changeOf('mirror', tag), kind: 'signature' };
  const changes = [...images, signature];
  const made = planOf(changes);
  return { ...made, totals: { ...made.totals, ...countActions(changes) } };
}

describe('views of a plan with signatures', () => {
  it.each([
    ['comment', (one: Plan) => renderComment(one)],
    ['summary', (one: Plan) => renderSummary(one)],
    ['text', renderPlanText],
    ['report', renderReport],
  ])('count them in one line and list none of them: %s', (_name, render) => {
    const text = render(plan([changeOf('mirror', 'v1')]));
    expect(text).toContain('1 signature or attestation, 1 to mirror');
    expect(text).toContain('irrors 1 image');
    expect(text).not.toContain(tag);
  });

  it('count them apart once they are done', () => {
    const made = plan([changeOf('mirror', 'v1')]);
    const result = resultOf(made, made.changes.map(done));
    expect(countOutcomes(result)).toMatchObject({ mirrored: 1, signatures: 1 });
    expect(renderResultReport(result)).not.toContain(tag);
  });

  it('say so when nothing else is done', () => {
    expect(renderPlanText(plan([]))).toContain('Mirrors 1 signature or attestation');
  });
});
