import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { ContentError, MirrorError, messageOf } from '../errors.ts';
import type { Descriptor } from '../oci/index.ts';

/** What an entry of a layer is, as far as a catalog cares. */
export type EntryKind = 'file' | 'directory' | 'link' | 'symlink' | 'other';

/** One entry of a layer. */
export interface LayerEntry {
  /** From the image's root, without a slash at either end, no `.` or `..` in it; empty for the root. */
  readonly path: string;
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

/** Takes an entry; gives what takes its bytes, or `undefined` when they are not wanted. */
export type EntryVisitor = (entry: LayerEntry) => FileSink | undefined;

/** Bytes that are unpacked at a time; small pieces cost more than they save. */
const chunkSize = 256 * 1024;

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

function kindOf(type: Header['type']): EntryKind {
  if (type === 'file' || type === 'contiguous-file') return 'file';
  if (type === 'directory' || type === 'link' || type === 'symlink') return type;
  return 'other';
}

/** Bytes at the beginning that tell how a layer is compressed. */
const magicBytes = 4;

function decompressor(head: Uint8Array): Transform | undefined {
  // The bytes decide: builders call a layer "gzip" whatever it is.
  const starts = (...magic: readonly number[]): boolean =>
    magic.every((byte, index) => head[index] === byte);
  if (starts(0x1f, 0x8b)) return createGunzip({ chunkSize });
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return createZstdDecompress({ chunkSize });
  return undefined;
}

/** Takes the first bytes off a stream: enough of them to know it by, unless there are fewer. */
async function takeHead(bytes: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array();
  while (head.byteLength < magicBytes) {
    const next = await bytes.next();
    if (next.done) break;
    head = head.byteLength === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return head;
}

async function* joined(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function entryOf({ name, type, size, linkname }: Header): LayerEntry {
  return { path: confine(name), kind: kindOf(type), size: size ?? 0, target: linkname ?? '' };
}

async function drain(source: AsyncIterable<Uint8Array>, sink: FileSink | undefined): Promise<void> {
  for await (const chunk of source) await sink?.write(chunk);
  await sink?.end();
}

/** Makes the last stream of a pipeline: it shows every entry, one after the other. */
function reader(visit: EntryVisitor) {
  const tar = extract();
  tar.on('entry', (header, stream, next) => {
    const entry = async (): Promise<void> => {
      await drain(stream as AsyncIterable<Uint8Array>, visit(entryOf(header)));
    };
    entry().then(() => next(), next);
  });
  return tar;
}

/** Tells a full disk and its like, for which no publisher is to blame, from a layer that is broken. */
function isOfTheSystem(cause: unknown): boolean {
  return typeof (cause as NodeJS.ErrnoException | undefined)?.syscall === 'string';
}

/**
 * Shows every entry of a layer as it streams by, to the layer's end: only there its digest is proved.
 *
 * Shape: tar, plain or compressed by gzip or zstd. Memory: a few chunks.
 * @throws ContentError `CATALOG_INVALID`, naming the layer, when it cannot be unpacked; whatever `bytes` and `visit` throw.
 */
export async function visitLayer(
  layer: Descriptor,
  bytes: AsyncIterable<Uint8Array>,
  visit: EntryVisitor,
): Promise<void> {
  const iterator = bytes[Symbol.asyncIterator]();
  const head = await takeHead(iterator);
  const source = Readable.from(joined(head, iterator), { objectMode: false });
  const unpack = decompressor(head);
  const tar = reader(visit);
  try {
    await (unpack ? pipeline(source, unpack, tar) : pipeline(source, tar));
    // A compressed stream may end before the blob does; what proves the digest comes last.
    for (let rest = await iterator.next(); !rest.done; rest = await iterator.next());
  } catch (cause) {
    // Whoever sends the layer may stop.
    await iterator.return?.();
    if (cause instanceof MirrorError || isOfTheSystem(cause)) throw cause;
    const why = messageOf(cause);
    throw new ContentError('CATALOG_INVALID', `Layer ${layer.digest} cannot be unpacked: ${why}`, {
      cause,
      hint: 'The catalog has to be built again by its publisher.',
    });
  }
}
