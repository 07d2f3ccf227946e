import { ConfigError } from '../errors.ts';
import type { PlanOptions } from '../plan/index.ts';
import type { InputName } from './input-table.ts';

/** One input as it was written: trimmed, or its default. */
export interface InputText {
  readonly name: InputName;
  readonly text: string;
}

/** Makes the error of an input: it names the input, says what is wrong, and how to write it. */
export function inputError(name: string, problem: string, hint?: string): ConfigError {
  return new ConfigError('INPUT_INVALID', `Input "${name}": ${problem}`, { hint });
}

/** Shows a value in a message; what a user wrote may be long. */
function show(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/**
 * Reads one of a closed set of words.
 * @throws ConfigError `INPUT_INVALID`
 */
export function readChoice<Word extends string>(input: InputText, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === input.text);
  if (word !== undefined) return word;
  throw inputError(
    input.name,
    `${show(input.text)} is not one of its values.`,
    `Write one of: ${words.join(', ')}.`,
  );
}

/** Reads a list, one entry a line; empty lines and lines that begin with `#` are left out. */
export function readList(input: InputText): readonly string[] {
  return input.text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * Reads a whole number from 1 up; empty is absent.
 * @throws ConfigError `INPUT_INVALID`
 */
export function readCount(input: InputText): number | undefined {
  if (input.text === '') return undefined;
  const count = Number(input.text);
  if (/^\d+$/.test(input.text) && Number.isSafeInteger(count) && count > 0) return count;
  throw inputError(
    input.name,
    `${show(input.text)} is not a whole number.`,
    'Write a number from 1 up.',
  );
}

/**
 * Reads a number, or a percentage from 0% to 100%.
 * @throws ConfigError `INPUT_INVALID`
 */
export function readBound(input: InputText): PlanOptions['maxDelete'] {
  const [, digits, percent] = /^(\d{1,15}(?:\.\d+)?)\s*(%?)$/.exec(input.text) ?? [];
  const value = Number(digits);
  if (percent === '%' && value <= 100) return { share: value / 100 };
  if (percent === '' && Number.isSafeInteger(value)) return { count: value };
  throw inputError(
    input.name,
    `${show(input.text)} is neither a number nor a percentage.`,
    'Write a number of images (20) or a share of what is mirrored (50%).',
  );
}

const hostPattern =
  /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d{1,5})?$/;
const pathPattern =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/**
 * Reads the target, `[docker://]host[:port][/path]`, and gives it without transport.
 * @throws ConfigError `INPUT_INVALID`
 */
export function readTarget(input: InputText): string {
  const hint = 'Write docker://host[:port][/path], for example docker://registry.example.com:8443.';
  if (input.text === '') throw inputError(input.name, 'it is required.', hint);
  const bare = input.text.replace(/^docker:\/\//, '').replace(/\/+$/, '');
  const slash = bare.indexOf('/');
  const host = slash < 0 ? bare : bare.slice(0, slash);
  const path = slash < 0 ? undefined : bare.slice(slash + 1);
  if (!hostPattern.test(host) || (path !== undefined && !pathPattern.test(path))) {
    throw inputError(input.name, `${show(input.text)} is not a registry.`, hint);
  }
  return bare;
}

/**
 * Reads hosts, one a line.
 * @throws ConfigError `INPUT_INVALID`
 */
export function readHosts(input: InputText): readonly string[] {
  const hosts = readList(input);
  const wrong = hosts.find((host) => !hostPattern.test(host));
  if (wrong === undefined) return hosts;
  throw inputError(input.name, `${show(wrong)} is not a host.`, 'Write host or host:port.');
}

/**
 * Reads the digest of a plan, whole and nothing shorter: two plans with the same beginning are found in a minute.
 * @throws ConfigError `INPUT_INVALID`
 */
export function readPlanDigest(input: InputText): string | undefined {
  if (input.text === '') return undefined;
  const digest = input.text.toLowerCase();
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw inputError(
    input.name,
    `${show(input.text)} is not the whole digest of a plan.`,
    'Copy it from the summary or the output plan-digest: sha256: and 64 hex digits. A beginning names no plan for certain.',
  );
}
