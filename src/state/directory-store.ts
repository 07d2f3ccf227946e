import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDiskFull, storageError, writeAtomically } from '../base/index.ts';
import type { StorageError } from '../errors.ts';
import { type Digest, digestOf, hexOf } from '../oci/index.ts';
import { type DecodedSnapshot, decodeSnapshot, encodeSnapshot } from './encode.ts';
import { type EntryId, entryId, isEntryId } from './entry-id.ts';
import { runIdIn } from './facts.ts';
import type { Shelf, UndoShelf } from './shelf.ts';
import { createStateStore } from './store.ts';
import type { RunId, StateStore } from './types.ts';
import { unreadableIn } from './unreadable.ts';

const headFile = 'state.jsonl.gz';
const entryPattern = /^entry-(.*)\.jsonl\.gz$/;
const undoPattern = /^undo-(\d{1,10})(?:-([0-9a-f]{16}))?\.jsonl\.gz$/;

function undoFile({ id, token }: RunId): string {
  return `undo-${token === undefined ? id : entryId(id, token)}.jsonl.gz`;
}

const entryFile = (id: EntryId) => `entry-${id}.jsonl.gz`;

function createUndoShelf(directory: string): UndoShelf {
  return {
    async read(run) {
      const bytes = await load(join(directory, undoFile(run)));
      return bytes && { digest: digestOf(bytes), bytes };
    },
    write: (run, bytes) => save(directory, undoFile(run), bytes),
    async list() {
      return (await namesIn(directory)).flatMap((name) => runIdIn(undoPattern.exec(name)) ?? []);
    },
  };
}

function createDirectoryShelf(directory: string): Shelf {
  const written = new Map<EntryId, Uint8Array>();

  function read(name: string): Promise<DecodedSnapshot | undefined> {
    const path = join(directory, name);
    return unreadableIn(path, async () => {
      const bytes = await load(path);
      return bytes && decodeSnapshot(bytes, hexOf(digestOf(bytes)).slice(0, 16));
    });
  }

  return {
    async list() {
      const names = await namesIn(directory);
      const entries = names.map((name) => entryPattern.exec(name)?.[1] ?? '').filter(isEntryId);
      return { entries, tagLists: 'unknown' };
    },
    async read(id) {
      return (await read(entryFile(id)))?.snapshot;
    },
    async put(id, snapshot) {
      const bytes = encodeSnapshot(snapshot, id);
      await save(directory, entryFile(id), bytes);
      written.set(id, bytes);
    },
    readHead: () => read(headFile),
    async moveHead(id) {
      const bytes = written.get(id);
      if (!bytes) return 'refused';
      await save(directory, headFile, bytes);
      return 'moved';
    },
    async drop(ids) {
      await Promise.all(ids.map((id) => rm(join(directory, entryFile(id)), { force: true })));
    },
    undo: createUndoShelf(directory),
  };
}

/**
 * Keeps a state in a directory, for runners that keep one: `entry-<number>-<token>.jsonl.gz`, `state.jsonl.gz` with the
 * newest of them, and `undo-<number>-<token>.jsonl.gz`. `token`: 16 hex digits by chance.
 *
 * Effects: a file is written whole or not at all. Every method throws StorageError `STORAGE_FULL` or `STORAGE_FAILED` when
 * the disk fails.
 */
export function createDirectoryStateStore(directory: string, token: string): StateStore {
  return createStateStore(createDirectoryShelf(directory), token);
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return await orAbsent(directory, readdir(directory), []);
}

async function load(path: string): Promise<Uint8Array | undefined> {
  return await orAbsent(path, readFile(path), undefined);
}

async function orAbsent<T, Absent>(
  path: string,
  reading: Promise<T>,
  absent: Absent,
): Promise<T | Absent> {
  try {
    return await reading;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return absent;
    throw failure(path, 'read', cause);
  }
}

async function save(directory: string, name: string, bytes: Uint8Array): Promise<Digest> {
  const path = join(directory, name);
  try {
    await mkdir(directory, { recursive: true });
    await writeAtomically(path, bytes, { durability: 'synced' });
  } catch (cause) {
    throw failure(path, 'written', cause);
  }
  return digestOf(bytes);
}

function failure(path: string, act: 'read' | 'written', cause: unknown): StorageError {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  const hint = isDiskFull(cause)
    ? 'Free space on that disk, or keep the state in the registry.'
    : 'Check that the directory exists and that this user may read and write it.';
  return storageError(`${path} cannot be ${act} (${code}).`, cause, hint);
}
