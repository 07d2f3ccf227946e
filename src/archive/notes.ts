import { asObject, decodeObject, textOrEmpty } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { type Digest, isDigest } from '../oci/index.ts';

/** The first entry of each file of an archive: which archive it belongs to. Tools that do not know it pass over it. */
export const headName = 'imageset-mirror-archive.json';
/** The last entry: the digests of all files before it that are not named by their own. */
export const tailName = 'imageset-mirror-files.json';

/** One of the archives that a stream of them consists of, each building on an earlier one. */
export interface ArchiveName {
  readonly stream: string;
  /** 1 for the first. */
  readonly generation: number;
  /** The generation that has to be loaded before; 0: none. */
  readonly base: number;
}

/** The description at the beginning of a file of an archive. */
export interface ArchiveHead extends ArchiveName {
  /** The number of this file, from 1. */
  readonly chunk: number;
  readonly chunks: number;
}

const format = '1.0';

/** Writes the description of a file of an archive. */
export function encodeHead(head: ArchiveHead): Uint8Array {
  return Buffer.from(`${JSON.stringify({ formatVersion: format, ...head })}\n`);
}

/** Writes the digests of files by their names. */
export function encodeTail(files: ReadonlyMap<string, Digest>): Uint8Array {
  return Buffer.from(
    `${JSON.stringify({ formatVersion: format, files: Object.fromEntries(files) })}\n`,
  );
}

function invalid(name: string) {
  return (why: string, cause?: unknown): ContentError =>
    new ContentError('ARCHIVE_INVALID', `${name} ${why}.`, {
      cause,
      hint: 'Get another copy of the archive, or write it again.',
    });
}

function decode(bytes: Uint8Array, name: string) {
  const value = decodeObject(bytes, { what: name, invalid: invalid(name) });
  if (!textOrEmpty(value['formatVersion']).startsWith('1.')) {
    throw new ContentError('ARCHIVE_INVALID', `${name} has a format that is not known here.`, {
      hint: 'Load it with the version of imageset-mirror that wrote it, or a newer one.',
    });
  }
  return value;
}

function count(value: unknown, least: number): number {
  const isCount = typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
  if (!isCount) throw invalid(headName)('has a number that is none');
  return value;
}

/**
 * Reads the description of a file of an archive.
 * @throws ContentError `ARCHIVE_INVALID`, `TOO_LARGE`
 */
export function decodeHead(bytes: Uint8Array): ArchiveHead {
  const value = decode(bytes, headName);
  return {
    stream: textOrEmpty(value['stream']),
    generation: count(value['generation'], 1),
    base: count(value['base'], 0),
    chunk: count(value['chunk'], 1),
    chunks: count(value['chunks'], 1),
  };
}

/**
 * Reads the digests of files by their names.
 * @throws ContentError `ARCHIVE_INVALID`, `TOO_LARGE`
 */
export function decodeTail(bytes: Uint8Array): ReadonlyMap<string, Digest> {
  const files = Object.entries(asObject(decode(bytes, tailName)['files']));
  return new Map(
    files.map(([name, digest]) => {
      if (typeof digest === 'string' && isDigest(digest)) return [name, digest];
      throw invalid(tailName)(`has no valid digest for ${name}`);
    }),
  );
}

/** Writes the name of an archive for people: `generation 3 of "team-a"`. */
export function sayArchive({ stream, generation }: ArchiveName): string {
  return `generation ${generation} of "${stream}"`;
}
