import { describe, expect, it } from 'vitest';
import {
  formatClosing,
  formatEvent,
  renderApplied,
  renderResultSummary,
} from '../../src/views/index.ts';
import { renderResultReport } from '../../src/views/report/index.ts';
import { expectGolden } from '../support/golden.ts';
import {
  everythingIsNew,
  hostile,
  huge,
  imageChange,
  nothingChanges,
  oneReleaseGoes,
} from '../support/plan-stories.ts';
import { allDone, done, failed, held, oneFailed, resultOf } from '../support/result-stories.ts';

const time = '14:01:04';

describe('the log of an apply', () => {
  it('has one timed line for each image, counted within its phase', () => {
    const image = imageChange('team/app:1', { action: 'mirror', reason: 'wanted' });
    const gone = imageChange('team/app:0', { action: 'delete', reason: 'removed' });
    const total = 120;
    const lines = [
      formatEvent({ type: 'phase', phase: 'mirror', total }, time),
      formatEvent({ type: 'outcome', outcome: done(image), index: 0, total }, time),
      formatEvent({ type: 'progress', done: 1, total, bytes: 10 }, time),
      formatEvent({ type: 'outcome', outcome: failed(image), index: 1, total }, time),
      formatEvent({ type: 'phase', phase: 'delete', total: 2 }, time),
      formatEvent({ type: 'outcome', outcome: done(gone), index: 0, total: 2 }, time),
      formatEvent({ type: 'outcome', outcome: held(gone), index: 1, total: 2 }, time),
      formatEvent({ type: 'phase', phase: 'done', total: 0 }, time),
    ];
    expect(lines.filter((line) => line === undefined)).toHaveLength(2);
    expectGolden('apply-log.txt', `${lines.filter((line) => line !== undefined).join('\n')}\n`);
  });

  it('ends with the last lines of every door, then time and traffic', () => {
    const notes = Array.from({ length: 2 }, (_, index) => `Note ${index}.`);
    const plan = everythingIsNew();
    const outcomes = plan.changes.map((change, index) =>
      index < 20 ? failed(change) : done(change),
    );
    const worst = resultOf(plan, outcomes, { status: 'partial', notes });
    const stories = [allDone(oneReleaseGoes()), oneFailed(plan), worst];
    const text = stories.map((result) => formatClosing(result, time).join('\n'));
    expectGolden('apply-closing.txt', `${text.join('\n\n')}\n`);
  });

  it('obeys no name', () => {
    for (const change of hostile().changes) {
      const outcome = {
        change,
        result: 'skipped',
        detail: `::error::x\n##[error]${change.origin}`,
      } as const;
      const line = formatEvent({ type: 'outcome', outcome, index: 0, total: 1 }, '') ?? '';
      expect(line).not.toMatch(/\n|##\[|^\s*::/);
    }
  });
});

describe('the job summary of an apply', () => {
  it('says what was done, as the golden file does', () => {
    expectGolden('result-summary-applied.md', renderResultSummary(allDone(oneReleaseGoes())));
  });

  it('says what failed, at which side and what to do, and that nothing was deleted', () => {
    const plan = oneReleaseGoes();
    const lost = imageChange('team/app:1', { action: 'mirror', reason: 'wanted' });
    const partial = resultOf(plan, [failed(lost)], { status: 'partial', verified: 0 });
    const text = renderResultSummary(partial);
    expect(text).toContain('1 of 1 image failed; held 1. Nothing was deleted: deletion waits');
    expect(text).toContain('failed at the source: GET https&#58;//quay.io');
    expect(text).toContain('Run again: what was mirrored stays.');
  });

  it('begins with what waits for an approval, and with the digest to approve', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const reason = {
      severity: 'error',
      code: 'review-missing',
      summary: 'Refused: nobody reviewed this plan; the removals wait, the rest goes on.',
      detail: 'Not reviewed: delete team/app:v1.',
      fix: `approve: ${digest}`,
    } as const;
    const waiting = { digest, deletes: 2, untags: 1, reasons: [reason] };
    const text = renderResultSummary(
      resultOf(oneReleaseGoes(), [], { status: 'partial', waiting }),
    );
    expect(text).toMatch(/^> \[!WARNING\]\n> Refused: nobody reviewed this plan/);
    expect(text).toContain(`approve: ${digest}`);
    expect(text).toContain('**Refused: 2 deletes and 1 untag wait for an approval.');
    expect(text).not.toContain('Stopped before');
  });

  it('gives no reason that is none: a delete that failed, and a run that was stopped', () => {
    const plan = oneReleaseGoes();
    const gone = plan.changes.filter(({ action }) => action === 'delete').slice(0, 1);
    const refused = resultOf(plan, gone.map(failed), { status: 'partial' });
    expect(renderResultSummary(refused)).toContain(
      '1 of 1 image failed; held 1. Nothing was deleted. Took',
    );
    const stopped = resultOf(plan, [], { status: 'failed' });
    expect(renderResultSummary(stopped)).toContain('**Stopped before everything was done; held 1.');
  });

  it('says that nothing was to do, or that nothing was changed', () => {
    const nothing = resultOf(nothingChanges(), [], { status: 'nothing' });
    expect(renderResultSummary(nothing)).toContain(
      '**Nothing to do: 384 images are mirrored and wanted.**',
    );
    const refused = resultOf(oneReleaseGoes(), [], { status: 'refused' });
    expect(renderResultSummary(refused)).toContain('**Refused: nothing was changed.**');
  });

  it('is within its limit', () => {
    const result = allDone(huge(20_000));
    expect(Buffer.byteLength(renderResultSummary(result))).toBeLessThanOrEqual(1_048_576);
    expect(Buffer.byteLength(renderResultSummary(result, { limit: 3000 }))).toBeLessThanOrEqual(
      3000,
    );
  });
});

describe('the comment of an apply', () => {
  it('says what is done, what waits, and how it is approved', () => {
    const plan = everythingIsNew();
    const digest = `sha256:${'a'.repeat(64)}`;
    const reason = { severity: 'error', code: 'review-missing', summary: 'Refused: no review.' };
    const reasons = [{ ...reason, severity: 'error', fix: `approve: ${digest}` } as const];
    const waiting = { digest, deletes: 2, untags: 1, reasons };
    const outcomes = plan.changes.slice(0, 3).map(done);
    const text = renderApplied(resultOf(plan, outcomes, { status: 'partial', waiting }));
    expect(text).toContain(
      '**Applied in part: mirrored 3; 2 deletes and 1 untag wait for an approval.**',
    );
    expect(text).toContain('Release 4.16.5 · 192 mirrored');
    expect(text).toMatch(/> \[!WARNING\]\n> Refused: no review\.\n>\n> Start the workflow with:/);
    expect(renderApplied(resultOf(plan, [], { status: 'partial', waiting }))).toContain(
      '**Not applied; 2 deletes and 1 untag wait for an approval.**',
    );
  });

  it('lists what was done as done, and what failed as it was planned', () => {
    const applied = renderApplied(allDone(everythingIsNew()));
    expect(applied).toContain('Release 4.16.5 · 192 mirrored');
    expect(applied).not.toMatch(/to mirror|the target lacks it/);
    expect(renderApplied(oneFailed(everythingIsNew()))).toContain('Release 4.16.5 · 192 to mirror');
  });
});

describe('the report of an apply', () => {
  it('says of every image what became of it', () => {
    const html = renderResultReport(oneFailed(everythingIsNew()));
    expect(html).toContain('<th scope="col" data-sort="outcome">Outcome</th>');
    expect(html).toContain('failed at the source');
    expect(html).toContain('1 of 385 images failed; mirrored 384.');
  });
});
