import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/apply/index.ts';
import {
  closingLines,
  formatClosing,
  renderApplied,
  renderResultSummary,
} from '../../src/views/index.ts';
import { renderResultReport } from '../../src/views/report/index.ts';
import { everythingIsNew, imageChange, oneReleaseGoes } from '../support/plan-stories.ts';
import { allDone, done, oneFailed, resultOf } from '../support/result-stories.ts';

const facts = { undo: 'restore it', log: 'a.log', report: 'report.html' };
const verbs = (...words: Parameters<typeof closingLines>) =>
  closingLines(...words).map(({ verb }) => verb);

describe('the last lines of an apply', () => {
  it('say what was done, how to undo it, how the bytes come free, and where to look', () => {
    const result = allDone(oneReleaseGoes());
    expect(closingLines({ ...result, notes: ['Mind\nthis.'] }, facts)).toEqual([
      { verb: 'done', text: expect.stringMatching(/^applied: mirrored 0, deleted 131/) },
      { verb: 'note', text: 'Mind this.' },
      { verb: 'undo', text: 'restore it' },
      { verb: 'free', text: expect.stringContaining('garbage collection') },
      { verb: 'see', text: 'report report.html · log a.log' },
    ]);
  });

  it('name no undo where nothing was taken away', () => {
    expect(verbs({ ...allDone(everythingIsNew()), run: 17 }, facts)).toEqual(['done', 'see']);
  });

  it('name the undo in every view where only tags were removed', () => {
    const change = imageChange('team/app:1', { action: 'untag', reason: 'shared' });
    const untagged = resultOf(oneReleaseGoes(), [done(change)], { status: 'applied', run: 17 });
    expect(verbs(untagged, facts)).toContain('undo');
    expect(formatClosing(untagged, '14:01:04').join('\n')).toContain('restore --undo 17');
    expect(renderResultSummary(untagged)).toContain('undo: 17');
    expect(renderApplied(untagged)).toContain('undo: 17');
    expect(renderResultReport(untagged)).toContain('restore --undo 17');
  });

  it('name failures with their remedy, five of them', () => {
    const change = imageChange('team/app:1', { action: 'mirror', reason: 'wanted' });
    const outcome: Outcome = {
      ...{ change, result: 'failed', code: 'X', side: 'source' },
      ...{ message: 'Gone.', hint: 'Push it.' },
    };
    const result = resultOf(everythingIsNew(), Array(8).fill(outcome), { status: 'failed' });
    const lines = closingLines(result).filter(({ verb }) => verb === 'failed');
    expect(lines).toHaveLength(6);
    expect(lines[0]?.text).toBe('team/app:1 failed at the source: Gone. Push it.');
    expect(lines.at(-1)?.text).toBe('and 3 more');
    expect(verbs(oneFailed(everythingIsNew()))).toContain('failed');
  });

  it('name what waits for an approval, with the digest to approve', () => {
    const waiting = { digest: 'sha256:abc', deletes: 2, untags: 1, reasons: [] };
    expect(
      closingLines(resultOf(oneReleaseGoes(), [], { status: 'partial', waiting })),
    ).toContainEqual({
      verb: 'waits',
      text: '2 deletes and 1 untag for an approval: approve sha256:abc',
    });
  });
});
