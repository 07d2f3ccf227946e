import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDiskFull, storageError } from '../base/index.ts';
import { workingDirectory } from '../door/index.ts';
import { messageOf } from '../errors.ts';
import { resourceOfFile } from '../resources/index.ts';
import { usageError } from './flags.ts';

const scheme = 'file://';

/** Directories that oc-mirror creates at the start. @see oc-mirror v2, content of working-dir */
const directories = [
  'signatures',
  'release-images',
  'hold-release/cincinnati-graph-data',
  'operator-catalogs',
  'cluster-resources',
  'helm/charts',
  'helm/indexes',
] as const;

/**
 * Gives the working directory of `--workspace file://DIR`: `DIR/working-dir`, or `DIR` when that is its name already.
 *
 * Without the flag it is `working-dir` in the current directory.
 * @throws ConfigError `INPUT_INVALID` when the prefix is missing.
 */
export function findWorkingDirectory(workspace: string): string {
  if (workspace === '') return 'working-dir';
  if (!workspace.startsWith(scheme)) {
    const hint = `Write --workspace ${scheme}${workspace}.`;
    throw usageError('when --workspace is used, it must have file:// prefix', hint);
  }
  return workingDirectory(workspace.slice(scheme.length));
}

/** Gives the directory of the cache: below `--cache-dir`, `OC_MIRROR_CACHE`, or the home directory. @see oc-mirror v2 */
export function findCache(flag: string, env: Readonly<Record<string, string | undefined>>): string {
  return join(flag || env['OC_MIRROR_CACHE'] || env['HOME'] || '.', '.oc-mirror', '.cache');
}

/** Codes of the system for a file at the place of a directory. */
const fileInTheWay: ReadonlySet<string> = new Set(['ENOTDIR', 'EEXIST']);

function storing<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const hint = isDiskFull(error)
      ? 'Free space on the disk of the workspace.'
      : fileInTheWay.has((error as NodeJS.ErrnoException).code ?? '')
        ? 'A file stands where a directory belongs. An archive is named by its directory: file://DIR.'
        : 'Check the workspace and its permissions.';
    throw storageError(`${path} cannot be written: ${messageOf(error)}`, error, hint);
  }
}

/** Creates a directory and those above it, one by one. */
function makeDirectories(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  makeDirectories(dirname(path));
  mkdirSync(path, { mode: 0o755 });
}

/**
 * Creates a directory that a run will write to, and those above it: what cannot be written is told before the work.
 * @throws StorageError
 */
export function ensureDirectory(path: string): void {
  storing(path, () => {
    try {
      mkdirSync(path, { recursive: true, mode: 0o755 });
    } catch {
      // Of a read-only disk Node tells ENOENT here; one by one, each directory tells why.
      makeDirectories(path);
    }
  });
}

/**
 * Creates the missing directories of a workspace.
 * @throws StorageError
 */
export function createWorkspace(workingDirectory: string): void {
  for (const name of directories) ensureDirectory(join(workingDirectory, name));
}

/**
 * Empties a directory of a workspace, so that no file of an earlier run looks like one of this run.
 * @throws StorageError
 */
export function emptyDirectory(path: string): void {
  storing(path, () => {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true, mode: 0o755 });
  });
}

/**
 * Writes one text file, and the directories above it; gives its path.
 *
 * Effects: writes a temporary file and renames it, so that nobody ever reads half a list of deletions.
 * @throws StorageError
 */
export function writeText(path: string, text: string): string {
  const unfinished = `${path}.tmp`;
  storing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    try {
      writeFileSync(unfinished, text, { mode: 0o644 });
      renameSync(unfinished, path);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
  });
  return path;
}

/**
 * Writes files by name into a directory; gives their paths in the same order.
 * @throws StorageError
 */
export function writeTexts(directory: string, files: ReadonlyMap<string, string>): string[] {
  return [...files].map(([name, text]) => writeText(join(directory, name), text));
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/**
 * Writes the cluster resources of a target. Removes those of earlier runs that are no longer needed, such as the catalog of
 * deleted operators: applying the directory must not bring them back.
 * @throws StorageError
 */
export function writeResources(
  workingDirectory: string,
  files: ReadonlyMap<string, string>,
): string[] {
  const directory = join(workingDirectory, 'cluster-resources');
  const stale = namesIn(directory).filter(
    (name) => resourceOfFile(name) !== undefined && !files.has(name),
  );
  for (const name of stale) {
    storing(join(directory, name), () => rmSync(join(directory, name), { force: true }));
  }
  return writeTexts(directory, files);
}
