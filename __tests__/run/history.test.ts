import { describe, expect, it } from 'vitest';
import { pastRuns } from '../../src/run/history.ts';

describe('the history of a target', () => {
  it('names an apply by its number, and by its whole id where two have the number', () => {
    const at = '2026-08-21T14:09:40Z';
    const runs = [
      { id: 1, at, planDigest: 'sha256:a' },
      { id: 2, at, planDigest: 'sha256:b', token: '3fa9c0de12345678' },
      { id: 2, at, planDigest: 'sha256:c', token: '0123456789abcdef' },
    ];
    expect(pastRuns(runs).map(({ name }) => name)).toEqual([
      '2-0123456789abcdef',
      '2-3fa9c0de12345678',
      '1',
    ]);
  });
});
