import { describe, it } from 'vitest';
import { patience, short } from '../support/effort.ts';
import { liveThroughImages } from './random-images.ts';
import { liveThroughOperators } from './random-operators.ts';

describe('whatever is wanted one after the other', { timeout: patience(short) }, () => {
  it.each(['on', 'unsupported'] as const)(
    'pulls whole, touches nothing of others, and is written once (removal of tags: %s)',
    (tagDelete) => liveThroughImages(tagDelete, short.runs(20)),
  );

  it('of operators is there whole, and what only dropped ones used is gone', () =>
    liveThroughOperators(short.runs(15)));
});
