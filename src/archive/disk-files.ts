import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { storageError, temporaryName, type WriteOptions, writeAtomically } from '../base/index.ts';
import { messageOf } from '../errors.ts';

/** Runs a step that writes a file of a cache or of a working directory. @throws StorageError */
async function storing<Result>(path: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (cause) {
    throw storageError(
      `${path} cannot be written: ${messageOf(cause)}`,
      cause,
      'The cache needs room for everything that is mirrored; --cache-dir puts it on another disk.',
    );
  }
}

/** Reads a small file whole; absence is `undefined`. */
export async function readSmall(path: string, most: number): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(path);
    return size > most ? undefined : await readFile(path);
  } catch {
    return undefined;
  }
}

/** Writes a small file whole, and the directories above it. @throws StorageError */
export async function writeSmall(path: string, text: string, options: WriteOptions): Promise<void> {
  await storing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await writeAtomically(path, text, options);
  });
}

/** Moves a file to its place, and makes the directories above it. @throws StorageError */
export async function moveTo(path: string, from: string): Promise<void> {
  await storing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await rename(from, path);
  });
}

/** A large file that is written beside its place. */
export interface Writing {
  /** @throws StorageError */
  write(bytes: Uint8Array): Promise<void>;
  /** Moves the file to its place. @throws StorageError */
  place(): Promise<void>;
}

/** Large files that are written, so that a failure leaves none of them behind. */
export class Unfinished {
  readonly #open = new Map<string, FileHandle>();

  /** Begins a file, and makes the directories above it. @throws StorageError */
  async begin(path: string): Promise<Writing> {
    const temporary = temporaryName(path);
    const file = await storing(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      return await open(temporary, 'wx', 0o644);
    });
    this.#open.set(temporary, file);
    return {
      write: (bytes) => storing(path, () => file.writeFile(bytes)),
      place: () =>
        storing(path, async () => {
          await file.close();
          await rename(temporary, path);
          this.#open.delete(temporary);
        }),
    };
  }

  /** Removes the files that did not get to their places. */
  async drop(): Promise<void> {
    for (const [temporary, file] of this.#open) {
      await file.close().catch(() => {});
      await rm(temporary, { force: true }).catch(() => {});
    }
    this.#open.clear();
  }
}
