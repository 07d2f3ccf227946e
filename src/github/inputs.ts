import { isRecord } from '../base/index.ts';
import {
  isDay,
  oneOf,
  optional,
  quote,
  readDirectory,
  readLines,
  readTarget,
  type SharedOption,
  sharedOptions,
  type WrittenOption,
} from '../door/index.ts';
import { ConfigError } from '../errors.ts';
import { hostPattern } from '../oci/index.ts';

/** A process environment. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Makes the error of an input: it names the input, says what is wrong, and how to write it. */
export function inputError(name: string, problem: string, hint?: string): ConfigError {
  return new ConfigError('INPUT_INVALID', `Input "${name}": ${problem}`, { hint });
}

const readPlain = optional(({ text }) => text);

const readCommand = oneOf('auto', 'plan', 'apply', 'verify', 'restore', 'archive', 'load');

function readDay({ text, refuse }: WrittenOption): string {
  if (isDay(text)) return text;
  throw refuse('is not a day', 'Write yyyy-MM-dd.');
}

function readPullSecret({ text }: WrittenOption): string {
  const refuse = (problem: string) =>
    inputError(
      'pull-secret',
      problem,
      'Pass the content of an auth file: {"auths": {"host": {"auth": "…"}}}.',
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which is a secret.
    throw refuse('it is not JSON.');
  }
  if (isRecord(value)) return text;
  throw refuse('it is not a JSON object.');
}

function readHosts({ text }: WrittenOption): readonly string[] {
  const hosts = readLines({ text });
  const wrong = hosts.find((host) => !hostPattern.test(host));
  if (wrong === undefined) return hosts;
  throw inputError(
    'insecure-registries',
    `${quote(wrong)} is not a host.`,
    'Write host or host:port.',
  );
}

/** Reads the whole digest of a plan: a short beginning names no plan for certain. */
function readPlanDigest({ text, refuse }: WrittenOption): string {
  const digest = text.toLowerCase();
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw refuse(
    'is not the whole digest of a plan',
    'Copy it from the summary or the output plan-digest: sha256: and 64 hex digits. A beginning names no plan for certain.',
  );
}

function readArtifactName({ text, refuse }: WrittenOption): string {
  if (/^[^":<>|*?\\/\r\n]{1,200}$/.test(text)) return text;
  throw refuse('is not a name of an artifact', 'Leave out " : < > | * ? \\ / .');
}

function readCount({ text, refuse }: WrittenOption): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count > 0) return count;
  throw refuse('is not a whole number', 'Write a number from 1 up.');
}

function refuseShard({ text }: WrittenOption): void {
  if (text === '' || text === '1/1') return;
  throw new ConfigError('NOT_BUILT', 'Input "shard": sharding is not built yet.', {
    hint: 'Leave it out: one run does the whole plan.',
  });
}

type InputSpec<Value> = Omit<SharedOption<Value>, 'help'>;

const input = <Value>(text: string, read: (written: WrittenOption) => Value): InputSpec<Value> => ({
  default: text,
  read,
});

/**
 * Every input of the action: its default, as `action.yml` declares it, and how it is read. A new input is a line here and
 * one in `action.yml`; a test compares the two and `.github/docs/inputs.md`.
 *
 * The default of `github-token` is an expression of the runner; without a runner it is empty.
 */
export const inputTable = {
  ...sharedOptions,
  command: input('auto', readCommand),
  config: input('', readLines),
  target: input('', readTarget),
  'pull-secret': input('', optional(readPullSecret)),
  'auth-file': input('', readPlain),
  username: input('', readPlain),
  password: input('', readPlain),
  'ca-bundle': input('', readPlain),
  'insecure-registries': input('', readHosts),
  'registries-conf': input('', readPlain),
  workspace: input('', optional(readDirectory)),
  archive: input('', optional(readDirectory)),
  since: input('', optional(readDay)),
  cache: input('auto', oneOf('auto', 'off')),
  'require-review': input('deletes', oneOf('deletes', 'all', 'none')),
  approve: input('', optional(readPlanDigest)),
  undo: input('', optional(sharedOptions.undo.read)),
  comment: input('auto', oneOf('auto', 'off')),
  'fail-on': input('error', oneOf('error', 'warning', 'never')),
  upload: input('auto', oneOf('auto', 'off')),
  'artifact-name': input('', optional(readArtifactName)),
  'verify-depth': input('tags', oneOf('tags', 'blobs')),
  repair: input('false', oneOf('true', 'false')),
  issue: input('off', oneOf('off', 'auto')),
  'verify-signatures': input('releases', oneOf('releases', 'off')),
  'signature-keys': input('', readPlain),
  'signature-policy': input('', readPlain),
  'registries-d': input('', readPlain),
  parallel: input('', optional(readCount)),
  'max-nested-paths': input('', optional(readCount)),
  shard: input('', refuseShard),
  'github-token': input('', readPlain),
} satisfies Readonly<Record<string, InputSpec<unknown>>>;

/** The name of an input, as a workflow writes it. */
export type InputName = keyof typeof inputTable;

/** The inputs of one run, read and checked. */
export type Inputs = {
  readonly [Name in InputName]: ReturnType<(typeof inputTable)[Name]['read']>;
};

const names = Object.keys(inputTable) as InputName[];
const prefix = 'INPUT_';

/** Gives the variable in which the runner passes an input. */
function variableOf(name: InputName): string {
  return `${prefix}${name.replaceAll(' ', '_').toUpperCase()}`;
}

function refuseUnknown(env: Env): void {
  const known = new Set(names.map(variableOf));
  const unknown = Object.keys(env).filter((name) => name.startsWith(prefix) && !known.has(name));
  const [first] = unknown.map((name) => name.slice(prefix.length).toLowerCase()).sort();
  if (first === undefined) return;
  throw inputError(first, 'there is no such input.', `The inputs are: ${names.join(', ')}.`);
}

/** Gives an input as it was written, trimmed, or its default. */
export function inputText(env: Env, name: InputName): string {
  return env[variableOf(name)]?.trim() || inputTable[name].default;
}

function readInput(env: Env, name: InputName): unknown {
  const text = inputText(env, name);
  const refuse = (problem: string, hint?: string) =>
    inputError(name, text === '' ? 'it is required.' : `${quote(text)} ${problem}.`, hint);
  return inputTable[name].read({ text, refuse });
}

/**
 * Reads and checks all inputs.
 * @throws ConfigError `INPUT_INVALID` for what is unknown, malformed or contradictory, `NOT_BUILT` for what is planned;
 *   the message names the input.
 */
export function readInputs(env: Env): Inputs {
  refuseUnknown(env);
  const values = names.map((name) => [name, readInput(env, name)]);
  // The table has a reader of the right type for each name.
  return refuseContradictions(Object.fromEntries(values) as Inputs, env);
}

/** Refuses half a login. Runs for forks and for Dependabot get no secrets, so their password may be missing. */
function refuseHalfLogin({ username, password }: Inputs, { GITHUB_EVENT_NAME: event = '' }: Env) {
  if ((username === undefined) === (password === undefined)) return;
  if (password === undefined && event.startsWith('pull_request')) return;
  const [given, missing] =
    password === undefined ? ['username', 'password'] : ['password', 'username'];
  throw inputError(given, `it is given without "${missing}".`, 'Give both, or none.');
}

function refuseContradictions(inputs: Inputs, env: Env): Inputs {
  refuseHalfLogin(inputs, env);
  const { command, undo, archive, since } = inputs;
  if (archive !== undefined && command !== 'archive' && command !== 'load') {
    const hint = 'Set command: archive, or command: load.';
    throw inputError('archive', 'it is only for archives.', hint);
  }
  if (since !== undefined && command !== 'archive') {
    throw inputError('since', 'it is only for "command: archive".', 'Set command: archive.');
  }
  if (inputs['pull-secret'] !== undefined && inputs['auth-file'] !== undefined) {
    throw inputError('auth-file', 'it contradicts "pull-secret".', 'Give one of the two.');
  }
  if (inputs['registries-d'] !== undefined && inputs['signature-policy'] === undefined) {
    throw inputError('registries-d', 'it is only for "signature-policy".', 'Name a policy too.');
  }
  if (undo !== undefined && command !== 'restore') {
    throw inputError('undo', 'it is only for "command: restore".', 'Set command: restore.');
  }
  if (command === 'restore' && undo === undefined) {
    const hint = 'Write the number of the run, or last.';
    throw inputError('undo', '"command: restore" needs it.', hint);
  }
  return inputs;
}
