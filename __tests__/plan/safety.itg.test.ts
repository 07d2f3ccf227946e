import { expect, it } from 'vitest';
import { long, patience } from '../support/effort.ts';
import { loseNothing } from './random-world.ts';

it(
  'no plan ever deletes a digest that is reachable from what stays',
  () => {
    expect(() => loseNothing(long.runs(10_000))).not.toThrow();
  },
  patience(long),
);
