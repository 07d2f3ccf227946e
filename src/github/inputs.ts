import { isGivenName } from '../door/index.ts';
import { ConfigError } from '../errors.ts';
import type { PlanOptions } from '../plan/index.ts';
import { type Approval, parseUndoChoice, type UndoChoice } from '../run/index.ts';
import { type InputName, inputDefaults } from './input-table.ts';
import {
  type InputText,
  inputError,
  readBound,
  readChoice,
  readCount,
  readHosts,
  readList,
  readPlanDigest,
  readTarget,
} from './input-values.ts';

/** A process environment. */
export type Env = Readonly<Record<string, string | undefined>>;

const commands = ['auto', 'plan', 'apply', 'verify', 'restore', 'archive', 'load'] as const;

/** What the user asked for; `auto` is decided by the event. */
export type CommandInput = Exclude<(typeof commands)[number], 'archive' | 'load'>;

/** The inputs of one run, read and checked. Absent texts are `undefined`. */
export interface Inputs {
  readonly command: CommandInput;
  /** Globs; empty: every tracked configuration. */
  readonly config: readonly string[];
  /** `host[:port][/path]`. */
  readonly target: string;
  readonly pullSecret: string | undefined;
  readonly authFile: string | undefined;
  readonly login: { readonly username: string; readonly password: string } | undefined;
  readonly caBundle: string | undefined;
  readonly insecureRegistries: readonly string[];
  readonly registriesConf: string | undefined;
  readonly workspace: string | undefined;
  readonly cache: 'auto' | 'off';
  readonly state: 'registry' | { readonly directory: string };
  readonly base: string | undefined;
  /** What the state calls the image sets. */
  readonly name: string | undefined;
  readonly options: PlanOptions;
  readonly requireReview: Approval['require'];
  /** The whole digest of a plan, `sha256:…`. */
  readonly approve: string | undefined;
  readonly undo: UndoChoice | undefined;
  readonly comment: 'auto' | 'off';
  readonly failOn: 'error' | 'warning' | 'never';
  readonly upload: 'auto' | 'off';
  /** Absent: the default name with the key of the target and the image sets. */
  readonly artifactName: string | undefined;
  readonly verifySignatures: 'releases' | 'off';
  readonly signatureKeys: string | undefined;
  readonly parallel: number | undefined;
  readonly token: string | undefined;
}

const prefix = 'INPUT_';

/** Gives the variable in which the runner passes an input. */
function variableOf(name: InputName): string {
  return `${prefix}${name.replaceAll(' ', '_').toUpperCase()}`;
}

function refuseUnknown(env: Env): void {
  const known = new Set((Object.keys(inputDefaults) as InputName[]).map(variableOf));
  const unknown = Object.keys(env).filter((name) => name.startsWith(prefix) && !known.has(name));
  const [first] = unknown.map((name) => name.slice(prefix.length).toLowerCase()).sort();
  if (first === undefined) return;
  const names = Object.keys(inputDefaults).join(', ');
  throw inputError(first, 'there is no such input.', `The inputs are: ${names}.`);
}

/** Reads an input as it was written, trimmed, or its default. */
export function readText(env: Env, name: InputName): InputText {
  return { name, text: env[variableOf(name)]?.trim() || inputDefaults[name] };
}

function readPullSecret({ name, text }: InputText): string | undefined {
  if (text === '') return undefined;
  const hint = 'Pass the content of an auth file: {"auths": {"host": {"auth": "…"}}}.';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which is a secret.
    throw inputError(name, 'it is not JSON.', hint);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text;
  throw inputError(name, 'it is not a JSON object.', hint);
}

/** Runs for forks and for Dependabot get no secrets: what the workflow passes is empty there. */
function mayLackSecrets({ GITHUB_EVENT_NAME: event = '' }: Env): boolean {
  return event.startsWith('pull_request');
}

function readLogin(username: string, password: string, env: Env): Inputs['login'] {
  if (username !== '' && password === '') {
    if (mayLackSecrets(env)) return undefined;
    throw inputError('username', 'it is given without "password".', 'Give both, or none.');
  }
  if (username === '' && password !== '') {
    throw inputError('password', 'it is given without "username".', 'Give both, or none.');
  }
  return username === '' ? undefined : { username, password };
}

function readCommand(input: InputText): CommandInput {
  const command = readChoice(input, commands);
  if (command !== 'archive' && command !== 'load') return command;
  throw new ConfigError('NOT_BUILT', `Input "command": "${command}" is not built yet.`, {
    hint: 'Disk archives follow in a later version; plan, apply, verify and restore work today.',
  });
}

function readUndo({ name, text }: InputText): Inputs['undo'] {
  const undo = parseUndoChoice(text);
  if (text === '' || undo !== undefined) return undo;
  throw inputError(name, 'it is not the id of an apply.', 'Write the number of the run, or last.');
}

function refuseShard({ text }: InputText): void {
  if (text === '' || text === '1/1') return;
  throw new ConfigError('NOT_BUILT', 'Input "shard": sharding is not built yet.', {
    hint: 'Leave it out: one run does the whole plan.',
  });
}

function readArtifactName({ name, text }: InputText): string | undefined {
  if (text === '') return undefined;
  if (/^[^":<>|*?\\/\r\n]{1,200}$/.test(text)) return text;
  throw inputError(name, 'it is not a name of an artifact.', 'Leave out " : < > | * ? \\ / .');
}

function readBase({ name, text }: InputText): string | undefined {
  if (!text.startsWith('-')) return text || undefined;
  throw inputError(name, 'it begins with a dash.', 'Write a commit, a tag or a branch.');
}

function readName({ name, text }: InputText): string | undefined {
  if (text === '' || isGivenName(text)) return text || undefined;
  throw inputError(
    name,
    'it cannot name an image set.',
    'Write letters, digits and . _ - / : @, such as clusters/prod.',
  );
}

/**
 * Reads and checks all inputs.
 * @throws ConfigError `INPUT_INVALID` for what is unknown, malformed or contradictory, `NOT_BUILT` for what is planned;
 *   the message names the input.
 */
export function readInputs(env: Env): Inputs {
  refuseUnknown(env);
  const of = (name: InputName) => readText(env, name);
  const optional = (name: InputName) => of(name).text || undefined;
  const state = of('state').text;
  refuseShard(of('shard'));
  readChoice(of('signatures'), ['copy', 'skip']);
  const inputs: Inputs = {
    command: readCommand(of('command')),
    config: readList(of('config')),
    target: readTarget(of('target')),
    pullSecret: readPullSecret(of('pull-secret')),
    authFile: optional('auth-file'),
    login: readLogin(of('username').text, of('password').text, env),
    caBundle: optional('ca-bundle'),
    insecureRegistries: readHosts(of('insecure-registries')),
    registriesConf: optional('registries-conf'),
    workspace: optional('workspace'),
    cache: readChoice(of('cache'), ['auto', 'off']),
    state: state === 'registry' ? state : { directory: state },
    base: readBase(of('base')),
    name: readName(of('name')),
    options: {
      prune: readChoice(of('prune'), ['removed', 'stale', 'none']),
      maxDelete: readBound(of('max-delete')),
      protect: readList(of('protect')),
    },
    requireReview: readChoice(of('require-review'), ['deletes', 'all', 'none']),
    approve: readPlanDigest(of('approve')),
    undo: readUndo(of('undo')),
    comment: readChoice(of('comment'), ['auto', 'off']),
    failOn: readChoice(of('fail-on'), ['error', 'warning', 'never']),
    upload: readChoice(of('upload'), ['auto', 'off']),
    artifactName: readArtifactName(of('artifact-name')),
    verifySignatures: readChoice(of('verify-signatures'), ['releases', 'off']),
    signatureKeys: optional('signature-keys'),
    parallel: readCount(of('parallel')),
    token: optional('github-token'),
  };
  return refuseContradictions(inputs);
}

function refuseContradictions(inputs: Inputs): Inputs {
  if (inputs.pullSecret !== undefined && inputs.authFile !== undefined) {
    throw inputError('auth-file', 'it contradicts "pull-secret".', 'Give one of the two.');
  }
  if (inputs.undo !== undefined && inputs.command !== 'restore') {
    throw inputError('undo', 'it is only for "command: restore".', 'Set command: restore.');
  }
  if (inputs.command === 'restore' && inputs.undo === undefined) {
    throw inputError(
      'undo',
      '"command: restore" needs it.',
      'Write the number of the run, or last.',
    );
  }
  return inputs;
}
