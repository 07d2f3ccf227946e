import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sortBy } from '../base/index.ts';
import { ContentError } from '../errors.ts';

/** A file of an archive, by its name. */
export interface ChunkFile {
  readonly path: string;
  /** The beginning of its name, before `mirror_`. */
  readonly prefix: string;
  /** The number in its name. */
  readonly number: number;
  /** Bytes. */
  readonly size: number;
}

const namePattern = /^(.*?)mirror_(\d{6})\.tar$/s;

/** Gives the name of a file of an archive. @see oc-mirror v2, chunking */
export function chunkName(prefix: string, number: number): string {
  return `${prefix}mirror_${String(number).padStart(6, '0')}.tar`;
}

/** Lists the files of a directory that are named like those of an archive; a missing directory has none. */
export async function listChunks(directory: string): Promise<readonly ChunkFile[]> {
  const names = await readdir(directory).catch(() => []);
  const chunks: ChunkFile[] = [];
  for (const name of names.sort()) {
    const [, prefix, digits] = namePattern.exec(name) ?? [];
    if (prefix === undefined || digits === undefined) continue;
    const path = join(directory, name);
    const { size } = await stat(path);
    chunks.push({ path, prefix, number: Number(digits), size });
  }
  return chunks;
}

function missing(directory: string, number: number, prefix: string): ContentError {
  return new ContentError(
    'ARCHIVE_INCOMPLETE',
    `The archive in ${directory} lacks ${chunkName(prefix, number)}.`,
    { hint: 'Copy all files of the archive into one directory; nothing was mirrored.' },
  );
}

/** @throws ContentError `ARCHIVE_INCOMPLETE` when a number is missing */
function ordered(directory: string, chunks: readonly ChunkFile[]): readonly ChunkFile[] {
  const inOrder = chunks.toSorted((a, b) => a.number - b.number);
  inOrder.forEach(({ number, prefix }, index) => {
    if (number !== index + 1) throw missing(directory, index + 1, prefix);
  });
  return inOrder;
}

/**
 * Finds the archives of a directory, each with its files in order; archives of a stream in the order of their generations.
 * @throws ContentError `ARCHIVE_MISSING`, `ARCHIVE_EMPTY`, `ARCHIVE_INCOMPLETE`
 */
export async function findArchives(directory: string): Promise<readonly (readonly ChunkFile[])[]> {
  const chunks = await listChunks(directory);
  if (chunks.length === 0) {
    throw new ContentError('ARCHIVE_MISSING', `There is no archive in "${directory}".`, {
      actual: directory,
      hint: 'Name the directory that has mirror_000001.tar.',
    });
  }
  const empty = chunks.find(({ size }) => size === 0);
  if (empty) {
    throw new ContentError('ARCHIVE_EMPTY', `The file ${empty.path} of the archive is empty.`, {
      actual: empty.path,
      hint: 'The file was not copied whole: copy it again. Nothing was mirrored.',
    });
  }
  const archives = [...Map.groupBy(chunks, ({ prefix }) => prefix)];
  return sortBy(archives, ([prefix]) => prefix).map(([, files]) => ordered(directory, files));
}
