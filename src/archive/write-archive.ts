import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { oneChunk, sortBy } from '../base/index.ts';
import type { Digest } from '../oci/index.ts';
import type { Cache } from './cache.ts';
import {
  type ArchiveFile,
  archiveSizeFor,
  type ChunkRules,
  cutIntoChunks,
  fileOfBytes,
  type LargeFile,
} from './chunks.ts';
import { chunkName, listChunks } from './find-archive.ts';
import { type ArchivedContent, type ArchivedImage, gatherContent } from './gather.ts';
import { readHistory, writeHistory } from './history.ts';
import { blobPath } from './layout.ts';
import type { ArchiveName } from './notes.ts';
import { cannotWrite, writeChunk } from './write-chunk.ts';

/** A request for an archive of what a cache holds. */
export interface ArchiveRequest {
  readonly cache: Cache;
  readonly images: readonly ArchivedImage[];
  /** The directory that gets the files. */
  readonly directory: string;
  readonly workingDirectory: string;
  /** Text of the image set configuration. */
  readonly configuration: string;
  /** The name of the stream of archives. */
  readonly stream: string;
  /** `stream`: names begin with stream and generation, `team-a-g0003-mirror_000001.tar`; absent: as with oc-mirror. */
  readonly naming?: 'stream' | undefined;
  /** `yyyy-MM-dd` */
  readonly since?: string | undefined;
  readonly rules: ChunkRules;
  /** RFC 3339 in UTC. */
  readonly stamp: string;
}

/** An archive that was written. */
export interface WrittenArchive extends ArchiveName {
  /** Paths of its files, in order. */
  readonly paths: readonly string[];
  /** Blobs in it, and their bytes. */
  readonly blobs: number;
  readonly bytes: number;
  /** Blobs that its images need and that earlier archives hold. */
  readonly assumed: number;
  /** Files that are larger than a chunk should be. */
  readonly large: readonly LargeFile[];
  /** GiB that `archiveSize` would have to be for the largest of them; 0 where there is none. */
  readonly neededSize: number;
}

/** Parts of a working directory that are no use elsewhere, or lie among the blobs already. */
const leftOut: readonly RegExp[] = [
  /^(?:content|plan|logs|dry-run|delete|\.history)(?:\/|$)/,
  /^operator-catalogs\/[0-9a-f]{64,128}(?:\/|$)/,
  /\.tmp$/,
];

async function listFiles(root: string, directory = root): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(directory, entry.name);
    const name = relative(root, path).replaceAll(sep, '/');
    if (leftOut.some((pattern) => pattern.test(name))) continue;
    if (entry.isDirectory()) found.push(...(await listFiles(root, path)));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

async function workingFiles(root: string): Promise<readonly ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  for (const path of await listFiles(root)) {
    const { size } = await stat(path);
    const name = `working-dir/${relative(root, path).replaceAll(sep, '/')}`;
    // A file that grows meanwhile is taken as long as it was.
    const open = () =>
      size === 0 ? oneChunk(Buffer.alloc(0)) : createReadStream(path, { end: size - 1 });
    files.push({ name, size, open });
  }
  return files;
}

/** Lists the files of an archive in oc-mirror's order; nothing is written yet. */
async function listArchive(
  { cache, workingDirectory, configuration, stamp }: ArchiveRequest,
  { links }: ArchivedContent,
  blobs: readonly (readonly [Digest, number])[],
): Promise<readonly ArchiveFile[]> {
  const linked = [...links].map(([path, digest]) => fileOfBytes(path, Buffer.from(digest)));
  return [
    ...sortBy(linked, ({ name }) => name),
    ...blobs.map(([digest, size]) => ({
      name: blobPath(digest),
      size,
      open: () => cache.files.stream({ digest, size }),
    })),
    ...(await workingFiles(workingDirectory)),
    fileOfBytes(`isc_${stamp}`, Buffer.from(configuration)),
  ];
}

/** Gives the beginning of the names of an archive's files: those of a stream sort in the order in which they are loaded. */
function prefixOf({ stream, generation }: ArchiveName): string {
  return `${stream}-g${String(generation).padStart(4, '0')}-`;
}

/** Removes files of runs that were killed while they wrote. */
async function forgetUnfinished(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((one) => /mirror_\d{6}\.tar\.tmp$/.test(one))) {
    await rm(join(directory, name), { force: true });
  }
}

/** Moves whole files to their names, then removes files of the archive before that have no successor. */
async function publish(
  directory: string,
  prefix: string,
  written: readonly string[],
): Promise<string[]> {
  const before = await listChunks(directory);
  const paths = written.map((_, index) => join(directory, chunkName(prefix, index + 1)));
  try {
    for (const [index, path] of paths.entries()) await rename(written[index] ?? path, path);
  } catch (cause) {
    throw cannotWrite(directory, cause);
  }
  const isOld = (path: string) => !paths.includes(path);
  const own = before.filter((one) => one.prefix === prefix).map(({ path }) => path);
  for (const path of own.filter(isOld)) await rm(path, { force: true });
  await forgetUnfinished(directory);
  return paths;
}

async function writeAll(
  chunks: readonly (readonly ArchiveFile[])[],
  name: ArchiveName,
  { directory, prefix }: { readonly directory: string; readonly prefix: string },
): Promise<string[]> {
  await mkdir(directory, { recursive: true }).catch((cause: unknown) => {
    throw cannotWrite(directory, cause);
  });
  const written: string[] = [];
  try {
    for (const [index, files] of chunks.entries()) {
      const chunk = index + 1;
      const path = join(directory, `${chunkName(prefix, chunk)}.tmp`);
      await writeChunk(path, { ...name, chunk, chunks: chunks.length }, files);
      written.push(path);
    }
    return written;
  } catch (thrown) {
    for (const path of written) await rm(path, { force: true }).catch(() => {});
    throw thrown;
  }
}

/**
 * Writes an archive of images: what they need and earlier archives do not hold, the working directory, the configuration.
 *
 * Order: all files are written beside their places and are on the disk before the first gets its name; then the archive
 * before goes, then the history learns of this one. A run that fails leaves the archive before as it was.
 * Memory: the names of what is archived, and a few chunks of it.
 * @throws ContentError `ARCHIVE_INCOMPLETE`, `ARCHIVE_SIZE`, StorageError
 * @see oc-mirror v2, archive content and chunking
 */
export async function writeArchive(request: ArchiveRequest): Promise<WrittenArchive> {
  const { cache, images, directory, workingDirectory, since, rules, stamp, stream } = request;
  const { blobs: known, base, generation } = await readHistory(workingDirectory, since);
  const content = await gatherContent(cache, images);
  const all = sortBy(content.blobs, ([digest]) => digest);
  const blobs = all.filter(([digest]) => !known.has(digest));
  const assumed = all.length - blobs.length;
  const files = await listArchive(request, content, blobs);
  const chunks = cutIntoChunks(files, rules);
  const large = files.filter(({ size }) => size > rules.most);
  const name = { stream, generation, base: assumed === 0 ? 0 : base };
  const prefix = request.naming === 'stream' ? prefixOf(name) : '';
  const written = await writeAll(chunks, name, { directory, prefix });
  const paths = await publish(directory, prefix, written);
  await writeHistory(workingDirectory, stamp, [...known, ...blobs.map(([digest]) => digest)]);
  return {
    ...name,
    paths,
    blobs: blobs.length,
    bytes: blobs.reduce((sum, [, size]) => sum + size, 0),
    assumed,
    large,
    neededSize: large.length === 0 ? 0 : archiveSizeFor(Math.max(...large.map(({ size }) => size))),
  };
}
