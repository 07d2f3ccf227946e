import { isSystemError } from '../base/index.ts';
import { ContentError, MirrorError, messageOf } from '../errors.ts';
import { type EntryVisitor, visitTar } from './tar.ts';
import { unpack } from './unpack.ts';

/** A layer to read. */
export interface LayerStream {
  /** What it is called in errors: `Layer sha256:…`. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What is broken when the layer is. */
  readonly code: 'CATALOG_INVALID' | 'PAYLOAD_INVALID';
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
