import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { checkLimit, isSystemError } from '../base/index.ts';
import { type FileSink, type LayerEntry, memorySink, visitTar } from '../content/index.ts';
import { ContentError, MirrorError, messageOf } from '../errors.ts';
import { type Digest, digestOf, isDigest } from '../oci/index.ts';
import type { Unfinished } from './disk-files.ts';
import { destinationOf, taintedEntry } from './entry-names.ts';
import { digestSink, fileSink } from './file-sinks.ts';
import type { ChunkFile } from './find-archive.ts';
import { blobPath, placeIn } from './layout.ts';
import { archiveLimits } from './limits.ts';
import { type ArchiveHead, decodeHead, decodeTail, headName, tailName } from './notes.ts';

/** The content of the files of an archive, so far. */
export interface Unpacked {
  /** Digests by the paths of their links; they are written once the whole archive proved sound. */
  readonly links: Map<string, Digest>;
  /** Blobs that came, and their bytes. */
  readonly blobs: Map<Digest, number>;
  /** Paths below the working directory; the files wait in the staging directory. */
  readonly workingFiles: Set<string>;
  /** Every name so far. */
  readonly names: Set<string>;
  readonly heads: ArchiveHead[];
}

/** The places that the files of an archive go to. */
export interface UnpackPlaces {
  /** The cache's directory. */
  readonly cache: string;
  /** Files of the working directory wait here. */
  readonly staging: string;
  readonly unfinished: Unfinished;
}

/** The reading of one file of an archive. */
interface Reading {
  readonly unpacked: Unpacked;
  readonly places: UnpackPlaces;
  /** Digests of the files of this chunk that are not named by theirs. */
  readonly listed: Map<string, Digest>;
  readonly notes: { head?: ArchiveHead; tail?: ReadonlyMap<string, Digest> };
}

function linkSink(name: string, { unpacked, listed }: Reading): FileSink {
  return memorySink((bytes) => {
    const text = bytes.toString('latin1').trim();
    if (!isDigest(text)) throw taintedEntry(name, 'is a link to no digest');
    // All links but that of a tag stand at the digest that they name.
    const hex = /\/sha(?:256|512)\/([0-9a-f]+)\/link$/.exec(name)?.[1];
    if (hex !== undefined && !text.endsWith(`:${hex}`)) {
      throw taintedEntry(name, 'is a link to another digest than its name says');
    }
    listed.set(name, digestOf(bytes));
    unpacked.links.set(name, text);
  });
}

function noteSink(name: string, { notes, unpacked }: Reading): FileSink {
  return memorySink((bytes) => {
    if (name === tailName) notes.tail = decodeTail(bytes);
    else {
      notes.head = decodeHead(bytes);
      unpacked.heads.push(notes.head);
    }
  });
}

function workingSink(name: string, path: string, { unpacked, listed, places }: Reading): FileSink {
  const target = {
    path: join(places.staging, ...path.split('/')),
    placed: (digest: Digest) => {
      listed.set(name, digest);
      unpacked.workingFiles.add(path);
    },
  };
  return fileSink(target, places.unfinished);
}

/** Gives what takes the bytes of a file. @throws ContentError `ARCHIVE_INVALID`, `TOO_LARGE` */
function sinkFor({ name, size }: LayerEntry, reading: Reading): FileSink {
  const { unpacked, places, listed } = reading;
  const destination = destinationOf(name);
  switch (destination.kind) {
    case 'blob': {
      const { digest } = destination;
      const path = placeIn(places.cache, blobPath(digest));
      const placed = () => void unpacked.blobs.set(digest, size);
      return fileSink({ path, expected: digest, placed }, places.unfinished);
    }
    case 'link':
      checkLimit(`The entry ${name}`, size, archiveLimits.link);
      return linkSink(name, reading);
    case 'note':
      checkLimit(`The entry ${name}`, size, archiveLimits.note);
      return noteSink(name, reading);
    case 'working-file':
      checkLimit(`The entry ${name}`, size, archiveLimits.workingFile);
      return workingSink(name, destination.path, reading);
    case 'ignored':
      return digestSink((digest) => void listed.set(name, digest));
  }
}

function visit(entry: LayerEntry, reading: Reading): FileSink | undefined {
  const { name, kind } = entry;
  if (kind === 'directory') return undefined;
  // Mirroring tools write plain files alone; anything else could reach places outside.
  if (kind !== 'file')
    throw taintedEntry(name, `is a ${kind === 'unknown' ? 'special file' : kind}`);
  if (reading.unpacked.names.has(name)) {
    if (destinationOf(name).kind !== 'note') throw taintedEntry(name, 'stands there twice');
  }
  reading.unpacked.names.add(name);
  return sinkFor(entry, reading);
}

/** @throws ContentError `ARCHIVE_INVALID` when a file is not what the archive's last entry says */
function checkTail({ listed, notes }: Reading): void {
  const { head, tail } = notes;
  if (!head) return;
  if (!tail) throw new Error('it ends before its last entry: it was cut off');
  for (const [name, digest] of tail) {
    if (listed.get(name) !== digest) throw new Error(`${name} is damaged or missing`);
  }
  const surplus = [...listed.keys()].find((name) => !tail.has(name));
  if (surplus !== undefined) throw new Error(`${surplus} is not among its files`);
}

/** Puts the name of the file before what is wrong with it. */
function broken({ path }: ChunkFile, cause: unknown): unknown {
  if (isSystemError(cause)) return cause;
  if (cause instanceof MirrorError && !(cause instanceof ContentError)) return cause;
  const known = cause instanceof ContentError ? cause : undefined;
  return new ContentError(known?.code ?? 'ARCHIVE_INVALID', `${path}: ${messageOf(cause)}`, {
    cause,
    expected: known?.expected,
    actual: known?.actual,
    hint: known?.hint ?? 'Copy the archive again, or write it again. Nothing was mirrored.',
  });
}

/**
 * Unpacks one file of an archive: blobs into the cache, links into memory, the rest into the staging directory.
 *
 * Memory: names and links, and a few chunks.
 * @throws ContentError `ARCHIVE_INVALID`, `DIGEST_MISMATCH`, `TOO_LARGE`, naming the file; StorageError
 */
export async function readChunk(
  chunk: ChunkFile,
  unpacked: Unpacked,
  places: UnpackPlaces,
): Promise<void> {
  const reading: Reading = { unpacked, places, listed: new Map(), notes: {} };
  try {
    const bytes = createReadStream(chunk.path, { highWaterMark: 256 * 1024 });
    const { entries, file } = archiveLimits;
    const end = await visitTar(bytes, (entry) => visit(entry, reading), { entries, file });
    if (end === 'unmarked') throw new Error('it was cut off: the mark of its end is missing');
    checkTail(reading);
    checkNumber(chunk, reading);
  } catch (cause) {
    await places.unfinished.drop();
    throw broken(chunk, cause);
  }
}

function checkNumber({ number }: ChunkFile, { notes: { head } }: Reading): void {
  if (!head || head.chunk === number) return;
  throw new Error(`it is file ${head.chunk} of its archive and not ${number}; ${headName} says so`);
}
