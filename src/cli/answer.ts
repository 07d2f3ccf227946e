import { stringify } from 'yaml';
import { cancelledCode, genericFailure } from './exit-code.ts';
import { usageError } from './flags.ts';

const formats = ['json', 'yaml', 'markdown'] as const;

/** A format in which a command prints its answer. */
export type AnswerFormat = (typeof formats)[number];

/** An answer in the two forms of which all formats are made. */
export interface CommandAnswer {
  /** JSON text. */
  readonly json: string;
  readonly markdown: string;
}

/**
 * Reads `--output`; `undefined` where it was not given.
 * @throws ConfigError `INPUT_INVALID`
 */
export function readAnswerFormat(text: string): AnswerFormat | undefined {
  const format = formats.find((one) => one === text);
  if (format === undefined && text !== '') {
    throw usageError(`--output "${text}" is not one of ${formats.join(', ')}`);
  }
  return format;
}

/** Writes facts in one format; absent: not as data. */
export type FormatData = ((facts: unknown) => string) | undefined;

/**
 * Reads `--output` of a command that prints facts; `undefined` where it was not given.
 * @throws ConfigError `INPUT_INVALID` in oc-mirror's words
 */
export function readDataFormat(text: string): FormatData {
  if (text === '') return undefined;
  if (text === 'json') return (facts) => `${JSON.stringify(facts, null, 2)}\n`;
  if (text === 'yaml') return (facts) => stringify(facts);
  throw usageError("--output must be 'yaml' or 'json'");
}

/** Writes an answer in one format, with a newline at its end. */
export function formatAnswer({ json, markdown }: CommandAnswer, format: AnswerFormat): string {
  const text = {
    json: () => json,
    yaml: () => stringify(JSON.parse(json)),
    markdown: () => markdown,
  };
  return `${text[format]().trimEnd()}\n`;
}

/** The exit code for changes, or for a mirror that is not whole, with `--detailed-exitcode`. */
const changedCode = 2;

/** Gives the exit code of `--detailed-exitcode`: 0 for nothing, 2 for changes, 1 for any error. */
export function detailedExitCode(code: number, finding: 'nothing' | 'changes'): number {
  if (code !== 0 && code !== cancelledCode) return genericFailure;
  return finding === 'changes' ? changedCode : code;
}
