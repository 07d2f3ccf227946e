import { gibibyte, oneChunk } from '../base/index.ts';
import { ContentError } from '../errors.ts';

/** A file that goes into an archive. */
export interface ArchiveFile {
  /** Its name in the archive, with slashes. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** Makes a file of bytes that are in memory. */
export function fileOfBytes(name: string, bytes: Uint8Array): ArchiveFile {
  return { name, size: bytes.byteLength, open: () => oneChunk(bytes) };
}

/** How an archive is cut into files. */
export interface ChunkRules {
  /** Bytes of contents, headers not counted. */
  readonly most: number;
  /** `refuse`: a file larger than a chunk is an error; `alone`: it gets a chunk of its own. */
  readonly large: 'refuse' | 'alone';
}

/** A chunk that is larger than it should be, because of one file. */
export interface LargeFile {
  readonly name: string;
  readonly size: number;
}

/** Gives the `archiveSize` that so many bytes need, in GiB. */
export function archiveSizeFor(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / gibibyte));
}

function tooSmall(files: readonly ArchiveFile[], { most }: ChunkRules): ContentError {
  const [first] = files;
  const largest = Math.max(...files.map(({ size }) => size));
  const more = files.length > 1 ? ` (and ${files.length - 1} more)` : '';
  return new ContentError(
    'ARCHIVE_SIZE',
    `A file of the archive may have ${most} bytes, and ${first?.name}${more} has ${largest}.`,
    {
      expected: `${most / gibibyte}G`,
      actual: `${largest} bytes`,
      hint: `Set archiveSize to at least ${archiveSizeFor(largest)}, or leave out --strict-archive. The archive before is still there.`,
    },
  );
}

/**
 * Distributes files over chunks in their order; a file that is larger than a chunk gets one of its own.
 *
 * Nothing was written yet when a file is refused.
 * @throws ContentError `ARCHIVE_SIZE`, naming the size that is needed.
 * @see oc-mirror v2, chunking
 */
export function cutIntoChunks(
  files: readonly ArchiveFile[],
  rules: ChunkRules,
): readonly (readonly ArchiveFile[])[] {
  const large = files.filter(({ size }) => size > rules.most);
  if (rules.large === 'refuse' && large.length > 0) throw tooSmall(large, rules);
  let open: ArchiveFile[] = [];
  const chunks: ArchiveFile[][] = [open];
  let filled = 0;
  for (const file of files) {
    if (file.size > rules.most) {
      chunks.push([file]);
      continue;
    }
    if (filled + file.size > rules.most) {
      open = [];
      chunks.push(open);
      filled = 0;
    }
    open.push(file);
    filled += file.size;
  }
  return chunks.filter((chunk) => chunk.length > 0);
}
