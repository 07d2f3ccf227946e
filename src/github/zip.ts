import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { constants, crc32, createDeflateRaw } from 'node:zlib';

/** A file of an archive. */
export interface ZipEntry {
  /** Its path in the archive, with `/`. */
  readonly name: string;
  readonly path: string;
}

/** How the entries are stored: `deflated`, or as they are because they are compressed already. */
export type ZipMethod = 'deflated' | 'stored';

/** The facts of an entry that is written. */
interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly size: number;
  readonly packed: number;
  readonly offset: number;
}

const needed = 45; // version 4.5 of the format: sizes of 64 bits
const flags = 0x0808; // sizes follow the content; names are UTF-8
const methods = { stored: 0, deflated: 8 } as const;
const day = 0x0021; // 1980-01-01: the same files give the same archive
const far = 0xffff_ffff; // the real number stands in the extra field

/** Writes numbers of 2, 4 and 8 bytes, little end first. */
function record(...fields: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Buffer {
  return Buffer.concat(
    fields.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes);
      if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value));
      else buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}

function localHeader(name: Buffer, method: ZipMethod): Buffer {
  const extra = record([2, 1], [2, 16], [8, 0], [8, 0]);
  const head = record(
    [4, 0x0403_4b50],
    [2, needed],
    [2, flags],
    [2, methods[method]],
    [2, 0],
    [2, day],
    [4, 0],
    [4, far],
    [4, far],
    [2, name.byteLength],
    [2, extra.byteLength],
  );
  return Buffer.concat([head, name, extra]);
}

function centralHeader({ name, crc, size, packed, offset }: Written, method: ZipMethod): Buffer {
  const extra = record([2, 1], [2, 24], [8, size], [8, packed], [8, offset]);
  const head = record(
    [4, 0x0201_4b50],
    [2, needed],
    [2, needed],
    [2, flags],
    [2, methods[method]],
    [2, 0],
    [2, day],
    [4, crc],
    [4, far],
    [4, far],
    [2, name.byteLength],
    [2, extra.byteLength],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, far],
  );
  return Buffer.concat([head, name, extra]);
}

function endOf(entries: number, bytes: number, offset: number): Buffer {
  const end = record([4, 0x0606_4b50], [8, 44], [2, needed], [2, needed], [4, 0], [4, 0]);
  const counts = record([8, entries], [8, entries], [8, bytes], [8, offset]);
  const locator = record([4, 0x0706_4b50], [4, 0], [8, offset + bytes], [4, 1]);
  const old = record(
    [4, 0x0605_4b50],
    [2, 0],
    [2, 0],
    [2, 0xffff],
    [2, 0xffff],
    [4, far],
    [4, far],
  );
  return Buffer.concat([end, counts, locator, old, record([2, 0])]);
}

/** Reads the content of an entry, counts it, and packs it. */
async function* contentOf(
  path: string,
  method: ZipMethod,
  counted: { crc: number; size: number },
): AsyncGenerator<Buffer> {
  const source = createReadStream(path);
  const count = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      counted.crc = crc32(chunk, counted.crc);
      counted.size += chunk.byteLength;
      yield chunk;
    }
  };
  if (method === 'stored') return yield* count();
  const deflate = createDeflateRaw({ level: constants.Z_DEFAULT_COMPRESSION });
  // A failure of the source destroys the packer, and so ends the loop below.
  pipeline(count, deflate, () => undefined);
  yield* deflate as AsyncIterable<Buffer>;
}

/**
 * Writes a zip archive of files, one chunk after the other; nothing is held but a chunk and the names.
 * Sizes are those of ZIP64, because an archive may be larger than 4 GiB.
 */
export async function* zipOf(
  entries: readonly ZipEntry[],
  method: ZipMethod,
): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let at = 0;
  const passed = (chunk: Buffer): Buffer => {
    at += chunk.byteLength;
    return chunk;
  };
  for (const { name: text, path } of entries) {
    const [name, offset, counted] = [Buffer.from(text), at, { crc: 0, size: 0 }];
    yield passed(localHeader(name, method));
    const start = at;
    for await (const chunk of contentOf(path, method, counted)) yield passed(chunk);
    const facts = { ...counted, packed: at - start };
    yield passed(record([4, 0x0807_4b50], [4, facts.crc], [8, facts.packed], [8, facts.size]));
    written.push({ name, offset, ...facts });
  }
  const offset = at;
  for (const one of written) yield passed(centralHeader(one, method));
  yield endOf(written.length, at - offset, offset);
}
