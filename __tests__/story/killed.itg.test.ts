import { describe, it } from 'vitest';
import { long, patience } from '../support/effort.ts';
import { killWhileApplying, killWhileDeleting, killWhileMirroring } from './killed.ts';

/** Spread evenly: after a quarter, a half and three quarters of a run, and at night after many more parts. */
const count = long.runs(3);
const moments = Array.from({ length: count }, (_, index) => (index + 1) / (count + 1));

describe('a process that is killed', { timeout: patience(long) }, () => {
  it('while it mirrors leaves no half image, and the next one ends it', () =>
    killWhileMirroring(moments));

  it('while it applies a plan loses nothing that stays or that can be undone', () =>
    killWhileApplying(moments));

  it('while it deletes what a list names loses nothing else', () => killWhileDeleting(moments));
});
