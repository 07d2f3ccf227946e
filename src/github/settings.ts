import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Clock, Logger } from '../log.ts';
import type { Settings, SideSettings } from '../run/index.ts';
import type { Env, Inputs } from './inputs.ts';

/** Additional attempts after a failed one; a workflow has no one at hand who could try again. */
const retryTimes = 5;

/** What the host adds to the inputs. */
export interface SettingsFacts {
  readonly env: Env;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal?: AbortSignal | undefined;
}

/** Gives the working directory: below the input, which may have the scheme `file://`, or below the runner's temp. */
export function findWorkspace(inputs: Pick<Inputs, 'workspace'>, env: Env): string {
  const named = inputs.workspace?.replace(/^file:\/\//, '');
  const base = named ?? join(env['RUNNER_TEMP'] || tmpdir(), 'imageset-mirror');
  const path = resolve(env['GITHUB_WORKSPACE'] || '.', base);
  return basename(path) === 'working-dir' ? path : join(path, 'working-dir');
}

function createSide(inputs: Inputs): SideSettings {
  return {
    ...(inputs.pullSecret !== undefined && { authText: inputs.pullSecret }),
    ...(inputs.authFile !== undefined && { authFile: inputs.authFile }),
    trustAdvice: 'give it by the input ca-bundle, or name the host in insecure-registries',
  };
}

/** The variables that are no inputs: their values would reach what reads the environment. */
function withoutInputs(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('INPUT_')));
}

/** Turns inputs into what the use cases take. */
export function createSettings(inputs: Inputs, facts: SettingsFacts): Settings {
  const side = createSide(inputs);
  return {
    target: inputs.target,
    source: side,
    destination: { ...side, ...inputs.login },
    ...(inputs.caBundle !== undefined && { caBundle: inputs.caBundle }),
    insecureRegistries: inputs.insecureRegistries,
    ...(inputs.registriesConf !== undefined && { registriesConf: inputs.registriesConf }),
    workspace: findWorkspace(inputs, facts.env),
    state: inputs.state,
    retryTimes,
    ...(inputs.parallel !== undefined && { parallel: inputs.parallel }),
    verifySignatures: inputs.verifySignatures,
    ...(inputs.signatureKeys !== undefined && { signatureKeys: inputs.signatureKeys }),
    options: inputs.options,
    env: withoutInputs(facts.env),
    clock: facts.clock,
    log: facts.log,
    ...(facts.signal !== undefined && { signal: facts.signal }),
  };
}
