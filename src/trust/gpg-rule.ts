import type { Key, KeyID } from 'openpgp';
import { checkLimit } from '../base/index.ts';
import { ContentError, messageOf } from '../errors.ts';
import { trustLimits } from './limits.ts';
import { readSignedMessage, type SignedMessage } from './openpgp-message.ts';
import { keyIdText, readOldSignature, verifyOldSignature } from './openpgp-v3.ts';
import { unusable } from './pem.ts';
import type { SignedBy } from './requirement.ts';
import { checkSignedText, type SignedImage, signedTextTypes } from './signed-text.ts';
import type { KeyReader } from './sigstore-rule.ts';

/** Inserts the blank line between armor headers and key; some published files lack it. */
function withBlankLine(armored: string): string {
  return armored.replaceAll(/^(-----BEGIN [A-Z ]+-----)\r?\n(?=[A-Za-z0-9+/]{20})/gm, '$1\n\n');
}

const armorBegin = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const armorEnd = '-----END PGP PUBLIC KEY BLOCK-----';

/**
 * Splits a text into armored blocks of OpenPGP: the library reads only the first one. A text without blocks is given whole.
 * @throws ContentError `TOO_LARGE`
 */
export function armoredBlocks(armored: string): readonly string[] {
  checkLimit('A text of OpenPGP keys', armored.length, trustLimits.openPgpKeys);
  const blocks: string[] = [];
  for (let at = armored.indexOf(armorBegin); at >= 0; ) {
    const end = armored.indexOf(armorEnd, at);
    const behind = end < 0 ? armored.length : end + armorEnd.length;
    blocks.push(armored.slice(at, behind));
    at = armored.indexOf(armorBegin, behind);
  }
  return (blocks.length > 0 ? blocks : [armored]).map(withBlankLine);
}

/** OpenPGP keys of a requirement. */
export type GpgTrust = readonly Key[];

async function readKeys(bytes: Uint8Array): Promise<readonly Key[]> {
  const openpgp = await import('openpgp');
  // The first bit of a packet is always set, the first bit of a text never.
  const isBinary = ((bytes[0] ?? 0) & 0x80) !== 0;
  try {
    if (isBinary) return await openpgp.readKeys({ binaryKeys: bytes });
    const blocks = armoredBlocks(Buffer.from(bytes).toString());
    const keys = blocks.map((armoredKeys) => openpgp.readKeys({ armoredKeys }));
    return (await Promise.all(keys)).flat();
  } catch (cause) {
    throw cause instanceof ContentError
      ? cause
      : unusable(`a key cannot be read (${messageOf(cause)})`);
  }
}

/**
 * Reads the keys of a requirement.
 * @throws ContentError `SIGNATURE_INVALID`; any error of `read`
 */
export async function readGpgTrust(
  { keyType, keys }: SignedBy,
  read: KeyReader,
): Promise<GpgTrust> {
  if (keyType !== 'GPGKeys') throw unusable(`no signature counts by the keyType ${keyType}`);
  const found = (await Promise.all((await read(keys)).map(readKeys))).flat();
  if (found.length > 0) return found;
  throw unusable('the policy names no key');
}

function unknownKey(keyId: string): ContentError {
  return unusable(`the key ${keyId} that signed is none of the policy's`);
}

/** Refuses a key that has expired or was revoked by now, even if it signed before. Containers ask gpg, which does the same. */
async function checkKey(key: Key, id: KeyID, now: Date): Promise<void> {
  try {
    await key.verifyPrimaryKey(now);
    await key.getSigningKey(id, now);
  } catch (cause) {
    throw unusable(`the key ${keyIdText(id)} that signed may not sign (${messageOf(cause)})`);
  }
}

async function verifyOld(message: SignedMessage, trust: GpgTrust, now: Date) {
  const old = readOldSignature(message);
  if (!old) return undefined;
  const signer = verifyOldSignature(old, trust);
  if (!signer) throw unknownKey(old.keyId);
  if (!signer.isRight) throw unusable('the signature is not of this text');
  await checkKey(signer.key, signer.part.getKeyID(), now);
  return old.text;
}

async function verifyCurrent(
  { bytes }: SignedMessage,
  trust: GpgTrust,
  now: Date,
): Promise<Uint8Array> {
  const openpgp = await import('openpgp');
  const message = await openpgp.readMessage({ binaryMessage: bytes });
  const verificationKeys = [...trust];
  const { data, signatures } = await openpgp.verify({
    message,
    verificationKeys,
    format: 'binary',
    date: now,
  });
  const [signature, ...others] = signatures;
  if (!signature) throw unusable('the message is not signed');
  if (others.length > 0) throw unusable('the message has more than one signature');
  const signer = trust.find((key) => key.getKeys(signature.keyID).length > 0);
  if (!signer) throw unknownKey(keyIdText(signature.keyID));
  await signature.verified;
  await checkKey(signer, signature.keyID, now);
  return data;
}

/** Verifies a signature, and gives the text that it signs. @throws ContentError `SIGNATURE_INVALID`, `TOO_LARGE` */
async function signedTextOf(
  signature: Uint8Array,
  trust: GpgTrust,
  now: Date,
): Promise<Uint8Array> {
  try {
    const message = readSignedMessage(signature, 'The signature of an image');
    return (await verifyOld(message, trust, now)) ?? (await verifyCurrent(message, trust, now));
  } catch (cause) {
    throw cause instanceof ContentError
      ? cause
      : unusable(`the signature does not count (${messageOf(cause)})`);
  }
}

/**
 * Refuses an OpenPGP signature that does not meet a requirement.
 *
 * The key has to be valid `now`, as gpg wants it.
 * @throws ContentError `SIGNATURE_INVALID` with the reason, `TOO_LARGE`
 * @see containers-signature(5)
 */
export async function checkGpgSignature(
  signature: Uint8Array,
  trust: GpgTrust,
  facts: { readonly requirement: SignedBy; readonly image: SignedImage; readonly now: Date },
): Promise<void> {
  const { image, requirement, now } = facts;
  const text = await signedTextOf(signature, trust, now);
  checkSignedText(text, signedTextTypes.openPgp, { image, identity: requirement.identity });
}
