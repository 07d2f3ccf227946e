import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { Logger } from '../../log.ts';
import { type AuthFile, malformedAuthFile, parseAuthFile } from './auth-file.ts';

/** An auth file, and whether somebody named it: a named one must be right, a usual place may be wrong. */
export interface FoundAuthFile {
  readonly file: AuthFile;
  readonly named: boolean;
}

/** Where to look for auth files. */
export interface AuthPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly authFile?: string | undefined;
  readonly authText?: string | undefined;
  readonly log: Logger;
}

/**
 * Reads the auth files that count, the most important first: the text that was given; then the file that was named or
 * `REGISTRY_AUTH_FILE`, else those of the usual places that exist.
 *
 * A text does not end the search: a pull secret for the sources goes together with a login to the target.
 * @throws ConfigError `INPUT_INVALID` when a named file is missing or malformed; in a usual place that is a warning.
 * @see containers-auth.json(5)
 */
export async function readAuthFiles(places: AuthPlaces): Promise<readonly FoundAuthFile[]> {
  const text = places.authText?.trim();
  const given = text ? [{ file: parseAuthFile(text, 'the pull secret'), named: true }] : [];
  const path = places.authFile || places.env['REGISTRY_AUTH_FILE'];
  if (path) return [...given, { file: await readNamed(path), named: true }];
  return [...given, ...(await readUsualPlaces(places))];
}

async function readUsualPlaces({ env, log }: AuthPlaces): Promise<readonly FoundAuthFile[]> {
  const found: FoundAuthFile[] = [];
  for (const [path, form] of usualPlaces(env)) {
    const file = await readUsual(path, form, log);
    if (file) found.push({ file, named: false });
  }
  return found;
}

type Place = readonly [path: string, form: 'current' | 'legacy'];

function usualPlaces(env: AuthPlaces['env']): readonly Place[] {
  const home = env['HOME'] || env['USERPROFILE'];
  const config = env['XDG_CONFIG_HOME'] || (home && join(home, '.config'));
  const docker = env['DOCKER_CONFIG'] || (home && join(home, '.docker'));
  const places: (Place | undefined | '')[] = [
    runtimePlace(env),
    config && [join(config, 'containers', 'auth.json'), 'current'],
    docker && [join(docker, 'config.json'), 'current'],
    home && [join(home, '.dockercfg'), 'legacy'],
  ];
  return places.filter((place): place is Place => Boolean(place));
}

function runtimePlace(env: AuthPlaces['env']): Place | undefined {
  const runtime = env['XDG_RUNTIME_DIR'];
  if (runtime) return [join(runtime, 'containers', 'auth.json'), 'current'];
  if (process.platform !== 'linux') return undefined;
  return [join('/run/containers', String(process.getuid?.() ?? 0), 'auth.json'), 'current'];
}

async function readNamed(path: string): Promise<AuthFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw malformedAuthFile(path, `it cannot be read (${code})`);
  }
  return parseAuthFile(text, path);
}

async function readUsual(
  path: string,
  form: 'current' | 'legacy',
  log: Logger,
): Promise<AuthFile | undefined> {
  try {
    return parseAuthFile(await readFile(path, 'utf8'), path, form);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      log.log('warn', `${messageOf(error)} It is passed over.`);
    }
    return undefined;
  }
}
