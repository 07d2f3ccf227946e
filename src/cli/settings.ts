import { ConfigError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { PlanOptions } from '../plan/index.ts';
import type { Settings, SideSettings } from '../run/index.ts';
import type { commonFlags } from './flag-tables.ts';
import type { Parsed } from './flags.ts';
import type { World } from './world.ts';

type Common = Parsed<typeof commonFlags>;

/** What one command adds to the flags that all commands have. */
export interface SettingsFacts {
  readonly world: World;
  readonly log: Logger;
  /** `host[:port][/path]`, without transport. */
  readonly target: string;
  readonly workspace: string;
  readonly options?: PlanOptions;
  readonly state?: Settings['state'];
  readonly verifySignatures?: Settings['verifySignatures'];
  readonly maxNestedPaths?: number;
}

/** A run that only mirrors deletes nothing. */
const mirrorOnly: PlanOptions = { prune: 'none', maxDelete: { count: 0 }, protect: [] };

interface Credentials {
  readonly side: 'src' | 'dest';
  readonly creds: string;
  readonly username: string;
  readonly password: string;
  readonly anonymous: boolean;
}

function contradict(side: string, one: string, other: string): ConfigError {
  return new ConfigError(
    'INPUT_INVALID',
    `--${side}-${one} and --${side}-${other} cannot be specified at the same time`,
  );
}

/** @throws ConfigError `INPUT_INVALID` for flags that exclude each other. */
function readCredentials(flags: Credentials): Pick<SideSettings, 'username' | 'password'> {
  const { side, creds, username, password, anonymous } = flags;
  if (creds && anonymous) throw contradict(side, 'creds', 'no-creds');
  if (username && anonymous) throw contradict(side, 'username', 'no-creds');
  if (creds && username) throw contradict(side, 'creds', 'username');
  if ((username === '') !== (password === '')) {
    throw new ConfigError(
      'INPUT_INVALID',
      `--${side}-username and --${side}-password must be specified together`,
    );
  }
  if (creds === '') return username === '' ? {} : { username, password };
  const colon = creds.indexOf(':');
  if (colon === 0) throw new ConfigError('INPUT_INVALID', `--${side}-creds has no user name`);
  return colon < 0
    ? { username: creds, password: '' }
    : { username: creds.slice(0, colon), password: creds.slice(colon + 1) };
}

const given = <Key extends string>(key: Key, text: string): { readonly [K in Key]?: string } =>
  (text === '' ? {} : { [key]: text }) as { readonly [K in Key]?: string };

/** Says in flags how a host of a side is trusted. */
function trustAdvice(side: 'src' | 'dest'): string {
  return `name a directory that holds it by --${side}-cert-dir, or accept the host unverified by --${side}-tls-verify=false`;
}

function createSource({ values, given: written }: Common): SideSettings {
  return {
    ...given('authFile', values['src-authfile'] || values.authfile),
    ...given('certDir', values['src-cert-dir']),
    trustAdvice: trustAdvice('src'),
    ...given('registryToken', values['src-registry-token']),
    ...readCredentials({
      side: 'src',
      creds: values['src-creds'] || values.screds,
      username: values['src-username'],
      password: values['src-password'],
      anonymous: values['src-no-creds'],
    }),
    ...(values['src-no-creds'] && { anonymous: true }),
    ...(written.has('src-tls-verify') && { tlsVerify: values['src-tls-verify'] }),
  };
}

function createDestination({ values, given: written }: Common): SideSettings {
  return {
    ...given('authFile', values['dest-authfile'] || values.authfile),
    ...given('certDir', values['dest-cert-dir']),
    trustAdvice: trustAdvice('dest'),
    ...given('registryToken', values['dest-registry-token']),
    ...readCredentials({
      side: 'dest',
      creds: values['dest-creds'] || values.dcreds,
      username: values['dest-username'],
      password: values['dest-password'],
      anonymous: values['dest-no-creds'],
    }),
    ...(values['dest-no-creds'] && { anonymous: true }),
    ...(written.has('dest-tls-verify') && { tlsVerify: values['dest-tls-verify'] }),
  };
}

/** Only bounds that were written bind; else the engine adapts to the registries. */
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
  return { source: createSource(parsed), destination: createDestination(parsed) };
}

/** Turns validated flags into what the use cases take. */
export function createSettings(parsed: Common, facts: SettingsFacts): Settings {
  const { values } = parsed;
  const { world } = facts;
  const parallel = readParallel(parsed);
  return {
    target: facts.target,
    ...readSides(parsed),
    insecureRegistries: [],
    ...given('registriesConf', world.env['CONTAINERS_REGISTRIES_CONF'] ?? ''),
    workspace: facts.workspace,
    state: facts.state ?? 'registry',
    retryTimes: values['retry-times'],
    ...(values['retry-delay'] > 0 && { retryDelayMs: values['retry-delay'] }),
    ...(parallel !== undefined && { parallel }),
    verifySignatures: facts.verifySignatures ?? 'releases',
    ...given('signatureKeys', world.env['OCP_SIGNATURE_VERIFICATION_PK'] ?? ''),
    ...(facts.maxNestedPaths !== undefined &&
      facts.maxNestedPaths > 0 && { maxNestedPaths: facts.maxNestedPaths }),
    localCache: `localhost:${values.port}`,
    options: facts.options ?? mirrorOnly,
    env: world.env,
    clock: world.clock,
    log: facts.log,
    ...(world.signal && { signal: world.signal }),
  };
}
