import type { PlanTarget } from '../../plan/index.ts';
import {
  connect,
  createCredentialSource,
  createTrustSource,
  type HostRules,
  loadRegistryRules,
  type Registries,
} from '../../registry/index.ts';
import { toolName } from '../tool.ts';
import type { Settings } from '../types.ts';

/** Requests in flight to one host, unless a user says otherwise; the engine goes below that where a host is overrun. */
export const defaultParallel = 32;

/** Splits `host[:port][/path]`. */
export function parseTarget(text: string): PlanTarget {
  const [registry = '', ...path] = text.split('/');
  return { registry, prefix: path.filter((part) => part !== '').join('/') };
}

/**
 * Opens the connection to one side. Nothing is sent yet.
 *
 * Rules lead reads of the source to its mirrors. The target has none: the content of a mirror says nothing about it.
 */
export function openSide(
  settings: Settings,
  side: 'source' | 'destination',
  rules: HostRules,
): Registries {
  const { env, clock, log, signal, caBundle, insecureRegistries } = settings;
  const { tlsVerify, certDir, trustAdvice, plainAdvice, ...login } = settings[side];
  const isSource = side === 'source';
  const only = isSource ? undefined : parseTarget(settings.target).registry;
  const trust = { env, insecureRegistries, caBundle, certDir, tlsVerify, rules };
  return connect({
    credentials: createCredentialSource({ ...login, env, log, clock, only }),
    trust: createTrustSource(trust),
    ...(isSource && { rules }),
    retry: {
      times: settings.retryTimes,
      ...(settings.retryDelayMs !== undefined && { delayMs: settings.retryDelayMs }),
      ...(isSource && settings.sourceIdleMs && { idleTimeoutMs: settings.sourceIdleMs }),
    },
    parallel: settings.parallel ?? defaultParallel,
    userAgent: toolName,
    ...(trustAdvice !== undefined && { trustAdvice }),
    ...(plainAdvice !== undefined && { plainAdvice }),
    clock,
    log,
    env,
    ...(signal && { signal }),
  });
}

/** Reads `registries.conf`. @throws ConfigError `INPUT_INVALID` when it cannot be read */
export async function readRules({ env, registriesConf }: Settings): Promise<HostRules> {
  return await loadRegistryRules({
    env,
    ...(registriesConf !== undefined && { path: registriesConf }),
  });
}

/**
 * Opens the connection to the sources of images. Nothing is sent yet.
 * @throws ConfigError `INPUT_INVALID` when `registries.conf` cannot be read
 */
export async function openUpstream(settings: Settings): Promise<Registries> {
  return openSide(settings, 'source', await readRules(settings));
}

/** A cache on disk that stands for one side of a session. */
export type DiskSide =
  | { readonly side: 'target'; readonly targets: Registries }
  | { readonly side: 'source'; readonly sources: Registries }
  /** The cache is asked before the sources are. */
  | { readonly side: 'before-source'; join(upstream: Registries): Registries };

/** Opens both sides; a cache on disk may stand for one of them. */
export function openSides(settings: Settings, rules: HostRules, disk: DiskSide | undefined) {
  const open = () => openSide(settings, 'source', rules);
  const known = disk?.side === 'before-source' ? disk.join(open()) : undefined;
  return {
    upstream: disk?.side === 'source' ? disk.sources : (known ?? open()),
    target: disk?.side === 'target' ? disk.targets : openSide(settings, 'destination', rules),
  };
}
