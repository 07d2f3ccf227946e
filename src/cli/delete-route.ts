import { existsSync } from 'node:fs';
import type { deleteFlags } from './flag-tables.ts';
import type { Parsed } from './flags.ts';
import { inputError, notBuilt, readTarget, refuseSecond } from './validate.ts';
import { findWorkingDirectory } from './workspace.ts';

type Flags = Parsed<typeof deleteFlags>;

/** A validated delete command line. */
export interface DeleteRoute {
  /** `host[:port][/path]` */
  readonly target: string;
  /** Path of the configuration, or of the list. */
  readonly input: string;
  readonly workingDirectory: string;
}

function checkGenerate({ values }: Flags): string {
  if (values.workspace === '') {
    throw inputError(
      'use the --workspace flag, it is mandatory when using the delete command with the --generate flag',
    );
  }
  const [config, more] = values.config;
  if (config === undefined) {
    throw inputError('the --config flag is mandatory when used with the --generate flag');
  }
  if (more !== undefined) throw inputError('delete --generate takes one --config');
  return config;
}

function checkExecute({ values }: Flags): string {
  if (values['delete-v1-images']) {
    throw inputError('the --delete-v1-images flag can only be used with the --generate flag');
  }
  const list = values['delete-yaml-file'];
  if (list === '') {
    throw inputError('the --delete-yaml-file flag is mandatory when not using the --generate flag');
  }
  return list;
}

/**
 * Validates a delete command line.
 * @throws ConfigError `INPUT_INVALID` in oc-mirror's words, `NOT_BUILT`.
 * @see oc-mirror v2, delete workflow
 */
export function readDeleteRoute(parsed: Flags): DeleteRoute {
  const { values, words } = parsed;
  const input = values.generate ? checkGenerate(parsed) : checkExecute(parsed);
  const [destination] = words;
  if (destination === undefined) {
    throw inputError('the destination registry is missing in the command arguments');
  }
  if (!destination.startsWith('docker://')) {
    throw inputError('the destination registry argument must have a docker:// protocol prefix');
  }
  refuseSecond(words);
  if (/[/\\]/.test(values['delete-id'])) {
    throw inputError('--delete-id becomes a part of a file name and must not contain a slash');
  }
  const workingDirectory = findWorkingDirectory(values.workspace);
  if (!existsSync(input)) throw inputError(`file not found ${input}`);
  if (values['delete-v1-images']) throw notBuilt('--delete-v1-images');
  return { input, workingDirectory, target: readTarget(destination) };
}
