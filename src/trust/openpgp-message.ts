import { inflateRawSync, inflateSync } from 'node:zlib';
import { checkLimit, overLimit } from '../base/index.ts';
import { trustLimits } from './limits.ts';

/** One packet of an OpenPGP message. */
export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/** A signed message, decompressed. */
export interface SignedMessage {
  readonly bytes: Uint8Array;
  readonly packets: readonly Packet[];
}

/** Numbers of packets in OpenPGP. @see RFC 9580, 5 */
export const packetTags = {
  signature: 2,
  onePass: 4,
  compressed: 8,
  marker: 10,
  literal: 11,
  padding: 21,
} as const;

const signedTags: ReadonlySet<number> = new Set([
  packetTags.signature,
  packetTags.onePass,
  packetTags.marker,
  packetTags.literal,
  packetTags.padding,
]);

/** A piece of a packet's body; a partial piece has a successor. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly isPartial: boolean;
}

function newPiece(bytes: Buffer, at: number): Piece {
  const first = bytes.readUInt8(at);
  const piece = (lengthBytes: number, length: number, isPartial = false): Piece => ({
    start: at + lengthBytes,
    end: at + lengthBytes + length,
    isPartial,
  });
  if (first < 192) return piece(1, first);
  if (first < 224) return piece(2, ((first - 192) << 8) + bytes.readUInt8(at + 1) + 192);
  if (first === 255) return piece(5, bytes.readUInt32BE(at + 1));
  return piece(1, 2 ** (first & 0x1f), true);
}

function oldPiece(bytes: Buffer, at: number): Piece {
  const size = 2 ** (bytes.readUInt8(at) & 3);
  // A packet without a length reaches to the end.
  if (size === 8) return { start: at + 1, end: bytes.byteLength, isPartial: false };
  const start = at + 1 + size;
  return { start, end: start + bytes.readUIntBE(at + 1, size), isPartial: false };
}

function* packetsOf(bytes: Buffer, what: string): Generator<Packet> {
  for (let at = 0, pieces = 0; at < bytes.byteLength; ) {
    const head = bytes.readUInt8(at);
    if ((head & 0x80) === 0) throw new RangeError('it is no OpenPGP message');
    const isNew = (head & 0x40) !== 0;
    const body: Buffer[] = [];
    let piece = isNew ? newPiece(bytes, at + 1) : oldPiece(bytes, at);
    for (;;) {
      pieces += 1;
      checkLimit(what, pieces, trustLimits.openPgpPackets);
      if (piece.end > bytes.byteLength) throw new RangeError('a packet is cut off');
      body.push(bytes.subarray(piece.start, piece.end));
      at = piece.end;
      if (!piece.isPartial) break;
      piece = newPiece(bytes, at);
    }
    yield { tag: isNew ? head & 0x3f : (head >> 2) & 0x0f, body: Buffer.concat(body) };
  }
}

function inflated({ body }: Packet, what: string): Buffer {
  const [algorithm] = body;
  const inner = body.subarray(1);
  const options = { maxOutputLength: trustLimits.openPgpText.most };
  try {
    if (algorithm === 1) return inflateRawSync(inner, options);
    if (algorithm === 2) return inflateSync(inner, options);
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? overLimit(what, trustLimits.openPgpText) : cause;
  }
  if (algorithm === 0) return inner;
  throw new RangeError(`it is compressed in a way (${algorithm}) that no signature is`);
}

/**
 * Reads the packets of a signed message and decompresses it once: the library that verifies it has no limits.
 * @throws RangeError whose message gives the reason if it is no signed message; ContentError `TOO_LARGE`, naming `what`.
 * @see RFC 9580, 4.2 and 5.6
 */
export function readSignedMessage(signature: Uint8Array, what: string): SignedMessage {
  checkLimit(what, signature.byteLength, trustLimits.openPgpMessage);
  const outer = Buffer.from(signature);
  const found = [...packetsOf(outer, what)];
  const [first] = found;
  const isPacked = first?.tag === packetTags.compressed;
  const bytes = first && isPacked ? inflated(first, what) : outer;
  const packets = isPacked ? [...packetsOf(bytes, what)] : found;
  const stray = packets.find(({ tag }) => !signedTags.has(tag));
  if (stray)
    throw new RangeError(`it has a packet of kind ${stray.tag}, which no signed message has`);
  return { bytes, packets };
}
