import { describe, it } from 'vitest';
import { long, patience } from '../support/effort.ts';
import { killWhileApplying, killWhileDeleting, killWhileMirroring } from './killed.ts';

const moments = [0.1, 0.25, 0.4, 0.6, 0.75, 0.9, 0.95];

describe('a process that is killed', { timeout: patience(long) }, () => {
  it('while it mirrors leaves no half image, and the next one ends it', () =>
    killWhileMirroring(moments));

  it('while it applies a plan loses nothing that stays or that can be undone', () =>
    killWhileApplying(moments));

  it('while it deletes what a list names loses nothing else', () => killWhileDeleting(moments));
});
