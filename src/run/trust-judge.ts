import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ByteCache } from '../content/index.ts';
import { ConfigError } from '../errors.ts';
import type { Registries } from '../registry/index.ts';
import {
  createTrustJudge,
  loadSignaturePlaces,
  loadTrustPolicy,
  type TrustJudge,
} from '../trust/index.ts';
import type { Settings } from './types.ts';

/** Gives the first of the usual places of containers that exists: the user's, then the system's. */
async function usualPlace(name: string, { env }: Settings): Promise<string | undefined> {
  const { HOME: home, XDG_CONFIG_HOME: config } = env;
  const own = config || (home && join(home, '.config'));
  const directories = [...(own ? [join(own, 'containers')] : []), '/etc/containers'];
  for (const place of directories.map((directory) => join(directory, name))) {
    const isThere = await access(place).then(
      () => true,
      () => false,
    );
    if (isThere) return place;
  }
  return undefined;
}

async function findPolicy(settings: Settings): Promise<string> {
  const named = settings.trust?.policy || settings.env['CONTAINERS_POLICY_JSON'];
  const found = named || (await usualPlace('policy.json', settings));
  if (found) return found;
  const message = 'No trust policy is named, and the usual places have none.';
  const hint = 'Name one, or write /etc/containers/policy.json.';
  throw new ConfigError('INPUT_INVALID', message, { hint });
}

/** Gives the directory of signatures that counts where `registries.d` names none, as an address. */
function usualLookaside({ env }: Settings): string | undefined {
  if (process.geteuid?.() === 0) return 'file:///var/lib/containers/sigstore';
  const home = env['HOME'];
  return home && pathToFileURL(join(home, '.local/share/containers/sigstore')).href;
}

/**
 * Opens the judge of a run whose settings ask for a trust policy.
 * @throws ConfigError `INPUT_INVALID`, `CONFIG_INVALID` when the policy or a file of `registries.d` cannot be used
 */
export async function openTrustJudge(
  settings: Settings,
  { source, cache }: { readonly source: Registries; readonly cache: ByteCache },
): Promise<TrustJudge | undefined> {
  if (!settings.trust) return undefined;
  const directory =
    settings.trust.registriesDirectory || (await usualPlace('registries.d', settings));
  const [policy, places] = await Promise.all([
    findPolicy(settings).then(loadTrustPolicy),
    loadSignaturePlaces(directory),
  ]);
  return createTrustJudge({
    policy,
    now: () => new Date(settings.clock.now()),
    search: { places, cache, get: source.get, usualLookaside: usualLookaside(settings) },
  });
}
