import { glob } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, posix, relative } from 'node:path';
import { ConfigError } from '../errors.ts';
import { sniffImageSet } from '../imageset/index.ts';
import type { ConfigFile } from '../run/index.ts';
import type { Checkout } from './checkout.ts';
import { followLinks } from './follow-links.ts';
import { type Globs, matchesGlobs } from './globs.ts';
import { identityOf } from './identity.ts';
import { decodeText, isLfsPointer, readText } from './read-text.ts';
import { openCommit, type Tree } from './tree.ts';

/** The word by which git finds candidates; then their text tells of what kind they are. */
const kind = 'ImageSetConfiguration';

/** The older version of the same kind; its files are left alone where there are current ones. */
const olderVersion = /\/v1alpha\d+$/;

/** Directories in which no user keeps configurations. */
const skipped = ['node_modules', '.git'];

const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path);

/** A file with its path from the top level. */
export type PathFile = ConfigFile & { readonly path: string };

/** Where configurations are looked for. */
export interface ConfigSource {
  readonly checkout: Checkout;
  /** Real path of the directory at which names and globs begin; it lies in the checkout. */
  readonly root: string;
  /** Without any: every tracked configuration. */
  readonly globs: Globs;
  /** The name that the user gave to the image sets. */
  readonly name?: string | undefined;
}

/** The way from the top level down to the root; empty when they are one. */
function wayDown({ checkout, root }: ConfigSource): string {
  return relative(checkout.top, root).replaceAll('\\', '/');
}

/** Gives the paths of the files that are named, from the top level. */
export function namedPaths(source: ConfigSource): string[] {
  return source.globs.named.map((name) => posix.join(wayDown(source), name));
}

/** Tells whether a path of the checkout is one of those that the source takes. */
export function covers(source: ConfigSource, path: string): boolean {
  const name = posix.relative(wayDown(source), path);
  if (name === '' || name.startsWith('../')) return false;
  return matchesGlobs(name, source.globs) && (source.globs.wanted.length > 0 || isYaml(name));
}

async function listDirectory(root: string): Promise<string[]> {
  const found: string[] = [];
  const exclude = (path: string): boolean => skipped.includes(basename(path));
  for await (const path of glob('**/*.{yaml,yml}', { cwd: root, exclude })) {
    found.push(path.replaceAll('\\', '/'));
  }
  return found;
}

/** Links have no text of their own by which git could find them. */
function linksOf({ tracked }: Tree): string[] {
  return tracked.filter(({ mode }) => mode === '120000').map(({ path }) => path);
}

/** Lists what may be a configuration now, from the top level. */
async function listNow(source: ConfigSource): Promise<string[]> {
  const { checkout, root, globs } = source;
  const { git, now } = checkout;
  if (git && globs.wanted.length === 0) {
    // A file that is only missing on disk is found by what was added.
    const found = await Promise.all([git.search(kind, 'disk'), git.search(kind, 'index')]);
    return [...found.flatMap((paths) => paths ?? []), ...linksOf(now)];
  }
  const onDisk = (await listDirectory(root)).map((name) => posix.join(wayDown(source), name));
  return [...onDisk, ...namedPaths(source), ...now.tracked.map(({ path }) => path)];
}

/** Lists what may be a configuration in a commit, from the top level. */
async function listThen(source: ConfigSource, commit: string, tree: Tree): Promise<string[]> {
  const { globs, checkout } = source;
  // A named file may lie behind a link to a directory: then git has no file of that path.
  if (globs.wanted.length > 0) {
    return [...tree.tracked.map(({ path }) => path), ...namedPaths(source)];
  }
  const found = (await checkout.git?.search(kind, { commit })) ?? [];
  return [...found, ...linksOf(tree)];
}

/** Files of the older version alone are kept, so that a user is told what the current one says instead. */
function withoutOlder(files: PathFile[]): PathFile[] {
  const isOlder = ({ text }: ConfigFile): boolean =>
    olderVersion.test(sniffImageSet(text)?.apiVersion ?? '');
  return files.every(isOlder) ? files : files.filter((file) => !isOlder(file));
}

/** Large files and those that are no text are passed over, unless they speak of image sets or are named. */
async function readFound(tree: Tree, path: string): Promise<string | undefined> {
  const entry = await followLinks(tree, path);
  const bytes = entry?.kind === 'file' ? await entry.read() : undefined;
  return bytes && (bytes.includes(kind) || isLfsPointer(bytes))
    ? decodeText(path, bytes)
    : undefined;
}

/** Takes what cannot be a configuration; whoever wants none of it throws. */
type Refusal = (error: ConfigError) => undefined;

const throwIt: Refusal = (error) => {
  throw error;
};

/** Reads the image sets among paths of a tree, sorted; what is named is kept whatever it holds. */
async function readImageSets(
  source: ConfigSource,
  { tree, paths, refuse = throwIt }: { tree: Tree; paths: readonly string[]; refuse?: Refusal },
): Promise<PathFile[]> {
  const files: PathFile[] = [];
  for (const path of [...new Set(paths)].filter((one) => covers(source, one)).sort()) {
    const name = posix.relative(wayDown(source), path);
    const isNamed = source.globs.named.includes(name);
    const text = await (isNamed ? readText : readFound)(tree, path).catch((error: unknown) => {
      if (error instanceof ConfigError) return refuse(error);
      throw error;
    });
    if (text === undefined || !(isNamed || sniffImageSet(text)?.kind === kind)) continue;
    files.push({ name, text, path });
  }
  return source.globs.wanted.length > 0 ? files : withoutOlder(files);
}

/** Tells whether a commit has something at a path, behind links too; what cannot be had has nothing. */
export async function isInCommit(
  { git }: Checkout,
  commit: string,
  path: string,
): Promise<boolean> {
  const tree = git && (await openCommit(git, commit));
  return (tree && (await followLinks(tree, path).catch(() => undefined))) !== undefined;
}

/** Gives the text that a file has in the commit that is checked out. */
async function committedTexts({ git }: Checkout, head: string | undefined) {
  const tree = git && head !== undefined ? await openCommit(git, head) : undefined;
  return async (path: string): Promise<string | undefined> => {
    try {
      return tree && (await readText(tree, path));
    } catch {
      return undefined;
    }
  };
}

/** Gives files their identities, and the commit that is checked out where it has the very same text. */
export async function identifyFiles(
  source: Pick<ConfigSource, 'checkout' | 'name'>,
  files: readonly PathFile[],
): Promise<ConfigFile[]> {
  const { checkout, name } = source;
  const commit = await checkout.git?.resolve('HEAD');
  const committed = await committedTexts(checkout, commit);
  const isOne = files.length === 1;
  const isLocal = name === undefined && checkout.repository.startsWith('file://');
  return await Promise.all(
    files.map(async (file) => ({
      ...file,
      identity:
        isOne && name !== undefined ? name : identityOf(name ?? checkout.repository, file.path),
      ...(isOne && name !== undefined && { formerNames: [identityOf(name, file.path)] }),
      ...(isLocal && { host: hostname() }),
      ...(commit !== undefined && (await committed(file.path)) === file.text && { commit }),
    })),
  );
}

/**
 * Reads the configurations as they are now, sorted by path: those of the commit, with the edits of the working tree on
 * top.
 *
 * Without globs: tracked files; where there is no repository, all. Globs see untracked files too: an earlier step may
 * have made them.
 * @throws ConfigError `CONFIG_UNREADABLE` for a file that cannot be a configuration, and for a link out of the checkout
 */
export async function readNow(source: ConfigSource): Promise<readonly ConfigFile[]> {
  const { now } = source.checkout;
  return await identifyFiles(
    source,
    await readImageSets(source, { tree: now, paths: await listNow(source) }),
  );
}

/**
 * Reads the configurations of a commit by the same globs, so that a file that was renamed or deleted since is there by
 * its old path. Gives `undefined` when the commit's tree cannot be had, an empty list when it has no configuration.
 *
 * `head`: the files of today, which a commit's files are one with when they have the same path. `refuse`: is told of files
 * that cannot be configurations, which then count as absent.
 */
export async function readCommit(
  { refuse, ...source }: ConfigSource & { readonly refuse?: Refusal },
  commit: string,
  head: readonly ConfigFile[],
): Promise<readonly ConfigFile[] | undefined> {
  const { git, repository } = source.checkout;
  const tree = git && (await openCommit(git, commit));
  if (tree === undefined) return undefined;
  const paths = await listThen(source, commit, tree);
  const files = await readImageSets(source, { tree, paths, ...(refuse && { refuse }) });
  const known = new Map(head.map(({ path, identity }) => [path, identity]));
  return files.map((file) => ({
    ...file,
    identity: known.get(file.path) ?? identityOf(source.name ?? repository, file.path),
    commit,
  }));
}
