import { crc32, inflateRawSync } from 'node:zlib';

/** The place and number of the list at the end: of ZIP64 where there is one. */
function findList(bytes: Buffer): readonly [count: number, at: number] {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  // Packed bytes may look like the mark of a ZIP64 list, so only the locator before the end counts.
  if (end >= 20 && bytes.readUInt32LE(end - 20) === 0x0706_4b50) {
    const far = Number(bytes.readBigUInt64LE(end - 12));
    return [Number(bytes.readBigUInt64LE(far + 32)), Number(bytes.readBigUInt64LE(far + 48))];
  }
  return [bytes.readUInt16LE(end + 10), bytes.readUInt32LE(end + 16)];
}

/** Reads a whole zip archive by its list at the end, and checks each entry; names and contents. */
export function readZip(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const [count, list] = findList(bytes);
  const files = new Map<string, Buffer>();
  for (let index = 0, at = list; index < count; index += 1) {
    const [method, crc] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16)];
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    let field = nameEnd + 4;
    const [size, packed, offset] = [24, 20, 42].map((place) => {
      const near = bytes.readUInt32LE(at + place);
      if (near !== 0xffff_ffff) return near;
      field += 8;
      return Number(bytes.readBigUInt64LE(field - 8));
    }) as [number, number, number];
    const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
    const content = bytes.subarray(start, start + packed);
    const plain = method === 8 ? inflateRawSync(content) : content;
    const name = bytes.subarray(at + 46, nameEnd).toString('utf8');
    if (plain.byteLength !== size || crc32(plain) !== crc) throw new Error(`${name} is damaged`);
    files.set(name, plain);
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}
