import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryName } from '../base/index.ts';
import { ContentError, InvariantError } from '../errors.ts';
import type { Cache } from './cache.ts';
import { moveTo, Unfinished } from './disk-files.ts';
import { type ChunkFile, chunkName, findArchives } from './find-archive.ts';
import { placeIn } from './layout.ts';
import { writeLink } from './links.ts';
import { type ArchiveHead, type ArchiveName, sayArchive } from './notes.ts';
import { readChunk, type Unpacked } from './read-chunk.ts';

/** A request to load an archive. */
export interface LoadRequest {
  /** The directory that has its files. */
  readonly directory: string;
  readonly cache: Cache;
  readonly workingDirectory: string;
  /** Told of each file before it is read. */
  onChunk(chunk: ChunkFile, index: number, total: number): void;
}

/** An archive that lies in the cache now. */
export interface LoadedArchive {
  /** The name that it gives itself; archives of oc-mirror have none. */
  readonly name?: ArchiveName;
  readonly paths: readonly string[];
  readonly blobs: number;
  readonly bytes: number;
}

function emptyUnpacked(): Unpacked {
  return {
    links: new Map(),
    blobs: new Map(),
    workingFiles: new Set(),
    names: new Set(),
    heads: [],
  };
}

/** @throws ContentError `ARCHIVE_INCOMPLETE` when files are missing, `ARCHIVE_INVALID` when they do not belong together */
function checkHeads(heads: readonly ArchiveHead[], files: readonly ChunkFile[]): void {
  const [first] = heads;
  if (!first) return;
  const same = (one: ArchiveHead) =>
    one.stream === first.stream &&
    one.generation === first.generation &&
    one.chunks === first.chunks;
  const other = heads.find((one) => !same(one));
  if (other || heads.length !== files.length) {
    const names = [first, ...(other ? [other] : [])].map(sayArchive).join(' and ');
    throw new ContentError('ARCHIVE_INVALID', `The files are of several archives: ${names}.`, {
      hint: 'Copy the files of one archive alone into the directory. Nothing was mirrored.',
    });
  }
  if (first.chunks > files.length) {
    const name = chunkName(files[0]?.prefix ?? '', files.length + 1);
    throw new ContentError(
      'ARCHIVE_INCOMPLETE',
      `The archive (${sayArchive(first)}) has ${first.chunks} files; ${name} is missing.`,
      { hint: 'Copy all files of the archive into one directory. Nothing was mirrored.' },
    );
  }
}

/** Makes a sound archive visible: first its links, then the files of the working directory. */
async function settle(unpacked: Unpacked, staging: string, request: LoadRequest): Promise<void> {
  const { cache, workingDirectory } = request;
  for (const [path, digest] of unpacked.links) {
    await writeLink(placeIn(cache.directory, path), digest);
  }
  for (const path of unpacked.workingFiles) {
    const parts = path.split('/');
    await moveTo(join(workingDirectory, ...parts), join(staging, ...parts));
  }
}

/** Loads one archive; `index` counts its files among those of all archives. */
async function loadOne(
  files: readonly ChunkFile[],
  request: LoadRequest,
  { index: first, total }: { readonly index: number; readonly total: number },
): Promise<LoadedArchive> {
  const { cache, workingDirectory } = request;
  const unpacked = emptyUnpacked();
  const staging = temporaryName(join(workingDirectory, 'loading'));
  const places = { cache: cache.directory, staging, unfinished: new Unfinished() };
  try {
    for (const [index, file] of files.entries()) {
      request.onChunk(file, first + index + 1, total);
      await readChunk(file, unpacked, places);
    }
    checkHeads(unpacked.heads, files);
    await settle(unpacked, staging, request);
  } finally {
    await rm(staging, { recursive: true, force: true }).catch(() => {});
  }
  const [head] = unpacked.heads;
  const { stream = '', generation = 1, base = 0 } = head ?? {};
  return {
    ...(head && { name: { stream, generation, base } }),
    paths: files.map(({ path }) => path),
    blobs: unpacked.blobs.size,
    bytes: [...unpacked.blobs.values()].reduce((sum, size) => sum + size, 0),
  };
}

/**
 * Loads the archives of a directory into a cache and a working directory, one after the other; gives the last one.
 *
 * Order: all files of an archive are read and verified first. Blobs go to the cache at once, because their names prove them;
 * nothing else shows before the last file proved sound.
 * @throws ContentError `ARCHIVE_MISSING`, `ARCHIVE_EMPTY`, `ARCHIVE_INCOMPLETE`, `ARCHIVE_INVALID`, `DIGEST_MISMATCH`,
 *   `TOO_LARGE`; StorageError
 */
export async function loadArchives(request: LoadRequest): Promise<LoadedArchive> {
  const archives = await findArchives(request.directory);
  const total = archives.flat().length;
  let index = 0;
  let last: LoadedArchive | undefined;
  for (const files of archives) {
    last = await loadOne(files, request, { index, total });
    index += files.length;
  }
  if (!last)
    throw new InvariantError('A directory without archives was searched for the last one.');
  return last;
}
