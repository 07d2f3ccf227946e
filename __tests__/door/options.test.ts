import { describe, expect, it } from 'vitest';
import { planFlags, restoreFlags } from '../../src/cli/flag-tables.ts';
import { parseFlags } from '../../src/cli/flags.ts';
import { ConfigError } from '../../src/errors.ts';
import { type InputName, readInputs } from '../../src/github/inputs.ts';
import { inputEnv } from '../support/fake-host.ts';

const flags = { ...planFlags, ...restoreFlags };

/** Gives what an option is in each door, or the message of its error. */
function inBoth(name: InputName & keyof typeof flags, text: string) {
  const told = (read: () => unknown): unknown => {
    try {
      return read();
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
  };
  const command = name === 'undo' ? { command: 'restore' } : {};
  const inputs = { target: 'reg', ...command, [name]: text };
  return {
    action: told(() => readInputs(inputEnv(inputs))[name]),
    commandLine: told(() => parseFlags(flags, [`--${name}=${text}`]).values[name]),
  };
}

describe('an option of both doors', () => {
  it.each([
    ['state', 'registry', 'registry'],
    ['state', 'state/of/ours', { directory: 'state/of/ours' }],
    ['state', 'file:///srv/state', { directory: '/srv/state' }],
    ['max-delete', '50%', { share: 0.5 }],
    ['max-delete', '50 %', { share: 0.5 }],
    ['max-delete', ' 2.5% ', { share: 0.025 }],
    ['max-delete', '20', { count: 20 }],
    ['max-delete', '0', { count: 0 }],
    ['prune', 'stale', 'stale'],
    ['protect', 'a/*\n# not this\n\n b/* ', ['a/*', 'b/*']],
    ['base', 'v1', 'v1'],
    ['name', 'clusters/prod', 'clusters/prod'],
    ['undo', '17', 17],
    ['undo', 'last', 'last'],
  ] as const)('%s reads %j alike', (name, text, value) => {
    expect(inBoth(name, text)).toEqual({ action: value, commandLine: value });
  });

  it.each([
    ['state', 'file://', 'is not a directory'],
    ['max-delete', '101%', 'is neither a number nor a percentage'],
    ['max-delete', '-1', 'is neither a number nor a percentage'],
    ['max-delete', '1.5', 'is neither a number nor a percentage'],
    ['max-delete', '%', 'is neither a number nor a percentage'],
    ['prune', 'all', 'is not one of removed, stale, none'],
    ['base', '--upload-pack=x', 'begins with a dash'],
    ['name', 'a//b', 'cannot name an image set'],
    ['undo', '0', 'is neither the number of an apply nor last'],
  ] as const)('%s refuses %j, each door in its own words', (name, text, problem) => {
    expect(inBoth(name, text)).toEqual({
      action: `Input "${name}": "${text}" ${problem}.`,
      commandLine: `--${name} "${text}" ${problem}`,
    });
  });
});
