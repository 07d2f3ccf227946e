/** One value of a DER encoding. */
export interface DerValue {
  /** Its first byte: class, form and number. */
  readonly tag: number;
  readonly body: Buffer;
  /** The whole encoding, tag and length included. */
  readonly raw: Buffer;
}

/** Tags of the values that are looked for in certificates. @see X.690 */
export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  utf8: 0x0c,
} as const;

function readLength(
  bytes: Buffer,
  at: number,
): { readonly length: number; readonly start: number } {
  const first = bytes.readUInt8(at);
  if (first < 0x80) return { length: first, start: at + 1 };
  const size = first & 0x7f;
  if (size < 1 || size > 4) throw new RangeError('a length is out of range');
  return { length: bytes.readUIntBE(at + 1, size), start: at + 1 + size };
}

/**
 * Reads the values that stand one behind the other.
 * @throws RangeError when they are cut off
 */
export function derValues(bytes: Buffer): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    const tag = bytes.readUInt8(at);
    if ((tag & 0x1f) === 0x1f) throw new RangeError('a tag is out of range');
    const { length, start } = readLength(bytes, at + 1);
    const end = start + length;
    if (end > bytes.byteLength) throw new RangeError('a value is cut off');
    values.push({ tag, body: bytes.subarray(start, end), raw: bytes.subarray(at, end) });
    at = end;
  }
  return values;
}

/** Writes an object identifier with its dots. */
export function oidText(body: Buffer): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of body) {
    number = number * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    numbers.push(number);
    number = 0;
  }
  const [first = 0, ...rest] = numbers;
  const arc = Math.min(2, Math.floor(first / 40));
  return [arc, first - arc * 40, ...rest].join('.');
}
