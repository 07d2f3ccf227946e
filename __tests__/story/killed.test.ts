import { describe, it } from 'vitest';
import { patience, short } from '../support/effort.ts';
import { killWhileApplying, killWhileDeleting, killWhileMirroring } from './killed.ts';

const moments = [0.6];

describe('a process that is killed', { timeout: patience(short) }, () => {
  it('while it mirrors leaves no half image, and the next one ends it', () =>
    killWhileMirroring(moments));

  it('while it applies a plan loses nothing that stays or that can be undone', () =>
    killWhileApplying(moments));

  it('while it deletes what a list names loses nothing else', () => killWhileDeleting(moments));
});
