import { describe, test } from 'vitest';
import { effort } from '../support/effort.ts';
import { fuzz, seed } from './fuzz.ts';
import { fuzzTargets } from './targets.ts';

const targets = await fuzzTargets();

describe(`whatever stands there, a value or a deliberate error comes of it (FUZZ_SEED=${seed})`, () => {
  test.each(targets.map((target) => [target.name, target] as const))(
    '%s',
    async (_, target) => await fuzz(target),
    effort.limit,
  );
});
