import { checkLimit, isSystemError, type Limit } from '../base/index.ts';
import { ContentError, MirrorError, messageOf } from '../errors.ts';
import { type EntryVisitor, type FileSink, visitTar } from './tar.ts';
import { unpack } from './unpack.ts';

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
