import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../base/index.ts';
import { StorageError } from '../errors.ts';
import { digestOf } from '../oci/index.ts';
import { decodeState, encodeState } from './encode.ts';
import { refuseStale } from './stale.ts';
import type { StateStore } from './types.ts';
import { decodeUndo, encodeUndo, mergeUndo } from './undo.ts';

/**
 * Keeps a state in a directory, for runners that keep one: `state.jsonl.gz` and `undo-<id>.jsonl.gz`.
 *
 * Shape: `version` is the digest of the file. Effects: a file is replaced whole or not at all; there is no lock, two runs
 * that write in the same instant are told apart only as far as the file system is quick.
 * Every method throws StorageError `STORAGE_FULL` or `STORAGE_FAILED` when the disk fails.
 */
export function createDirectoryStateStore(directory: string): StateStore {
  const statePath = join(directory, 'state.jsonl.gz');
  const undoPath = (id: number) => join(directory, `undo-${id}.jsonl.gz`);

  async function save(path: string, bytes: Uint8Array) {
    try {
      await mkdir(directory, { recursive: true });
      await writeAtomically(path, bytes, { durability: 'synced' });
    } catch (cause) {
      throw storageError(path, 'written', cause);
    }
    return digestOf(bytes);
  }

  async function readUndo(id: number) {
    const bytes = await load(undoPath(id));
    return bytes && decodeUndo(bytes);
  }

  return {
    async read() {
      const bytes = await load(statePath);
      return bytes && { state: decodeState(bytes), version: digestOf(bytes) };
    },
    async write(state, expected) {
      const current = await load(statePath);
      refuseStale(current && digestOf(current), expected);
      return save(statePath, encodeState(state));
    },
    async writeUndo(id, records) {
      const all = await mergeUndo(() => readUndo(id), records);
      return save(undoPath(id), encodeUndo(all));
    },
    readUndo,
  };
}

async function load(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw storageError(path, 'read', cause);
  }
}

function storageError(path: string, act: 'read' | 'written', cause: unknown): StorageError {
  const { code } = cause as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new StorageError(
    isFull ? 'STORAGE_FULL' : 'STORAGE_FAILED',
    `${path} cannot be ${act} (${code ?? 'unknown error'}).`,
    {
      hint: isFull
        ? 'Free space on that disk, or keep the state in the registry.'
        : 'Check that the directory exists and that this user may read and write it.',
      cause,
    },
  );
}
