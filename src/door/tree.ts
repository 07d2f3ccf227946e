import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git, TrackedFile } from './git.ts';

/** An entry of a tree. */
export type Entry =
  | {
      readonly kind: 'file';
      /** Git's name of the content, where it comes from git. */
      readonly id?: string;
      read(): Promise<Buffer | undefined>;
    }
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'directory' | 'submodule' | 'special' };

/** Files below a top level, of a commit or as they are now. */
export interface Tree {
  /** Gives the entry at a path; only its last part may be a link. */
  entry(path: string): Promise<Entry | undefined>;
  /** The files that git tracks. */
  readonly tracked: readonly TrackedFile[];
  /** Those of them that git has and that may be missing on disk. */
  readonly stored: readonly TrackedFile[];
}

const [linkMode, submoduleMode] = ['120000', '160000'];

function directoriesOf(files: Iterable<TrackedFile>): ReadonlySet<string> {
  const found = new Set(['']);
  for (const { path } of files) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (found.has(path.slice(0, end))) break;
      found.add(path.slice(0, end));
    }
  }
  return found;
}

/** Opens files from git, whether or not they lie on disk. */
function storedTree(git: Git, tracked: readonly TrackedFile[]): Tree {
  const files = new Map(tracked.map((file) => [file.path, file]));
  const directories = directoriesOf(tracked);
  return {
    tracked,
    stored: tracked,
    async entry(path) {
      const file = files.get(path);
      if (file === undefined) return directories.has(path) ? { kind: 'directory' } : undefined;
      if (file.mode === submoduleMode) return { kind: 'submodule' };
      if (file.mode !== linkMode)
        return { kind: 'file', id: file.id, read: () => git.content(file.id) };
      return { kind: 'link', to: (await git.content(file.id))?.toString() ?? '' };
    },
  };
}

/** Opens the files of a commit; `undefined` if its tree is missing. */
export async function openCommit(git: Git, commit: string): Promise<Tree | undefined> {
  const tracked = await git.files(commit);
  return tracked && storedTree(git, tracked);
}

async function onDisk(path: string): Promise<Entry | undefined> {
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) return { kind: 'link', to: await readlink(path) };
    if (found.isDirectory()) return { kind: 'directory' };
    return found.isFile() ? { kind: 'file', read: () => readFile(path) } : { kind: 'special' };
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(code)) return undefined;
    throw cause;
  }
}

/**
 * Gives the tracked files that may be missing on disk without being deleted: git was told not to look for them, or a sparse
 * checkout leaves them out.
 */
async function findAbsent(git: Git, index: readonly TrackedFile[]): Promise<TrackedFile[]> {
  const sparse = await git.sparseFiles();
  return index.filter(
    ({ isSkipped, path }) => isSkipped || (sparse !== undefined && !sparse.has(path)),
  );
}

/** Gives all files of the commit of a clone without an index: nothing was checked out yet. */
async function neverCheckedOut(git: Git): Promise<readonly TrackedFile[]> {
  const head = await git.resolve('HEAD');
  return head === undefined ? [] : ((await git.files(head)) ?? []);
}

/** Opens the present files: those on disk, and from git those that are only missing there. */
export async function openNow(top: string, git: Git | undefined): Promise<Tree> {
  const index = (await git?.index()) ?? [];
  const isEmpty = index.length === 0 && git !== undefined;
  const tracked = isEmpty && !(await git.hasIndex()) ? await neverCheckedOut(git) : index;
  const absent = git ? (tracked === index ? await findAbsent(git, index) : tracked) : [];
  const below = git && storedTree(git, absent);
  const modes = new Map(tracked.map(({ path, mode }) => [path, mode]));
  return {
    tracked,
    stored: absent,
    async entry(path) {
      const found = await onDisk(join(top, path));
      if (found === undefined) return await below?.entry(path);
      const mode = modes.get(path);
      if (mode === submoduleMode) return { kind: 'submodule' };
      // On a file system without links, git writes their targets into files.
      if (found.kind !== 'file' || mode !== linkMode) return found;
      return { kind: 'link', to: (await found.read())?.toString() ?? '' };
    },
  };
}
