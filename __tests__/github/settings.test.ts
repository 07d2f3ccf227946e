import { expect, it } from 'vitest';
import { readInputs } from '../../src/github/inputs.ts';
import { settingsOfInputs } from '../../src/github/settings.ts';
import { silentLogger } from '../../src/log.ts';
import { fakeClock } from '../support/wire.ts';

it('the input max-nested-paths shortens paths as the flag does', () => {
  const settings = (depth: string) => {
    const env = { INPUT_TARGET: 'reg.test', 'INPUT_MAX-NESTED-PATHS': depth };
    return settingsOfInputs(readInputs(env), { env, clock: fakeClock(), log: silentLogger });
  };
  expect(settings('2').maxNestedPaths).toBe(2);
  expect(settings('')).not.toHaveProperty('maxNestedPaths');
});
