import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/index.ts';
import {
  formatFindings,
  renderComment,
  renderFindings,
  renderPlanText,
  renderSummary,
} from '../../src/views/index.ts';
import { expectGolden } from '../support/golden.ts';
import { operatorsGo } from '../support/operator-stories.ts';
import {
  everythingIsNew,
  findings,
  hostile,
  nothingChanges,
  oneReleaseGoes,
  updatesHaveRisks,
} from '../support/plan-stories.ts';

const stories: readonly (readonly [name: string, plan: Plan])[] = [
  ['one-release-goes', oneReleaseGoes()],
  ['nothing-changes', nothingChanges()],
  ['everything-is-new', everythingIsNew()],
  ['operators-go', operatorsGo()],
  ['hostile', hostile()],
  ['updates-have-risks', updatesHaveRisks()],
];

const options = {
  artifactUrl: 'https://github.com/example/mirror/actions/runs/7/artifacts/9',
  runUrl: 'https://github.com/example/mirror/actions/runs/7',
  durationMs: 12_000,
};

describe('the views of a plan', () => {
  it.each(stories)('show %s as the golden files do', (name, plan) => {
    expectGolden(`plan-comment-${name}.md`, renderComment(plan, options));
    expectGolden(`plan-text-${name}.txt`, renderPlanText(plan));
  });

  it('show the job summary as the golden file does', () => {
    expectGolden('plan-summary-one-release-goes.md', renderSummary(oneReleaseGoes(), options));
  });

  it('show findings as the golden files do', () => {
    const target = 'registry.example.com:8443';
    expectGolden('findings-comment.md', renderFindings(findings, { target }));
    expectGolden('findings-text.txt', formatFindings(findings));
  });

  it('are the same whatever order findings and edits of equal rank came in', () => {
    const plan = { ...oneReleaseGoes(), diagnostics: findings };
    const turned = { ...plan, diagnostics: findings.toReversed() };
    expect(renderComment(turned)).toBe(renderComment(plan));
    expect(renderPlanText(turned)).toBe(renderPlanText(plan));
  });
});
