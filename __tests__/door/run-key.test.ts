import { describe, expect, it } from 'vitest';
import { runKey } from '../../src/door/index.ts';

const [prod, test] = ['github.com/acme/mirrors//prod.yaml', 'github.com/acme/mirrors//test.yaml'];

describe('the key of a run', () => {
  it('is the same for the same target and image sets, in whatever order they come', () => {
    const key = runKey('r.example/ocp', [prod, test]);
    expect(key).toMatch(/^[0-9a-f]{12}$/);
    expect(runKey('r.example/ocp', [test, prod, test])).toBe(key);
  });

  it('differs between targets and between image sets', () => {
    const keys = [
      runKey('r.example/ocp', [prod]),
      runKey('r.example/ocp', [test]),
      runKey('r.example/ocp', [prod, test]),
      runKey('r.example/ocp', []),
      runKey('r.example', [prod]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
