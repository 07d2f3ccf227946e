/** A header of a tar as it stands there: fields may hold what no writer would write. */
export interface RawHeader {
  readonly name: string;
  readonly type?: string;
  /** Bytes of the size field, or a number to write there in octal. */
  readonly size?: number | Uint8Array;
  readonly link?: string;
  readonly magic?: string;
  readonly checksum?: string;
}

const block = 512;

/** Makes one header. */
export function rawHeader({ name, type = '0', size = 0, link = '', ...rest }: RawHeader): Buffer {
  const header = Buffer.alloc(block);
  header.write(name, 0, 100);
  for (const at of [100, 108, 116]) header.write('0000000\0', at);
  if (typeof size === 'number') header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  else header.set(size, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write(rest.magic ?? 'ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(rest.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Makes an entry: its header and its content, filled up to a whole block. */
export function rawEntry(header: RawHeader, content = ''): Buffer {
  const bytes = Buffer.from(content);
  const padding = Buffer.alloc((block - (bytes.byteLength % block)) % block);
  return Buffer.concat([rawHeader({ size: bytes.byteLength, ...header }), bytes, padding]);
}

/** Makes a record of an extended header. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (String(length).length + Buffer.byteLength(rest) !== length) {
    length = String(length).length + Buffer.byteLength(rest);
  }
  return `${length}${rest}`;
}

/** The two empty blocks at an archive's end. */
export const tarEnd = Buffer.alloc(2 * block);
