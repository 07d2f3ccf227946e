import { createPublicKey, verify } from 'node:crypto';
import type { Key, KeyID } from 'openpgp';
import { packetTags, type SignedMessage } from './openpgp-message.ts';

/** A signature of OpenPGP's third version with the text that it signs. */
export interface OldSignature {
  /** Upper-case hex, 16 digits. */
  readonly keyId: string;
  /** The signed text; do not trust it before {@link verifyOldSignature} says that it is right. */
  readonly text: Uint8Array;
  readonly hash: string;
  /** The hashed bytes: the text, the kind of signature and its time. */
  readonly signedBytes: Uint8Array;
  readonly value: Uint8Array;
}

/** Writes the identifier of a key as messages show it: in upper-case hex. */
export function keyIdText(id: KeyID): string {
  return id.toHex().toUpperCase();
}

/** RSA, the only algorithm of such signatures. */
const rsaAlgorithms = [1, 3];

/** Trusted hashes by their number in OpenPGP. */
const hashes: Readonly<Record<number, string>> = { 8: 'sha256', 9: 'sha384', 10: 'sha512' };

function literalText(body: Uint8Array): Uint8Array {
  // Format, length of the file name, name, four bytes of time.
  return body.subarray(2 + (body[1] ?? 0) + 4);
}

function readSignature(body: Buffer, text: Uint8Array): OldSignature | undefined {
  const [version, hashedLength] = body;
  const hash = hashes[body[16] ?? 0];
  if (version !== 3 || hashedLength !== 5 || !hash || body.byteLength < 21) return undefined;
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
 * Finds a signature of OpenPGP's third version in a signed message; `undefined` if there is none.
 *
 * Releases up to 4.11 have such signatures, and current libraries no longer read them.
 * @see RFC 4880, 5.2.2
 */
export function readOldSignature({ packets }: SignedMessage): OldSignature | undefined {
  const [literal, ...others] = packets.filter(({ tag }) => tag === packetTags.literal);
  if (!literal || others.length > 0) return undefined;
  const text = literalText(literal.body);
  for (const { tag, body } of packets) {
    const found = tag === packetTags.signature ? readSignature(body, text) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Tells whether a signature was made with the RSA key of these numbers. */
function isMadeWith(signature: OldSignature, n: Uint8Array, e: Uint8Array): boolean {
  const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  const key = createPublicKey({ key: { kty: 'RSA', n: encode(n), e: encode(e) }, format: 'jwk' });
  // OpenPGP drops leading zeros, RSA wants them.
  const value = Buffer.alloc(n.byteLength);
  value.set(
    signature.value.subarray(0, value.byteLength),
    Math.max(0, value.byteLength - signature.value.byteLength),
  );
  return verify(signature.hash, signature.signedBytes, key, value);
}

/** A key that a signature names, and the part of it that signed. */
export interface OldSigner {
  readonly key: Key;
  readonly part: ReturnType<Key['getKeys']>[number];
  /** Whether the key really made the signature. */
  readonly isRight: boolean;
}

/** Verifies a signature of the third version with the first RSA key that it names; `undefined` if there is no such key. */
export function verifyOldSignature(
  signature: OldSignature,
  keys: readonly Key[],
): OldSigner | undefined {
  for (const key of keys) {
    const part = key.getKeys().find((one) => keyIdText(one.getKeyID()) === signature.keyId);
    const { n, e } = Object(part?.keyPacket.publicParams);
    if (part && n instanceof Uint8Array && e instanceof Uint8Array) {
      return { key, part, isRight: isMadeWith(signature, n, e) };
    }
  }
  return undefined;
}
