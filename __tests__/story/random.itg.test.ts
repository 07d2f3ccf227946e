import { describe, it } from 'vitest';
import { long, patience } from '../support/effort.ts';
import { liveThroughImages } from './random-images.ts';
import { liveThroughOperators } from './random-operators.ts';

describe('whatever is wanted one after the other', { timeout: patience(long) }, () => {
  it.each(['on', 'unsupported'] as const)(
    'pulls whole, touches nothing of others, and is written once (removal of tags: %s)',
    (tagDelete) => liveThroughImages(tagDelete, long.runs(20)),
  );

  it('of operators is there whole, and what only dropped ones used is gone', () =>
    liveThroughOperators(long.runs(15)));
});
