import { ByteQueue, checkLimit, type Limit, overLimit } from '../base/index.ts';
import { layerLimits } from './limits.ts';
import {
  blockBytes,
  isEmptyBlock,
  readHeader,
  readRecords,
  type TarHeader,
  textBeforeNul,
} from './tar-header.ts';

/** The kind of an entry: `device` stands for pipes too, `unknown` for sparse files and for types that no standard has. */
export type EntryKind = 'file' | 'directory' | 'link' | 'symlink' | 'device' | 'unknown';

/** One entry of a layer. */
export interface LayerEntry {
  /** From the image's root, without a slash at either end, no `.` or `..` in it; empty for the root. */
  readonly path: string;
  /** The name as it stands there. */
  readonly name: string;
  readonly kind: EntryKind;
  /** Bytes. */
  readonly size: number;
  /** Of a link or symlink, as it stands there. */
  readonly target: string;
}

/** Takes the bytes of one file. */
export interface FileSink {
  write(chunk: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

/** How much of an archive is read. */
export interface TarLimits {
  readonly entries: Limit;
  /** Bytes of one file. */
  readonly file: Limit;
}

const limitsOfLayers: TarLimits = { entries: layerLimits.entries, file: layerLimits.unpacked };

/** Whether the two empty blocks that end an archive were there, or it stopped behind an entry. */
export type TarEnd = 'marked' | 'unmarked';

/** Takes an entry; gives a sink for its bytes, or `undefined` when they are not wanted. */
export type EntryVisitor = (entry: LayerEntry) => FileSink | undefined;

/**
 * Gives a path as a container runtime understands it: from the image's root, out of which no `..` leads.
 */
export function confine(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

const kinds: ReadonlyMap<string, EntryKind> = new Map([
  ['\0', 'file'],
  ['0', 'file'],
  ['7', 'file'],
  ['1', 'link'],
  ['2', 'symlink'],
  ['3', 'device'],
  ['4', 'device'],
  ['5', 'directory'],
  ['6', 'device'],
]);

/** Types of entries that have no content, whatever their size says. */
const withoutContent = '123456';

/** The fields that extended headers set for the entry after them. */
interface Extended {
  name?: string;
  linkName?: string;
  records?: ReadonlyMap<string, string>;
}

function sizeOf(header: TarHeader, { records }: Extended): number {
  if (withoutContent.includes(header.type)) return 0;
  const text = records?.get('size') ?? '';
  if (text === '') return header.size;
  if (!/^\d+$/.test(text)) throw new Error('an extended header has a size that is none');
  return Number(text);
}

function kindOf(header: TarHeader, name: string, { records }: Extended): EntryKind {
  const hasHoles =
    records !== undefined && [...records.keys()].some((key) => key.startsWith('GNU.sparse.'));
  const kind = hasHoles ? 'unknown' : (kinds.get(header.type) ?? 'unknown');
  return kind === 'file' && name.endsWith('/') ? 'directory' : kind;
}

function entryOf(header: TarHeader, extended: Extended, most: Limit): LayerEntry {
  const { records } = extended;
  const name =
    records?.get('GNU.sparse.name') || records?.get('path') || extended.name || header.name;
  const target = records?.get('linkpath') || extended.linkName || header.linkName;
  const size = sizeOf(header, extended);
  for (const path of [name, target]) checkLimit('An entry', path.length, layerLimits.path);
  const path = confine(name);
  if (size > most.most) throw overLimit(`The entry ${path}`, most);
  return { path, name, kind: kindOf(header, name, extended), size, target };
}

/** Reads one archive; see {@link visitTar}. */
class TarReader {
  readonly #bytes: ByteQueue;
  readonly #visit: EntryVisitor;
  readonly #limits: TarLimits;
  #extended: Extended = {};

  constructor(chunks: AsyncIterable<Uint8Array>, visit: EntryVisitor, limits: TarLimits) {
    this.#bytes = new ByteQueue(chunks);
    this.#visit = visit;
    this.#limits = limits;
  }

  async read(): Promise<TarEnd> {
    for (let count = 0; ; count += 1) {
      const header = await this.#header();
      if (typeof header === 'string') return header;
      checkLimit('The archive', count, this.#limits.entries);
      await this.#entry(header);
    }
  }

  async #header(): Promise<TarHeader | TarEnd> {
    const block = await this.#bytes.take(blockBytes);
    if (block.byteLength === 0) return 'unmarked';
    if (!isEmptyBlock(block)) return readHeader(block);
    const second = await this.#bytes.take(blockBytes);
    if (!isEmptyBlock(second)) throw new Error('an empty block stands between entries');
    return second.byteLength === blockBytes ? 'marked' : 'unmarked';
  }

  async #entry(header: TarHeader): Promise<void> {
    switch (header.type) {
      case 'x':
        this.#extended.records = readRecords(await this.#long(header));
        break;
      case 'L':
        this.#extended.name = textBeforeNul(await this.#long(header));
        break;
      case 'K':
        this.#extended.linkName = textBeforeNul(await this.#long(header));
        break;
      case 'g':
        // A global header is about all entries that follow; container runtimes ignore it.
        await this.#long(header);
        break;
      default:
        await this.#content(header);
        this.#extended = {};
    }
  }

  async #long(header: TarHeader): Promise<Buffer> {
    checkLimit('An entry', header.size, layerLimits.longHeader);
    const bytes = await this.#bytes.take(header.size);
    if (bytes.byteLength < header.size) throw new Error('an extended header is cut off');
    await this.#pad(header.size);
    return bytes;
  }

  async #content(header: TarHeader): Promise<void> {
    const entry = entryOf(header, this.#extended, this.#limits.file);
    if (header.type === 'S' && header.hasSparseBlocks) await this.#sparseBlocks();
    const sink = this.#visit(entry);
    for (let missing = entry.size; missing > 0; ) {
      const piece = await this.#bytes.some(missing);
      if (!piece) throw new Error(`it ends within ${entry.path}`);
      missing -= piece.byteLength;
      await sink?.write(piece);
    }
    await sink?.end();
    await this.#pad(entry.size);
  }

  /** Passes over the map of a file with holes: the last block says that no other follows. */
  async #sparseBlocks(): Promise<void> {
    for (let count = 0; ; count += 1) {
      checkLimit('The map of a sparse file', count * blockBytes, layerLimits.longHeader);
      const block = await this.#bytes.take(blockBytes);
      if (block.byteLength < blockBytes) throw new Error('the map of a sparse file is cut off');
      if (block[504] === 0) return;
    }
  }

  /** Passes over what fills the last block; the end of the archive may lack it. */
  async #pad(size: number): Promise<void> {
    await this.#bytes.skip((blockBytes - (size % blockBytes)) % blockBytes);
  }
}

/**
 * Shows every entry of an archive in its order, as Go's reader and so container runtimes see them.
 *
 * Extended headers of POSIX and GNU count, global ones do not. Bytes after the end of the archive are ignored.
 * Memory: one chunk, and one extended header.
 * @throws Error whose message says what is wrong; ContentError `TOO_LARGE`; whatever `chunks` and `visit` throw.
 */
export async function visitTar(
  chunks: AsyncIterable<Uint8Array>,
  visit: EntryVisitor,
  limits: TarLimits = limitsOfLayers,
): Promise<TarEnd> {
  return await new TarReader(chunks, visit, limits).read();
}
