import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { workingDirectory } from '../door/index.ts';
import type { Settings } from '../run/index.ts';
import type { Env, Inputs } from './inputs.ts';

/** Additional attempts after a failed one; nobody watches a workflow and tries again. */
const retryTimes = 5;

/** Gives the working directory: below the input, or below the runner's temp. */
function findWorkspace({ workspace }: Inputs, env: Env): string {
  const base = workspace ?? join(env['RUNNER_TEMP'] || tmpdir(), 'imageset-mirror');
  return workingDirectory(resolve(env['GITHUB_WORKSPACE'] || '.', base));
}

/** Gives the variables that are no inputs, so that no secret input reaches code that reads the environment. */
function withoutInputs(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('INPUT_')));
}

/** Turns inputs and facts of the host into the settings of the use cases. */
export function settingsOfInputs(
  inputs: Inputs,
  { env, ...host }: Pick<Settings, 'env' | 'clock' | 'log' | 'signal'>,
): Settings {
  const { target, state, parallel, prune, protect, username, password } = inputs;
  const [authText, authFile] = [inputs['pull-secret'], inputs['auth-file']];
  const [caBundle, registriesConf] = [inputs['ca-bundle'], inputs['registries-conf']];
  const signatureKeys = inputs['signature-keys'];
  const policy = inputs['signature-policy'];
  const maxNestedPaths = inputs['max-nested-paths'];
  const side = {
    ...(authText !== undefined && { authText }),
    ...(authFile !== undefined && { authFile }),
    trustAdvice: 'give it by the input ca-bundle, or name the host in insecure-registries',
    plainAdvice: 'name it in insecure-registries',
  };
  return {
    target,
    source: side,
    destination: { ...side, ...(username && password && { username, password }) },
    ...(caBundle !== undefined && { caBundle }),
    insecureRegistries: inputs['insecure-registries'],
    ...(registriesConf !== undefined && { registriesConf }),
    workspace: findWorkspace(inputs, env),
    state,
    retryTimes,
    ...(parallel !== undefined && { parallel }),
    ...(maxNestedPaths !== undefined && { maxNestedPaths }),
    verifyDepth: inputs['verify-depth'],
    verifySignatures: inputs['verify-signatures'],
    signatures: inputs.signatures,
    ...(signatureKeys !== undefined && { signatureKeys }),
    ...(policy !== undefined && {
      trust: { policy, registriesDirectory: inputs['registries-d'] ?? '' },
    }),
    currentlyRunning: inputs['currently-running'],
    helmValues: inputs['helm-values'],
    options: { prune, maxDelete: inputs['max-delete'], protect },
    env: withoutInputs(env),
    ...host,
  };
}
