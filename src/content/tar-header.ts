/** Bytes of a block: a header is one block, contents are filled up to a whole block. */
export const blockBytes = 512;

/** One header as it stands in an archive. */
export interface TarHeader {
  readonly name: string;
  readonly linkName: string;
  readonly size: number;
  /** One character; NUL and `0` are files. */
  readonly type: string;
  /** Whether more blocks of a sparse file's map follow. */
  readonly hasSparseBlocks: boolean;
}

const fields = {
  name: [0, 100],
  size: [124, 12],
  checksum: [148, 8],
  linkName: [157, 100],
  magic: [257, 6],
  prefix: [345, 155],
} as const;
const typeAt = 156;
const sparseFlagAt = 482;

type Field = (typeof fields)[keyof typeof fields];

function bytesOf(block: Buffer, [start, length]: Field): Buffer {
  return block.subarray(start, start + length);
}

/** Gives a text up to its first NUL. */
export function textBeforeNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.byteLength : end);
}

/** Reads a number in base 256: the first bit marks it, the second is its sign. */
function binaryNumber(bytes: Buffer): number {
  const [first = 0, ...rest] = bytes;
  if ((first & 0x40) !== 0) throw new Error('a header has a negative number');
  return rest.reduce((sum, byte) => sum * 256 + byte, first & 0x3f);
}

function numberOf(block: Buffer, field: Field): number {
  const bytes = bytesOf(block, field);
  if (((bytes[0] ?? 0) & 0x80) !== 0) return binaryNumber(bytes);
  const text =
    bytes
      .toString('latin1')
      .replace(/^[ \0]+/, '')
      .split(/[ \0]/, 1)[0] ?? '';
  if (!/^[0-7]*$/.test(text)) throw new Error('a header has a number that is none');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

/** Tells whether a header has its checksum; old writers added its bytes as signed numbers. */
function isChecked(block: Buffer): boolean {
  const [start, length] = fields.checksum;
  const given = numberOf(block, fields.checksum);
  let unsigned = length * 0x20;
  let signed = unsigned;
  for (const [at, byte] of block.entries()) {
    if (at >= start && at < start + length) continue;
    unsigned += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  return given === unsigned || given === signed;
}

/** Tells whether a block ends an archive. */
export function isEmptyBlock(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

/** Reads a header. @throws Error whose message says what is wrong with it. */
export function readHeader(block: Buffer): TarHeader {
  if (block.byteLength < blockBytes) throw new Error('a header is cut off');
  if (!isChecked(block)) throw new Error('a header does not have its checksum: this is no tar');
  const magic = bytesOf(block, fields.magic).toString('latin1');
  const prefix = magic === 'ustar\0' ? textBeforeNul(bytesOf(block, fields.prefix)) : '';
  const name = textBeforeNul(bytesOf(block, fields.name));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: textBeforeNul(bytesOf(block, fields.linkName)),
    size: numberOf(block, fields.size),
    type: String.fromCharCode(block[typeAt] ?? 0),
    hasSparseBlocks: block[sparseFlagAt] !== 0,
  };
}

/**
 * Reads the records of an extended header.
 * @throws Error when they are malformed.
 * @see POSIX.1-2017, pax, "pax Extended Header"
 */
export function readRecords(bytes: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.byteLength; ) {
    const blank = bytes.indexOf(0x20, at);
    const digits = blank < 0 || blank - at > 10 ? '' : bytes.toString('latin1', at, blank);
    const end = at + Number(digits);
    const equals = bytes.indexOf(0x3d, blank);
    const isRecord =
      /^[1-9]\d*$/.test(digits) && end <= bytes.byteLength && bytes[end - 1] === 0x0a;
    if (!isRecord || equals < 0 || equals >= end)
      throw new Error('an extended header is malformed');
    records.set(
      bytes.toString('utf8', blank + 1, equals),
      bytes.toString('utf8', equals + 1, end - 1),
    );
    at = end;
  }
  return records;
}
