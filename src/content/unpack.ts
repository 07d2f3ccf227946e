import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { overLimit } from '../base/index.ts';
import { layerLimits, ratioCountsFrom } from './limits.ts';

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
export async function* unpack(
  what: string,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
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
