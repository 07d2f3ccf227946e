import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract } from 'tar-stream';
import { ContentError, MirrorError, messageOf } from '../errors.ts';

/** The largest file that is read out of a payload, in bytes; `image-references` has about 100 kB. */
export const maxPayloadFileBytes = 32 * 1024 * 1024;

/** The most that is kept of one payload, in bytes. */
const maxKeptBytes = 64 * 1024 * 1024;

/** Says which files of a layer to keep: their name is without `./` or a leading slash. */
export type FileFilter = (name: string, size: number) => boolean;

function decompressor(mediaType: string, head: Uint8Array): Transform | undefined {
  // The bytes decide: Docker layers are called "gzip" by some builders whatever they are.
  const starts = (...magic: readonly number[]): boolean =>
    magic.every((byte, index) => head[index] === byte);
  if (starts(0x1f, 0x8b)) return createGunzip();
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return createZstdDecompress();
  if (mediaType.endsWith('+zstd')) return createZstdDecompress();
  if (/gzip$/.test(mediaType)) return createGunzip();
  return undefined;
}

async function* joined(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Keeps wanted files; names are keys of a map and never become paths. */
function collector(wanted: FileFilter, files: Map<string, Uint8Array>) {
  let kept = 0;
  const tar = extract();
  tar.on('entry', (header, stream, next) => {
    const name = header.name.replace(/^(?:\.?\/)+/, '');
    const size = header.size ?? 0;
    if (header.type !== 'file' || !wanted(name, size)) {
      stream.on('end', next);
      stream.resume();
      return;
    }
    kept += size;
    if (size > maxPayloadFileBytes || kept > maxKeptBytes) {
      next(new ContentError('TOO_LARGE', `The payload file ${name} has ${size} bytes.`));
      return;
    }
    const chunks: Uint8Array[] = [];
    stream.on('data', (chunk) => chunks.push(chunk as Uint8Array));
    stream.on('end', () => {
      files.set(name, Buffer.concat(chunks));
      next();
    });
  });
  return tar;
}

/**
 * Reads files out of a layer as it streams by, to the layer's end: only there its digest is proved.
 *
 * Memory: the files that `wanted` keeps, at most 64 MiB.
 * @throws ContentError `PAYLOAD_INVALID` when the layer is no (compressed) tar, `TOO_LARGE`; whatever `bytes` throws.
 */
export async function readLayerFiles(
  bytes: AsyncIterable<Uint8Array>,
  mediaType: string,
  wanted: FileFilter,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  const files = new Map<string, Uint8Array>();
  if (first.done) return files;
  const source = Readable.from(joined(first.value, iterator), { objectMode: false });
  const tar = collector(wanted, files);
  const unpack = decompressor(mediaType, first.value);
  try {
    await (unpack ? pipeline(source, unpack, tar) : pipeline(source, tar));
    // A compressed stream may end before the blob does; what proves the digest comes last.
    for (let rest = await iterator.next(); !rest.done; rest = await iterator.next());
  } catch (cause) {
    if (cause instanceof MirrorError) throw cause;
    throw new ContentError('PAYLOAD_INVALID', `A layer cannot be unpacked: ${messageOf(cause)}`, {
      cause,
    });
  }
  return files;
}
