import { describe, expect, it } from 'vitest';
import { createRunLog } from '../../src/github/run-log.ts';
import { fakeHost } from '../support/fake-host.ts';
import { changeOf } from '../support/plans.ts';
import { done } from '../support/result-stories.ts';

describe('the log of a run', () => {
  it('folds the lines of a phase, leaves out phases without lines, and never folds its end', () => {
    const { host, recorded } = fakeHost();
    const log = createRunLog(host);
    const outcome = done(changeOf('delete', '1'));
    log.listener({ type: 'phase', phase: 'mirror', total: 0 });
    log.listener({ type: 'phase', phase: 'delete', total: 1 });
    log.logger.log('warn', 'it takes long');
    log.listener({ type: 'outcome', outcome, index: 0, total: 1 });
    log.listener({ type: 'phase', phase: 'verify', total: 3 });
    log.listener({ type: 'outcome', outcome, index: 0, total: 3 });
    log.line('done', 'applied');
    const shown = recorded.lines.map((line) => line.replace(/^[\d:]{8} +(\w+).*/, '$1'));
    expect(shown).toEqual([
      'warn',
      '::group::delete (1)',
      'delete',
      '::endgroup::',
      '::group::verify (3)',
      'delete',
      '::endgroup::',
      'done',
    ]);
  });
});
