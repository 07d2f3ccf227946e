const empty = Buffer.alloc(0);

/** Bytes that come in chunks and are taken in other pieces. */
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
    const pieces: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const piece = await this.some(missing);
      if (!piece) break;
      pieces.push(piece);
      missing -= piece.byteLength;
    }
    return pieces.length === 1 ? (pieces[0] ?? empty) : Buffer.concat(pieces);
  }

  /** Passes over bytes; gives how many there were. */
  async skip(length: number): Promise<number> {
    let missing = length;
    while (missing > 0) {
      const piece = await this.some(missing);
      if (!piece) break;
      missing -= piece.byteLength;
    }
    return length - missing;
  }
}
