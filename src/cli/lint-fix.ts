import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { writeAtomically } from '../base/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { ConfigError, messageOf } from '../errors.ts';
import { type Fix, mendImageSet } from '../imageset/index.ts';
import type { ConfigFile } from '../run/index.ts';
import { visible } from '../views/index.ts';
import { readConfigFiles } from './config-files.ts';

/** The result of mending some files. */
export interface FixedFiles {
  /** The files as they are now, without those that were refused. */
  readonly files: readonly ConfigFile[];
  readonly fixes: readonly Fix[];
  /** The reasons why some files were left as they are. */
  readonly refusals: readonly Diagnostic[];
}

/** Formats one mend: `isc.yaml:4: fixed: …`. */
export function formatFix({ at, reason }: Fix): string {
  return `${visible(`${at.file}:${at.line}: fixed: ${reason}.`)}\n`;
}

function isBelow(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/**
 * Gives the file that a path leads to. A symbolic link must stay below the current directory, or below its own directory if
 * the path lies elsewhere.
 * @throws ConfigError `CONFIG_UNREADABLE`
 */
async function followLinks(path: string): Promise<string> {
  const directory = await realpath(isBelow('.', path) ? '.' : dirname(path));
  const real = await realpath(path);
  if (isBelow(directory, real)) return real;
  throw new ConfigError(
    'CONFIG_UNREADABLE',
    `${path} is a link that leads out of ${directory}, to ${real}; it is left as it is`,
    { hint: 'Name the file itself.' },
  );
}

/** Replaces a file unless it was changed since it was read; its permissions stay. */
async function replaceFile(path: string, before: string, after: string): Promise<void> {
  const real = await followLinks(path);
  if (!(await readFile(real)).equals(Buffer.from(before))) {
    throw new ConfigError(
      'CONFIG_UNREADABLE',
      `${path} is not UTF-8, or was changed meanwhile; it is left as it is`,
      { hint: 'Store it as UTF-8 and run again.' },
    );
  }
  const { mode } = await stat(real);
  await writeAtomically(real, Buffer.from(after), { durability: 'synced', mode: mode & 0o7777 });
}

function unwritten(file: ConfigFile, error: unknown): Diagnostic {
  const hint = error instanceof ConfigError ? ` ${error.hint ?? ''}` : '';
  return {
    severity: 'error',
    code: 'not-fixed',
    summary: 'The file could not be mended.',
    detail: `${messageOf(error)}.${hint}`,
    at: { file: file.name, line: 1, column: 1 },
  };
}

async function fixFile(path: string): Promise<FixedFiles> {
  const [file] = await readConfigFiles([path]);
  if (!file) return { files: [], fixes: [], refusals: [] };
  const { text, fixes, refusal } = await mendImageSet(file);
  if (refusal) return { files: [], fixes: [], refusals: [refusal] };
  try {
    if (text !== file.text) await replaceFile(path, file.text, text);
    return { files: [{ ...file, text }], fixes, refusals: [] };
  } catch (error) {
    return { files: [file], fixes: [], refusals: [unwritten(file, error)] };
  }
}

/**
 * Mends files in place, each whole or not at all.
 *
 * Effects: a file that is changed is replaced by one beside it. If one file cannot be mended,
 * the others still are.
 * @throws ConfigError `CONFIG_UNREADABLE` when a file cannot be read, before any is mended.
 */
export async function fixFiles(paths: readonly string[]): Promise<FixedFiles> {
  await readConfigFiles(paths);
  const done: FixedFiles[] = [];
  for (const path of new Set(paths)) done.push(await fixFile(path));
  return {
    files: done.flatMap(({ files }) => files),
    fixes: done.flatMap(({ fixes }) => fixes),
    refusals: done.flatMap(({ refusals }) => refusals),
  };
}
