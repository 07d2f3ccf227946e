import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfigText } from './host-directory.ts';
import { createRegistryRules, type HostRules, type RegistryRule } from './registry-rule.ts';
import { parseRegistryTables } from './registry-tables.ts';

/** Where to look for `registries.conf`. */
export interface RegistriesConfOptions {
  /** The file that was named; else `CONTAINERS_REGISTRIES_CONF`, else the user's, else the system's. */
  readonly path?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home; absent: `HOME`. */
  readonly home?: string | undefined;
  /** Instead of `/etc/containers`. */
  readonly systemDirectory?: string | undefined;
}

/**
 * Reads what `containers-registries.conf(5)` says of mirrors, blocked and insecure registries.
 *
 * Order: one main file, then the drop-ins `registries.conf.d/*.conf` of the system and of the user by name; a later table
 * replaces an earlier one of the same prefix. Without any file there are no rules.
 * @throws ConfigError `INPUT_INVALID` with file and line for a malformed file, and for a named one that cannot be read.
 * @see containers-registries.conf(5), containers-registries.conf.d(5)
 */
export async function loadRegistryRules(options: RegistriesConfOptions): Promise<HostRules> {
  const rules = new Map<string, RegistryRule>();
  for (const file of await findFiles(options)) {
    for (const rule of parseRegistryTables(await readConfigText(file), file))
      rules.set(rule.prefix, rule);
  }
  return createRegistryRules([...rules.values()]);
}

async function findFiles(options: RegistriesConfOptions): Promise<readonly string[]> {
  const { env } = options;
  const home = options.home ?? env['HOME'];
  const config = env['XDG_CONFIG_HOME'] || (home && join(home, '.config'));
  const user = config ? join(config, 'containers') : undefined;
  const system = options.systemDirectory ?? '/etc/containers';
  const directories = [system, ...(user === undefined ? [] : [user])];
  const named = options.path || env['CONTAINERS_REGISTRIES_CONF'];
  const main = named ? [named] : await firstThatExists(directories.toReversed());
  const dropIns = await Promise.all(directories.map(listDropIns));
  return [...main, ...dropIns.flat()];
}

async function firstThatExists(directories: readonly string[]): Promise<readonly string[]> {
  for (const directory of directories) {
    const path = join(directory, 'registries.conf');
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return [path];
  }
  return [];
}

async function listDropIns(directory: string): Promise<readonly string[]> {
  const dropIns = join(directory, 'registries.conf.d');
  const names = await readdir(dropIns).catch(() => []);
  return names
    .filter((name) => name.endsWith('.conf'))
    .sort()
    .map((name) => join(dropIns, name));
}
