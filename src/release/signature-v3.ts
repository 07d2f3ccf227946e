import { createPublicKey, verify } from 'node:crypto';
import { inflateRawSync, inflateSync } from 'node:zlib';

/** A signature of the third version, and what it signs. */
export interface OldSignature {
  /** Upper-case hex, 16 digits. */
  readonly keyId: string;
  /** The signed text, not to be believed before {@link verifyOldSignature} said so. */
  readonly text: Uint8Array;
  readonly hash: string;
  /** What is digested: the text, the kind of signature and its time. */
  readonly signedBytes: Uint8Array;
  readonly value: Uint8Array;
}

interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** RSA in its three variants; releases are signed with nothing else. */
const rsaAlgorithms = [1, 3];

/** Hashes that may be trusted, by their number in OpenPGP. */
const hashes: Readonly<Record<number, string>> = { 8: 'sha256', 9: 'sha384', 10: 'sha512' };

/** The most that a compressed message may unpack to, in bytes. */
const maxMessageBytes = 1024 * 1024;

/** Gives the start and length of a packet's body; a length of -1 reaches to the end. */
function bodyOf(bytes: Buffer, at: number): { tag: number; start: number; length: number } {
  const head = bytes.readUInt8(at);
  if ((head & 0x40) === 0) {
    const tag = (head >> 2) & 0x0f;
    const size = 1 << (head & 3);
    if (size === 8) return { tag, start: at + 1, length: -1 };
    return { tag, start: at + 1 + size, length: bytes.readUIntBE(at + 1, size) };
  }
  const tag = head & 0x3f;
  const first = bytes.readUInt8(at + 1);
  if (first < 192) return { tag, start: at + 2, length: first };
  if (first < 224) {
    return { tag, start: at + 3, length: ((first - 192) << 8) + bytes.readUInt8(at + 2) + 192 };
  }
  if (first === 255) return { tag, start: at + 6, length: bytes.readUInt32BE(at + 2) };
  throw new RangeError('partial lengths do not occur in such messages');
}

function* packets(bytes: Buffer): Generator<Packet> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { tag, start, length } = bodyOf(bytes, at);
    const end = length < 0 ? bytes.byteLength : start + length;
    if (end > bytes.byteLength) throw new RangeError('a packet is cut off');
    yield { tag, body: bytes.subarray(start, end) };
    at = end;
  }
}

function unpacked(bytes: Uint8Array): readonly Packet[] {
  const found = [...packets(Buffer.from(bytes))];
  const [first] = found;
  if (first?.tag !== 8) return found;
  const options = { maxOutputLength: maxMessageBytes };
  const [algorithm] = first.body;
  const inner = first.body.subarray(1);
  if (algorithm === 1) return [...packets(inflateRawSync(inner, options))];
  if (algorithm === 2) return [...packets(inflateSync(inner, options))];
  return algorithm === 0 ? [...packets(Buffer.from(inner))] : [];
}

function literalText(body: Uint8Array): Uint8Array {
  // Format, length of the file name, name, four bytes of time.
  return body.subarray(2 + (body[1] ?? 0) + 4);
}

function readSignature(body: Buffer, text: Uint8Array): OldSignature | undefined {
  const [version, hashedLength] = body;
  const hash = hashes[body[16] ?? 0];
  if (version !== 3 || hashedLength !== 5 || !hash) return undefined;
  if (!rsaAlgorithms.includes(body[15] ?? 0)) return undefined;
  const length = Math.ceil(body.readUInt16BE(19) / 8);
  return {
    keyId: body.toString('hex', 7, 15).toUpperCase(),
    text,
    hash,
    signedBytes: Buffer.concat([text, body.subarray(2, 7)]),
    value: body.subarray(21, 21 + length),
  };
}

/**
 * Finds a signature of OpenPGP's third version in a signed message; `undefined` when there is none.
 *
 * Releases up to 4.11 were signed so, and current libraries no longer read them.
 * @see RFC 4880, 5.2.2
 */
export function readOldSignature(message: Uint8Array): OldSignature | undefined {
  try {
    const found = unpacked(message);
    const literal = found.find(({ tag }) => tag === 11);
    const signature = found.find(({ tag }) => tag === 2);
    if (!literal || !signature) return undefined;
    return readSignature(Buffer.from(signature.body), literalText(literal.body));
  } catch {
    return undefined;
  }
}

/** Tells whether a signature was made with the RSA key of these numbers. */
export function verifyOldSignature(
  signature: OldSignature,
  rsa: { readonly n: Uint8Array; readonly e: Uint8Array },
): boolean {
  const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const jwk = { kty: 'RSA', n: encode(rsa.n), e: encode(rsa.e) };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  // OpenPGP drops leading zeros, RSA wants them.
  const value = Buffer.alloc(rsa.n.byteLength);
  value.set(
    signature.value.subarray(0, value.byteLength),
    Math.max(0, value.byteLength - signature.value.byteLength),
  );
  return verify(signature.hash, signature.signedBytes, key, value);
}
