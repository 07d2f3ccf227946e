import { readAll } from './flow.ts';

const empty = Buffer.alloc(0);

/** Cuts a stream of chunks into pieces of other lengths. */
export class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = empty;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Gives at least one byte and at most `most`; `undefined` at the end. */
  async some(most: number): Promise<Buffer | undefined> {
    while (this.#rest.byteLength === 0) {
      const next = await this.#chunks.next();
      if (next.done) return undefined;
      this.#rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.byteLength);
    return piece;
  }

  /** Gives exactly so many bytes, fewer only at the end. */
  async take(length: number): Promise<Buffer> {
    const first = length > 0 ? await this.some(length) : empty;
    if (!first || first.byteLength === length) return first ?? empty;
    return Buffer.concat([first, await readAll(this.pieces(length - first.byteLength))]);
  }

  /** Gives the next `length` bytes in pieces, fewer only at the end; read it to its end before you take more. */
  async *pieces(length: number): AsyncGenerator<Uint8Array> {
    for (let missing = length; missing > 0; ) {
      const piece = await this.some(missing);
      if (!piece) return;
      missing -= piece.byteLength;
      yield piece;
    }
  }

  /** Passes over bytes. */
  async skip(length: number): Promise<void> {
    for await (const _ of this.pieces(length));
  }

  /** Ends the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
