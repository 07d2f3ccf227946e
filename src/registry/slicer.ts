/** Hands a stream out in pieces of given lengths, without holding any of them. */
export interface Slicer {
  /** Gives the next `length` bytes; has to be read to its end before the next is taken. */
  take(length: number): AsyncGenerator<Uint8Array>;
  /** Lets go of the stream. */
  close(): Promise<void>;
}

/** Makes a slicer of a stream. */
export function createSlicer(stream: AsyncIterable<Uint8Array>): Slicer {
  const chunks = stream[Symbol.asyncIterator]();
  let over: Uint8Array | undefined;
  return {
    async *take(length) {
      let left = length;
      while (left > 0) {
        const chunk = over ?? (await chunks.next()).value;
        if (chunk === undefined) return;
        over = chunk.byteLength > left ? chunk.subarray(left) : undefined;
        const piece = over ? chunk.subarray(0, left) : chunk;
        left -= piece.byteLength;
        yield piece;
      }
    },
    async close() {
      await chunks.return?.();
    },
  };
}
