import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { checkLimit, isSystemError, type Limit, overLimit } from '../base/index.ts';
import { ContentError, MirrorError, messageOf } from '../errors.ts';
import { layerLimits, ratioCountsFrom } from './limits.ts';
import { type EntryVisitor, type FileSink, visitTar } from './tar.ts';

/** Bytes that are unpacked at a time; small pieces cost more than they save. */
const chunkSize = 256 * 1024;

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

/** Takes the first bytes off a stream: enough to recognise its format, unless there are fewer. */
async function takeHead(bytes: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array();
  while (head.byteLength < magicBytes) {
    const next = await bytes.next();
    if (next.done) break;
    head = head.byteLength === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return head;
}

/** A stream whose bytes are counted before and after it is decompressed. */
class Unpacking {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #received = 0;
  #unpacked = 0;

  constructor(iterator: AsyncIterator<Uint8Array>) {
    this.#iterator = iterator;
  }

  /** Gives the bytes as they come, `head` first. */
  async *received(head: Uint8Array): AsyncGenerator<Uint8Array> {
    let next: IteratorResult<Uint8Array> = { done: false, value: head };
    for (; !next.done; next = await this.#iterator.next()) {
      this.#received += next.value.byteLength;
      if (next.value.byteLength > 0) yield next.value;
    }
  }

  /** Passes chunks on while the layer is within its limits. */
  async *bounded(what: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#unpacked += chunk.byteLength;
      if (this.#unpacked > layerLimits.unpacked.most) throw overLimit(what, layerLimits.unpacked);
      const most = Math.max(this.#received * layerLimits.ratio.most, ratioCountsFrom);
      if (this.#unpacked > most) throw overLimit(what, layerLimits.ratio);
      yield chunk;
    }
  }

  /** Reads the bytes that a decompressor left over: the digest is proved only at the end of the stream. */
  async drain(): Promise<void> {
    for (let rest = await this.#iterator.next(); !rest.done; rest = await this.#iterator.next());
  }
}

/**
 * Gives the bytes of a layer as they were before it was compressed, by gzip, zstd or not at all.
 *
 * The stream is read to its end; a reader that stops early ends it.
 * @throws ContentError `TOO_LARGE`, naming `what`; Error of the decompressor; whatever `bytes` throws.
 */
async function* unpack(what: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]();
  try {
    const head = await takeHead(iterator);
    const unpacking = new Unpacking(iterator);
    const source = unpacking.received(head);
    const transform = decompressor(head);
    if (transform) {
      const feeding = pipeline(Readable.from(source, { objectMode: false }), transform);
      // A failure shows in the stream that is read here.
      feeding.catch(() => {});
      yield* unpacking.bounded(what, transform);
      await feeding;
    } else yield* unpacking.bounded(what, source);
    await unpacking.drain();
  } finally {
    // The sender of the layer may stop.
    await iterator.return?.();
  }
}

/** A layer to read. */
export interface LayerStream {
  /** Its name in errors: `Layer sha256:…`. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The error code for a broken layer: it names the kind of content. */
  readonly code: 'CATALOG_INVALID' | 'CHART_INVALID' | 'PAYLOAD_INVALID' | 'GRAPH_INVALID';
}

/**
 * Shows every entry of a layer as it streams by, and reads on to the layer's end: only there its digest is proved.
 *
 * Shape: tar, plain or compressed by gzip or zstd. Memory: a few chunks.
 * @throws ContentError with the code of the layer, naming it, when it cannot be unpacked; `TOO_LARGE` past a limit;
 *   whatever the layer's bytes and `visit` throw.
 */
export async function visitLayer(
  { name, bytes, code }: LayerStream,
  visit: EntryVisitor,
): Promise<void> {
  const chunks = unpack(name, bytes);
  try {
    await visitTar(chunks, visit);
    for await (const _ of chunks);
  } catch (cause) {
    await chunks.return(undefined);
    if (
      cause instanceof ContentError &&
      cause.code === 'TOO_LARGE' &&
      !cause.message.includes(name)
    ) {
      const { hint, expected } = cause;
      throw new ContentError('TOO_LARGE', `${name}: ${cause.message}`, { cause, hint, expected });
    }
    if (cause instanceof MirrorError || isSystemError(cause)) throw cause;
    throw new ContentError(code, `${name} cannot be unpacked: ${messageOf(cause)}`, {
      cause,
      hint: 'Its publisher has to build the image again.',
    });
  }
}

/** Says which files of a layer to keep, by their path from the image's root, and how many bytes at most. */
export interface FileChoice {
  isWanted(path: string, size: number): boolean;
  /** Names the content in errors: `payload`. */
  readonly what: string;
  /** Of one file, and of all that are kept. */
  readonly limits: { readonly file: Limit; readonly files: Limit };
}

/** Collects the bytes of a small file; `check` may refuse their number so far. */
export function memorySink(
  done: (bytes: Buffer) => void,
  check: (size: number) => void = () => {},
): FileSink {
  const chunks: Uint8Array[] = [];
  let size = 0;
  return {
    async write(chunk) {
      size += chunk.byteLength;
      check(size);
      chunks.push(chunk);
    },
    end: async () => done(Buffer.concat(chunks)),
  };
}

/**
 * Reads files out of a layer as {@link visitLayer} shows them.
 *
 * Memory: the files that are wanted, within their limits.
 * @throws as {@link visitLayer}; ContentError `TOO_LARGE`
 */
export async function readLayerFiles(
  layer: LayerStream,
  { isWanted, what, limits }: FileChoice,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let kept = 0;
  await visitLayer(layer, ({ path, kind, size }) => {
    if (kind !== 'file' || !isWanted(path, size)) return undefined;
    kept += size;
    checkLimit(`The ${what} file ${path}`, size, limits.file);
    checkLimit(`The ${what}`, kept, limits.files);
    return memorySink((bytes) => files.set(path, bytes));
  });
  return files;
}
