import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, resolve } from 'node:path';
import { type Checkout, decodeText, openCheckout, type PathFile, readText } from '../door/index.ts';
import { ConfigError } from '../errors.ts';
import { nameOf, readError } from './config-files.ts';
import type { World } from './world.ts';

/** A configuration that the user named, with its checkout; a file without one is known by its path as typed. */
export interface LocatedFile {
  readonly file: PathFile;
  readonly checkout: Checkout | undefined;
}

/** The place that a user names files from. */
export type UserPlace = Pick<World, 'directory' | 'env'>;

/** Opens each checkout once. */
function createOpener({ env }: UserPlace): (directory: string) => Promise<Checkout> {
  const opened = new Map<string, Promise<Checkout>>();
  return async (directory) => {
    const known = opened.get(directory) ?? openCheckout(directory, env);
    opened.set(directory, known);
    return await known;
  };
}

function pathIn({ top }: Checkout, directory: string, path: string): string {
  return posix.join(relative(top, directory).replaceAll('\\', '/'), basename(path));
}

/** Reads a file that git tracks, even if it is only missing on disk; `undefined` for any other. */
async function readTracked(
  typed: string,
  path: string,
  open: (directory: string) => Promise<Checkout>,
): Promise<LocatedFile | undefined> {
  const directory = dirname(path);
  const checkout = await open(directory);
  if (!checkout.git) return undefined;
  const real = await realpath(directory).catch(() => directory);
  const inside = pathIn(checkout, real, path);
  const isTracked = checkout.now.tracked.some((file) => file.path === inside);
  const isBehindLink = !isTracked && (await stat(path).catch(() => undefined)) === undefined;
  const text = isTracked || isBehindLink ? await readText(checkout.now, inside) : undefined;
  return text === undefined
    ? undefined
    : { file: { name: nameOf(typed), text, path: inside }, checkout };
}

/** Reads a file from the disk: symbolic links are followed, pipes are read to their end. */
async function readPlain(
  typed: string,
  path: string,
  open: (directory: string) => Promise<Checkout>,
): Promise<LocatedFile> {
  const bytes = await readFile(path);
  const name = nameOf(typed);
  const isRegular = (await stat(path)).isFile();
  if (!isRegular)
    return { file: { name, text: bytes.toString(), path: name }, checkout: undefined };
  const named = join(await realpath(dirname(path)), basename(path));
  const checkout = await open(dirname(named));
  // With git an untracked link is known by the path of its file; without git by its own path.
  const real = checkout.git ? await realpath(path) : named;
  const home = real === named ? checkout : await open(dirname(real));
  const text = decodeText(typed, bytes);
  return { file: { name, text, path: pathIn(home, dirname(real), real) }, checkout: home };
}

/**
 * Reads configurations that the user named, each with its checkout. A tracked file that is only missing on disk is read
 * from git.
 * @throws ConfigError `CONFIG_UNREADABLE`, `open <path>: no such file or directory`, of the first that cannot be read
 */
export async function readImageSetFiles(
  paths: readonly string[],
  place: UserPlace,
): Promise<LocatedFile[]> {
  const open = createOpener(place);
  const files: LocatedFile[] = [];
  for (const typed of paths) {
    const path = resolve(place.directory, typed);
    try {
      files.push((await readTracked(typed, path, open)) ?? (await readPlain(typed, path, open)));
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      throw readError(typed, error, 'could not parse config: ');
    }
  }
  return files;
}
