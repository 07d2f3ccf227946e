import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { StorageError } from '../errors.ts';
import { checkLimit, type Limit } from './limit.ts';

/**
 * Reads a file that is within a limit of bytes; `what` names it in errors.
 * @throws ContentError `TOO_LARGE`, or the error of the system when the file cannot be read
 */
export async function readWithin(path: string, limit: Limit, what = path): Promise<Buffer> {
  checkLimit(what, (await stat(path)).size, limit);
  return await readFile(path);
}

let written = 0;

/** Gives a name beside a path that no other write of this process uses. */
export function temporaryName(path: string): string {
  written += 1;
  return `${path}.${process.pid}-${written}.tmp`;
}

/** How a file is written: whether it must survive a power cut, and its permissions where they are not the usual ones. */
export interface WriteOptions {
  /** `cached` for content that can be made again. */
  readonly durability: 'synced' | 'cached';
  readonly mode?: number;
}

/**
 * Writes a whole file or none: into a temporary file beside it, which is then renamed.
 *
 * Effects: the directory has to exist. `synced` waits until the bytes are on the disk.
 */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array | string,
  { durability, mode }: WriteOptions,
): Promise<void> {
  const { file, temporary } = await openBeside(path);
  try {
    try {
      await file.writeFile(bytes);
      if (mode !== undefined) await file.chmod(mode);
      if (durability === 'synced') await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function openBeside(path: string): Promise<{ file: FileHandle; temporary: string }> {
  for (;;) {
    const temporary = temporaryName(path);
    try {
      return { file: await open(temporary, 'wx'), temporary };
    } catch (error) {
      // A killed process of the same number left it, or a process on another machine made it: take the next name.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Tells whether the system refused something, as a full disk does: then the content is not to blame. */
export function isSystemError(cause: unknown): boolean {
  return typeof (cause as NodeJS.ErrnoException | undefined)?.syscall === 'string';
}

/** Tells whether a write failed because the disk, or the user's share of it, is full. */
export function isDiskFull(cause: unknown): boolean {
  const { code } = Object(cause) as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Makes the error of files that cannot be read or written. */
export function storageError(message: string, cause: unknown, hint: string): StorageError {
  const code = isDiskFull(cause) ? 'STORAGE_FULL' : 'STORAGE_FAILED';
  return new StorageError(code, message, { cause, hint });
}
