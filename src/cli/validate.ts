import { ConfigError } from '../errors.ts';
import { repositoryPattern } from '../oci/index.ts';
import type { ConsoleLevel } from './console.ts';
import type { commonFlags } from './flag-tables.ts';
import type { Parsed } from './flags.ts';

const levels: readonly string[] = ['info', 'debug', 'trace', 'error'] satisfies ConsoleLevel[];

function isConsoleLevel(text: string): text is ConsoleLevel {
  return levels.includes(text);
}

/** Makes the error of a wrong input, with a remedy where there is one. */
export function inputError(message: string, hint?: string): ConfigError {
  return new ConfigError('INPUT_INVALID', message, { hint });
}

/** Makes the error of something that oc-mirror has and this tool does not have yet. */
export function notBuilt(what: string): ConfigError {
  return new ConfigError('NOT_BUILT', `${what} is not built yet in imageset-mirror.`, {
    hint: 'Use oc-mirror v2 for it; nothing was done.',
  });
}

/**
 * Reads a log level that the console has.
 * @throws ConfigError `INPUT_INVALID` in oc-mirror's words.
 */
export function readLogLevel(text: string): ConsoleLevel {
  if (isConsoleLevel(text)) return text;
  throw inputError(`"${text}": invalid log-level, it should be one of (info,debug,trace,error)`);
}

/**
 * Checks what holds for every command.
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
    throw inputError('either OC_MIRROR_CACHE or --cache-dir can be used but not both');
  }
  if (values['retry-times'] < 0) throw inputError('the flag retry-times must not be negative');
  if (values['retry-delay'] < 0) throw inputError('the flag retry-delay must not be negative');
}

/** `host[:port]` with a port in range, or `host` alone. */
const hostPattern =
  /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d{1,5})?$/;

/**
 * Reads a destination registry: `docker://host[:port][/path]`, transport removed.
 * @throws ConfigError `INPUT_INVALID` for a tag, a digest, a trailing slash or characters that no path has.
 */
export function readTarget(destination: string): string {
  const target = destination.replace(/^docker:\/\//, '');
  const slash = target.indexOf('/');
  const host = slash < 0 ? target : target.slice(0, slash);
  const path = slash < 0 ? undefined : target.slice(slash + 1);
  if (hostPattern.test(host) && (path === undefined || repositoryPattern.test(path))) return target;
  throw inputError(
    `checking registry "${target}" access: it is not of the form host[:port][/path]`,
    'Leave out a tag, a digest and a slash at the end.',
  );
}

/**
 * Refuses a second destination: the first one alone would be served, and nobody told.
 * @throws ConfigError `INPUT_INVALID`
 */
export function refuseSecond([first, second]: readonly string[]): void {
  if (second === undefined) return;
  const isValue = [first, second].some((word) => word === 'true' || word === 'false');
  throw inputError(
    `there are two destinations, "${first}" and "${second}"`,
    isValue
      ? 'Write the value of a flag after "=": --dry-run=true.'
      : 'Name one; every further registry takes a run of its own.',
  );
}

/**
 * Reads the destination argument of the commands that oc-mirror does not have; the transport may be left out.
 * @throws ConfigError `INPUT_INVALID` when it is missing or is no registry.
 */
export function readTargetArgument(words: readonly string[]): string {
  const [destination] = words;
  if (destination === undefined) {
    throw inputError(
      'the destination registry is missing in the command arguments',
      'Name it as docker://host[:port][/path].',
    );
  }
  refuseSecond(words);
  return readTarget(destination);
}
