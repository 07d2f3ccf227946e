import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { isSystemError, storageError } from '../base/index.ts';
import { messageOf } from '../errors.ts';
import { type Digest, Digester } from '../oci/index.ts';
import { type ArchiveFile, fileOfBytes } from './chunks.ts';
import { storeFileOf } from './layout.ts';
import { type ArchiveHead, encodeHead, encodeTail, headName, tailName } from './notes.ts';

const epoch = new Date(0);

/** Adds a file, and digests its bytes as they pass. */
async function addFile(tar: Pack, { name, size, open: openFile }: ArchiveFile): Promise<Digest> {
  const entry = tar.entry({ name, size, mode: 0o644, mtime: epoch, uid: 0, gid: 0 });
  const digester = new Digester();
  async function* digested() {
    for await (const chunk of openFile()) {
      digester.update(chunk);
      yield chunk;
    }
  }
  await pipeline(Readable.from(digested(), { objectMode: false }), entry);
  return digester.end();
}

/** Fills an archive; files that are not named by their digest are listed with it at the end. */
async function fill(tar: Pack, head: ArchiveHead, files: readonly ArchiveFile[]): Promise<void> {
  await addFile(tar, fileOfBytes(headName, encodeHead(head)));
  const listed = new Map<string, Digest>();
  for (const file of files) {
    const digest = await addFile(tar, file);
    if (storeFileOf(file.name)?.kind !== 'blob') listed.set(file.name, digest);
  }
  await addFile(tar, fileOfBytes(tailName, encodeTail(listed)));
  tar.finalize();
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the error of an archive that cannot be written. */
export function cannotWrite(path: string, cause: unknown): Error {
  return storageError(
    `${path} cannot be written: ${messageOf(cause)}`,
    cause,
    'The archive needs as much room as what is new in it; the earlier archive is still there.',
  );
}

/**
 * Writes one file of an archive and waits until it is on the disk.
 *
 * Memory: a few chunks. A file that could not be written is removed.
 * @throws StorageError; whatever the files' bytes throw.
 */
export async function writeChunk(
  path: string,
  head: ArchiveHead,
  files: readonly ArchiveFile[],
): Promise<void> {
  const tar = pack();
  const writing = pipeline(tar, createWriteStream(path));
  // The failure of the disk shows below; that of a file ends the stream.
  const filling = fill(tar, head, files).catch((cause: unknown) => {
    tar.destroy(cause instanceof Error ? cause : new Error(messageOf(cause)));
    throw cause;
  });
  const [filled, written] = await Promise.allSettled([filling, writing]);
  try {
    if (written.status === 'rejected' && isSystemError(written.reason)) throw written.reason;
    if (filled.status === 'rejected') throw filled.reason;
    if (written.status === 'rejected') throw written.reason;
    await sync(path);
  } catch (cause) {
    await rm(path, { force: true }).catch(() => {});
    throw isSystemError(cause) ? cannotWrite(path, cause) : cause;
  }
}
