import { readTarget, type WrittenOption } from '../door/index.ts';
import { ConfigError } from '../errors.ts';
import type { ConsoleLevel } from './console.ts';
import type { commonFlags } from './flag-tables.ts';
import { type Parsed, usageError } from './flags.ts';

const levels: readonly string[] = ['info', 'debug', 'trace', 'error'] satisfies ConsoleLevel[];

function isConsoleLevel(text: string): text is ConsoleLevel {
  return levels.includes(text);
}

/**
 * Reads a log level that the console has.
 * @throws ConfigError `INPUT_INVALID` in oc-mirror's words.
 */
export function readLogLevel(text: string): ConsoleLevel {
  if (isConsoleLevel(text)) return text;
  throw usageError(`"${text}": invalid log-level, it should be one of (info,debug,trace,error)`);
}

/**
 * Refuses a number below zero.
 * @throws ConfigError `INPUT_INVALID`
 */
export function refuseNegative<Name extends string>(
  values: { readonly [Key in Name]: number },
  name: Name,
): void {
  if (values[name] < 0) throw usageError(`the flag ${name} must not be negative`);
}

/**
 * Checks the rules of every command.
 * @throws ConfigError `INPUT_INVALID`, `NOT_BUILT`.
 */
export function checkCommonFlags(
  { values, given }: Parsed<typeof commonFlags>,
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (values.v1) {
    throw new ConfigError(
      'NOT_BUILT',
      '--v1 is not supported: imageset-mirror speaks oc-mirror v2.',
      {
        hint: 'Leave --v1 out; `imageset-mirror lint FILE` tells what v2 says instead of v1 fields.',
      },
    );
  }
  if (given.has('cache-dir') && env['OC_MIRROR_CACHE']) {
    throw usageError('either OC_MIRROR_CACHE or --cache-dir can be used but not both');
  }
  refuseNegative(values, 'retry-times');
  refuseNegative(values, 'retry-delay');
}

/** Says how a destination is written; an address of a browser has another beginning. */
function remedyFor(text: string): string {
  const address = /^https?:\/\/(.+)$/.exec(text)?.[1];
  if (address !== undefined) return `Write docker://${address}.`;
  return 'Write docker://host[:port][/path]: the path in lower case, without a tag, a digest or a slash at the end.';
}

/** A destination with the error that oc-mirror gives for a wrong one. */
function writtenTarget(text: string): WrittenOption {
  const registry = text.replace(/^docker:\/\//, '');
  return {
    text,
    refuse: (problem) =>
      usageError(`checking registry "${registry}" access: it ${problem}`, remedyFor(text)),
  };
}

/**
 * Reads a destination registry as oc-mirror does, `docker://host[:port][/path]`; gives it without transport.
 * @throws ConfigError `INPUT_INVALID`, also for a slash at the end
 */
export function readDestination(destination: string): string {
  const written = writtenTarget(destination);
  if (destination.endsWith('/')) throw written.refuse('is not of the form host[:port][/path]');
  return readTarget(written);
}

/**
 * Refuses a second destination: it would be ignored silently.
 * @throws ConfigError `INPUT_INVALID`
 */
export function refuseSecond([first, second]: readonly string[]): void {
  if (first === undefined || second === undefined) return;
  throw usageError(
    `there are two destinations, "${first}" and "${second}"`,
    [first, second].flatMap((word) => whatIsMeant(word) ?? [])[0] ??
      'Name one; every further registry takes a run of its own.',
  );
}

/** Tells how a word is written that is no destination: the value of a flag, or a file. */
export function whatIsMeant(word: string): string | undefined {
  if (word === 'true' || word === 'false') {
    return 'Write the value of a flag after "=": --dry-run=true.';
  }
  if (/\.ya?ml$/.test(word)) return `A configuration is named by a flag: -c ${word}.`;
  return word.endsWith('.json') ? `A plan is named by a flag: --plan ${word}.` : undefined;
}

/**
 * Reads the destination argument of a command that oc-mirror does not have; the transport may be left out.
 * @throws ConfigError `INPUT_INVALID` when it is missing or is no registry.
 */
export function readTargetArgument(words: readonly string[]): string {
  const [destination] = words;
  if (destination === undefined) {
    throw usageError(
      'the destination registry is missing in the command arguments',
      'Name it as docker://host[:port][/path].',
    );
  }
  refuseSecond(words);
  return readTarget(writtenTarget(destination));
}
