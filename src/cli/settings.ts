import { join } from 'node:path';
import type { Logger } from '../log.ts';
import type { PlanOptions } from '../plan/index.ts';
import type { Settings, SideSettings } from '../run/index.ts';
import type { Console } from './console.ts';
import type { commonFlags, planFlags } from './flag-tables.ts';
import { type FlagValues, type Parsed, usageError } from './flags.ts';
import { readTargetArgument, refuseNegative } from './validate.ts';
import { words } from './words.ts';
import { findWorkingDirectory } from './workspace.ts';
import type { World } from './world.ts';

type Common = Parsed<typeof commonFlags>;

/** The flags that settings are made of; those that only some commands have may be missing. */
type SettingsFlags = Common & {
  readonly values: Partial<
    Pick<
      FlagValues<typeof planFlags>,
      | 'state'
      | 'max-nested-paths'
      | 'helm-values'
      | 'prune'
      | 'max-delete'
      | 'protect'
      | 'signatures'
      | 'currently-running'
      | 'secure-policy'
    >
  >;
};

interface CommandFacts {
  readonly world: World;
  readonly log: Logger;
  /** `host[:port][/path]`, without transport. */
  readonly target: string;
  readonly workspace: string;
  readonly verifySignatures?: Settings['verifySignatures'];
  /** Replaces the flag. */
  readonly signatures?: Settings['signatures'];
  /** Replaces the flag. */
  readonly maxNestedPaths?: number;
}

/** A run that only mirrors deletes nothing. */
const mirrorOnly: PlanOptions = { prune: 'none', maxDelete: { count: 0 }, protect: [] };

const given = <Key extends string>(key: Key, text: string): { readonly [K in Key]?: string } =>
  (text === '' ? {} : { [key]: text }) as { readonly [K in Key]?: string };

type SideName = 'src' | 'dest';

function sideFlag<Name extends 'creds' | 'username' | 'password' | 'no-creds'>(
  { values }: Common,
  side: SideName,
  name: Name,
) {
  return values[`${side}-${name}` as const];
}

/** @throws ConfigError `INPUT_INVALID` for flags that exclude each other. */
function readCredentials(
  parsed: Common,
  side: SideName,
): Pick<SideSettings, 'username' | 'password'> {
  const { values } = parsed;
  const creds = sideFlag(parsed, side, 'creds') || values[side === 'src' ? 'screds' : 'dcreds'];
  const username = sideFlag(parsed, side, 'username');
  const password = sideFlag(parsed, side, 'password');
  const isAnonymous = sideFlag(parsed, side, 'no-creds');
  const contradict = (one: string, other: string) =>
    usageError(`--${side}-${one} and --${side}-${other} cannot be specified at the same time`);
  if (creds && isAnonymous) throw contradict('creds', 'no-creds');
  if (username && isAnonymous) throw contradict('username', 'no-creds');
  if (creds && username) throw contradict('creds', 'username');
  if ((username === '') !== (password === '')) {
    throw usageError(`--${side}-username and --${side}-password must be specified together`);
  }
  if (creds === '') return username === '' ? {} : { username, password };
  const [, name = '', rest = ''] = /^([^:]*):?(.*)$/s.exec(creds) ?? [];
  if (name === '') throw usageError(`--${side}-creds has no user name`);
  return { username: name, password: rest };
}

function readSide(parsed: Common, side: SideName): SideSettings {
  const { values } = parsed;
  return {
    ...given('authFile', values[`${side}-authfile`] || values.authfile),
    ...given('certDir', values[`${side}-cert-dir`]),
    trustAdvice: `name a directory that holds it by --${side}-cert-dir, or accept the host unverified by --${side}-tls-verify=false`,
    plainAdvice: `accept that by --${side}-tls-verify=false`,
    ...given('registryToken', values[`${side}-registry-token`]),
    ...readCredentials(parsed, side),
    ...(values[`${side}-no-creds`] && { anonymous: true }),
    ...(parsed.given.has(`${side}-tls-verify`) && { tlsVerify: values[`${side}-tls-verify`] }),
  };
}

/** Gives the bound that the user wrote; without one the engine adapts to the registries. */
function readParallel({ values, given: written }: Common): number | undefined {
  return written.has('parallel-images') || written.has('parallel-layers')
    ? values['parallel-images'] * values['parallel-layers']
    : undefined;
}

/**
 * Reads how both sides are reached.
 * @throws ConfigError `INPUT_INVALID` for credential flags that exclude each other.
 */
export function readSides(parsed: Common): Pick<Settings, 'source' | 'destination'> {
  return { source: readSide(parsed, 'src'), destination: readSide(parsed, 'dest') };
}

/** Turns validated flags into what the use cases take. */
export function settingsOfFlags(parsed: SettingsFlags, facts: CommandFacts): Settings {
  const { values } = parsed;
  const { world } = facts;
  const { prune = 'removed', 'max-delete': maxDelete, protect = [] } = values;
  const { maxNestedPaths = values['max-nested-paths'] ?? 0 } = facts;
  const parallel = readParallel(parsed);
  return {
    target: facts.target,
    ...readSides(parsed),
    insecureRegistries: [],
    ...given('registriesConf', world.env['CONTAINERS_REGISTRIES_CONF'] ?? ''),
    workspace: facts.workspace,
    state: values.state ?? 'registry',
    retryTimes: values['retry-times'],
    ...(values['retry-delay'] > 0 && { retryDelayMs: values['retry-delay'] }),
    ...(parallel !== undefined && { parallel }),
    verifySignatures: facts.verifySignatures ?? 'releases',
    signatures: facts.signatures ?? values.signatures ?? 'copy',
    ...(values['secure-policy'] && {
      trust: { policy: values.policy, registriesDirectory: values['registries.d'] },
    }),
    ...given('signatureKeys', world.env['OCP_SIGNATURE_VERIFICATION_PK'] ?? ''),
    ...(maxNestedPaths > 0 && { maxNestedPaths }),
    currentlyRunning: values['currently-running'] ?? [],
    helmValues: values['helm-values'] ?? [],
    localCache: `localhost:${values.port}`,
    options: maxDelete === undefined ? mirrorOnly : { prune, maxDelete, protect },
    env: world.env,
    clock: world.clock,
    log: facts.log,
    ...(world.signal && { signal: world.signal }),
  };
}

/** A checked command line about one target. */
export interface TargetRun {
  /** The words that start this program. */
  readonly program: string;
  /** `host[:port][/path]`, without transport. */
  readonly target: string;
  /** The working directory. */
  readonly workspace: string;
  /** Begins the log file of a workflow. */
  open(console: Console, mode: string): void;
  settings(log: Logger): Settings;
}

/**
 * Checks the command line of a command about one target; `destination` is its words after those of its own.
 * @throws ConfigError `INPUT_INVALID`
 */
export function readTargetRun(
  parsed: SettingsFlags & { readonly values: { readonly 'max-nested-paths': number } },
  world: World,
  destination: readonly string[] = parsed.words,
): TargetRun {
  const target = readTargetArgument(destination);
  const workspace = findWorkingDirectory(parsed.values.workspace);
  refuseNegative(parsed.values, 'max-nested-paths');
  return {
    program: world.program,
    target,
    workspace,
    open(console, mode) {
      console.divideErrors();
      console.openLog(join(workspace, 'logs'));
      console.log('info', words.mode(mode));
    },
    settings: (log) => settingsOfFlags(parsed, { world, log, target, workspace }),
  };
}
