import { createHash } from 'node:crypto';
import { glob } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, isAbsolute, posix, relative } from 'node:path';
import { ConfigError } from '../errors.ts';
import { sniffImageSet } from '../imageset/index.ts';
import type { ConfigFile } from '../run/index.ts';
import { type Checkout, identityOf } from './checkout.ts';
import { followLinks } from './follow-links.ts';
import { decodeText, isLfsPointer, readText } from './read-text.ts';
import { openCommit, type Tree } from './tree.ts';

/** Git finds candidates by this word; their text then tells the kind. */
const kind = 'ImageSetConfiguration';

/** The older API version; its files are ignored if there are current ones. */
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

/** Gives the path from the top level to the root; empty if they are the same. */
function wayDown({ checkout, root }: ConfigSource): string {
  return relative(checkout.top, root).replaceAll('\\', '/');
}

/** Gives the paths of the files that are named, from the top level. */
function namedPaths(source: ConfigSource): string[] {
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

/** Gives the symbolic links: git cannot find them by their text. */
function linksOf({ tracked }: Tree): string[] {
  return tracked.filter(({ mode }) => mode === '120000').map(({ path }) => path);
}

/** Lists what may be a configuration now, from the top level. */
async function listNow(source: ConfigSource): Promise<string[]> {
  const { checkout, root, globs } = source;
  const { git, now } = checkout;
  if (git && globs.wanted.length === 0) {
    const onDisk = await git.search(kind, 'disk');
    // The index finds files that are only missing on disk.
    const hasMore = now.stored.some(({ path }) => isYaml(path));
    const inIndex = hasMore ? await git.search(kind, 'index') : undefined;
    return [...(onDisk ?? []), ...(inIndex ?? []), ...linksOf(now)];
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

/** Keeps files of the older version only if there are no others: then the user is told how to convert them. */
function withoutOlder(files: PathFile[]): PathFile[] {
  const isOlder = ({ text }: ConfigFile): boolean =>
    olderVersion.test(sniffImageSet(text)?.apiVersion ?? '');
  return files.every(isOlder) ? files : files.filter((file) => !isOlder(file));
}

/** Reads a candidate; files that do not contain the kind are skipped, however large or binary they are. */
async function readFound(tree: Tree, path: string): Promise<string | undefined> {
  const entry = await followLinks(tree, path);
  const bytes = entry?.kind === 'file' ? await entry.read() : undefined;
  return bytes && (bytes.includes(kind) || isLfsPointer(bytes))
    ? decodeText(path, bytes)
    : undefined;
}

/** Handles a file that cannot be a configuration: throws, or notes it. */
type Refusal = (error: ConfigError) => undefined;

const throwIt: Refusal = (error) => {
  throw error;
};

/** Reads the image sets among paths of a tree, sorted; a named file is kept whatever its content is. */
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

/** Tells whether a path exists in a commit, also behind links; `false` if the commit cannot be fetched. */
export async function isInCommit(
  { git }: Checkout,
  commit: string,
  path: string,
): Promise<boolean> {
  const tree = git && (await openCommit(git, commit));
  return (tree && (await followLinks(tree, path).catch(() => undefined))) !== undefined;
}

/** Computes the name that git gives to a content, of the length of another name. */
function nameContent(text: string, { length }: string): string {
  const bytes = Buffer.from(text);
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Makes the function that tells whether a file has its text in the commit that is checked out too. */
async function compareWithHead({ git }: Checkout, head: string | undefined) {
  const tree = git && head !== undefined ? await openCommit(git, head) : undefined;
  return async ({ path, text }: PathFile): Promise<boolean> => {
    const entry = tree && (await followLinks(tree, path).catch(() => undefined));
    return entry?.kind === 'file' && entry.id === nameContent(text, entry.id ?? '');
  };
}

/** Tells whether git knows nothing of a file: an earlier step made it. */
function isRendered({ path }: PathFile, { git, now }: Checkout): boolean {
  return git !== undefined && !now.tracked.some((file) => file.path === path);
}

/** Gives files their identities, and the commit that is checked out if it has exactly the same text. */
export async function identifyFiles(
  source: Pick<ConfigSource, 'checkout' | 'name'>,
  files: readonly PathFile[],
): Promise<ConfigFile[]> {
  const { checkout, name } = source;
  const commit = await checkout.git?.resolve('HEAD');
  const isCommitted = await compareWithHead(checkout, commit);
  const isOne = files.length === 1;
  const isLocal = name === undefined && checkout.repository.startsWith('file://');
  return await Promise.all(
    files.map(async (file) => ({
      ...file,
      identity:
        isOne && name !== undefined ? name : identityOf(name ?? checkout.repository, file.path),
      ...(isOne && name !== undefined && { formerNames: [identityOf(name, file.path)] }),
      ...(isLocal && { host: hostname() }),
      ...(isRendered(file, checkout) && { rendered: true as const }),
      ...(commit !== undefined && (await isCommitted(file)) && { commit }),
    })),
  );
}

/**
 * Reads the configurations as they are now, sorted by path: those of the commit, with the edits of the working tree on
 * top.
 *
 * Without globs: tracked files, or all files if there is no repository. Globs match untracked files too: an earlier step
 * may have made them.
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
 * Reads the configurations of a commit by the same globs, so that a file that was renamed or deleted later has its old path.
 * Gives `undefined` if the commit's tree is missing, an empty list if it has no configuration.
 *
 * `head`: the present files; a file of the commit with the same path is the same image set. `refuse`: hears of files that
 * cannot be configurations; they count as absent.
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

/** Paths below a directory, and globs. */
interface Globs {
  /** Globs of files to read; empty: every configuration. */
  readonly wanted: readonly string[];
  readonly excluded: readonly string[];
  /** The plain paths among `wanted`: they must exist, and are read whatever their content is. */
  readonly named: readonly string[];
}

const isPlain = (text: string): boolean => !/[*?[\]{}]/.test(text);

/** Reads globs as a user writes them: `!` excludes, `./` is allowed, absolute paths become relative to `root`. */
export function readGlobs(texts: readonly string[], root: string): Globs {
  const clean = (text: string): string => {
    const path = isAbsolute(text) ? relative(root, text) : text;
    return posix.normalize(path.replaceAll('\\', '/'));
  };
  const wanted = texts.filter((text) => !text.startsWith('!')).map(clean);
  return {
    wanted,
    excluded: texts.filter((text) => text.startsWith('!')).map((text) => clean(text.slice(1))),
    named: wanted.filter(isPlain),
  };
}

function matches(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => path === pattern || posix.matchesGlob(path, pattern));
}

/** Tells whether the globs match a path. */
function matchesGlobs(path: string, { wanted, excluded }: Globs): boolean {
  return (wanted.length === 0 || matches(path, wanted)) && !matches(path, excluded);
}
