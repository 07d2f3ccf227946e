import { glob, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StorageError } from '../errors.ts';
import { sniffImageSet } from '../imageset/index.ts';
import type { ConfigFile } from '../run/index.ts';
import type { Git } from './git.ts';
import { type Globs, readGlobs, selectPaths } from './globs.ts';
import { inputError } from './input-values.ts';

/** The word by which git finds candidates; then their text tells of what kind they are. */
const kind = 'ImageSetConfiguration';

/** The older version of the same kind; its files are left alone where there are current ones. */
const olderVersion = /\/v1alpha\d+$/;

/** Directories in which no user keeps configurations. */
const skipped = ['node_modules', '.git'];

/** Where configurations are looked for. */
export interface ConfigSource {
  /** The directory of the checkout. */
  readonly root: string;
  readonly git: Git;
  /** The input `config`; empty: every tracked configuration. */
  readonly globs: readonly string[];
}

async function listDirectory(root: string): Promise<string[]> {
  const found: string[] = [];
  const exclude = (path: string): boolean => skipped.includes(basename(path));
  for await (const path of glob('**/*.{yaml,yml}', { cwd: root, exclude })) {
    found.push(path.replaceAll('\\', '/'));
  }
  return found;
}

async function readTree(root: string, path: string): Promise<string | undefined> {
  try {
    return await readFile(join(root, path), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') return undefined;
    throw new StorageError('STORAGE_FAILED', `${path} cannot be read.`, { cause });
  }
}

/** Reads files and keeps the image sets among them; a file that is named is kept whatever it holds. */
async function readImageSets(
  paths: readonly string[],
  globs: Globs,
  read: (path: string) => Promise<string | undefined>,
): Promise<ConfigFile[]> {
  const files: ConfigFile[] = [];
  for (const name of paths) {
    const text = await read(name);
    if (text === undefined) continue;
    if (globs.named.includes(name) || sniffImageSet(text)?.kind === kind)
      files.push({ name, text });
  }
  return globs.wanted.length > 0 ? files : withoutOlder(files);
}

/** Files of the older version alone are kept, so that a user is told what the current one says instead. */
function withoutOlder(files: ConfigFile[]): ConfigFile[] {
  const isOlder = ({ text }: ConfigFile): boolean =>
    olderVersion.test(sniffImageSet(text)?.apiVersion ?? '');
  return files.every(isOlder) ? files : files.filter((file) => !isOlder(file));
}

function refuseAbsent(files: readonly ConfigFile[], { named }: Globs): void {
  const absent = named.find((path) => !files.some((file) => file.name === path));
  if (absent !== undefined) {
    throw inputError(
      'config',
      `${JSON.stringify(absent)} is not there.`,
      'Check the path; it begins at the root of the checkout.',
    );
  }
  if (files.length > 0) return;
  throw inputError(
    'config',
    'no image set configuration was found.',
    `Add a file of kind ${kind}, apiVersion mirror.openshift.io/v2alpha1, or check the globs and that the repository is checked out.`,
  );
}

/**
 * Reads the configurations as they lie in the working tree, sorted by path.
 *
 * Without globs: tracked files; where there is no repository, all. Globs see untracked files too: an earlier step may
 * have made them.
 * @throws ConfigError `INPUT_INVALID` when there is none at all, or a path that is named is not there.
 */
export async function readHead(source: ConfigSource): Promise<readonly ConfigFile[]> {
  const { root, git } = source;
  const globs = readGlobs(source.globs, root);
  const tracked = globs.wanted.length === 0 ? await git.search(kind) : undefined;
  const paths = selectPaths(tracked ?? [...(await listDirectory(root)), ...globs.named], globs);
  const files = await readImageSets(paths, globs, (path) => readTree(root, path));
  refuseAbsent(files, globs);
  return files;
}

/**
 * Reads the configurations of a commit by the same globs, so that a file that was renamed or deleted since is there by
 * its old path. Gives `undefined` when the commit's tree cannot be had, an empty list when it has no configuration.
 */
export async function readCommit(
  source: ConfigSource,
  commit: string,
): Promise<readonly ConfigFile[] | undefined> {
  const { root, git } = source;
  const globs = readGlobs(source.globs, root);
  const isDefault = globs.wanted.length === 0;
  const paths = isDefault ? await git.search(kind, commit) : await git.list(commit);
  if (paths === undefined) return undefined;
  return await readImageSets(selectPaths(paths, globs), globs, (path) => git.read(commit, path));
}
