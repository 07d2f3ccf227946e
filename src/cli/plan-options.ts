import type { PlanOptions } from '../plan/index.ts';
import type { Settings } from '../run/index.ts';
import { inputError } from './validate.ts';

const prunes: readonly string[] = ['removed', 'stale', 'none'] satisfies PlanOptions['prune'][];

function isPrune(text: string): text is PlanOptions['prune'] {
  return prunes.includes(text);
}

/**
 * Reads `--max-delete`: a number of images, or a percentage of what is mirrored.
 * @throws ConfigError `INPUT_INVALID`.
 */
export function readMaxDelete(text: string): PlanOptions['maxDelete'] {
  const [, amount = '', percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(amount);
  if (amount !== '' && percent === '%' && value <= 100) return { share: value / 100 };
  if (amount !== '' && percent === '' && Number.isSafeInteger(value)) return { count: value };
  throw inputError(
    `--max-delete "${text}" is neither a number nor a percentage`,
    'Write --max-delete 50 or --max-delete 50%.',
  );
}

/**
 * Reads what prunes and what bounds a plan.
 * @throws ConfigError `INPUT_INVALID`.
 */
export function readPlanOptions(values: {
  readonly prune: string;
  readonly 'max-delete': string;
  readonly protect: readonly string[];
}): PlanOptions {
  if (!isPrune(values.prune)) {
    throw inputError(`--prune "${values.prune}" is not one of removed, stale, none`);
  }
  return {
    prune: values.prune,
    maxDelete: readMaxDelete(values['max-delete']),
    protect: values.protect,
  };
}

/** Reads `--state`: `registry`, or a directory (a `file://` before it may be left out). */
export function readState(text: string): Settings['state'] {
  if (text === '') throw inputError('--state is empty', 'Write --state registry or a directory.');
  return text === 'registry' ? 'registry' : { directory: text.replace(/^file:\/\//, '') };
}

/**
 * Reads `--max-nested-paths`.
 * @throws ConfigError `INPUT_INVALID`.
 */
export function readNesting(values: { readonly 'max-nested-paths': number }): {
  readonly maxNestedPaths: number;
} {
  const maxNestedPaths = values['max-nested-paths'];
  if (maxNestedPaths < 0) throw inputError('the flag max-nested-paths must not be negative');
  return { maxNestedPaths };
}
