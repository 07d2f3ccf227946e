import type { Key } from 'openpgp';
import { asObject, type JsonObject, parseJson, textOrEmpty } from '../base/index.ts';
import { ContentError, type ErrorDetails, messageOf } from '../errors.ts';
import { type Digest, hexOf, parseReference, type Reference } from '../oci/index.ts';
import {
  armoredBlocks,
  type OldSignature,
  readOldSignature,
  readSignedMessage,
  type SignedMessage,
  verifyOldSignature,
} from '../trust/index.ts';

/** A verified statement: this digest is that release. */
export interface SignedRelease {
  readonly digest: Digest;
  /** The reference that was signed, with a tag: `quay.io/openshift-release-dev/ocp-release:4.16.5-x86_64`. */
  readonly reference: Reference & { readonly tag: string };
  /** Fingerprint of the key that signed, upper-case hex. */
  readonly fingerprint: string;
}

/** Keys that may sign releases. */
export interface Keyring {
  readonly armored: readonly string[];
  /** If set, only keys with one of these fingerprints count. */
  readonly fingerprints?: ReadonlySet<string>;
}

type OpenPgp = typeof import('openpgp');

function broken(digest: Digest, what: string, details: ErrorDetails = {}) {
  return new ContentError('SIGNATURE_INVALID', `${what} for ${hexOf(digest)}`, details);
}

async function readKeys(openpgp: OpenPgp, ring: Keyring): Promise<readonly Key[]> {
  const blocks = await Promise.all(
    ring.armored.flatMap(armoredBlocks).map(async (armoredKeys) => {
      try {
        return await openpgp.readKeys({ armoredKeys });
      } catch (cause) {
        const message = `A release key cannot be read: ${messageOf(cause)}`;
        throw new ContentError('SIGNATURE_INVALID', message, { cause });
      }
    }),
  );
  const pinned = ring.fingerprints;
  const keys = blocks.flat();
  return pinned ? keys.filter((key) => pinned.has(fingerprintOf(key))) : keys;
}

function readStatement(digest: Digest, bytes: Uint8Array): SignedRelease['reference'] {
  let critical: JsonObject;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    critical = asObject(asObject(parseJson(text, 'The signed message'))['critical']);
  } catch (cause) {
    throw broken(digest, 'unmarshal json', { cause });
  }
  const signed = asObject(critical['image'])['docker-manifest-digest'];
  if (critical['type'] !== 'atomic container signature') {
    throw broken(digest, 'the signed message is no "atomic container signature"');
  }
  if (signed !== digest) {
    const message = `the signature is of another image than ${hexOf(digest)}`;
    const actual = textOrEmpty(signed).slice(0, 100);
    throw new ContentError('SIGNATURE_INVALID', message, { expected: digest, actual });
  }
  const reference = parseReference(textOrEmpty(asObject(critical['identity'])['docker-reference']));
  if (reference.tag === undefined) throw broken(digest, 'the signed reference has no tag');
  return { ...reference, tag: reference.tag };
}

type KeyId = Parameters<Key['getKeys']>[0];

function fingerprintOf(key: Key): string {
  return key.getFingerprint().toUpperCase();
}

/**
 * Verifies a release signature: a signed OpenPGP message that names the release of a digest.
 *
 * The message is read to its end before its signature counts; the digest inside must be `digest`. Expired keys and signatures
 * are accepted, as in oc-mirror: releases outlive keys.
 * @throws ContentError `SIGNATURE_INVALID` for unreadable or unsigned messages, unknown keys, altered bodies and other
 *   digests; `TOO_LARGE` for a message past the limits, before it is decompressed; ConfigError `REFERENCE_INVALID` if the signed
 *   reference is invalid.
 * @see containers/image, "atomic signature" format
 */
export async function verifySignature(
  digest: Digest,
  signature: Uint8Array,
  ring: Keyring,
): Promise<SignedRelease> {
  // Load the library only if there is something to verify.
  const openpgp = await import('openpgp');
  const keys = await readKeys(openpgp, ring);
  const message = readMessage(digest, signature);
  const old = readOldSignature(message);
  const { text, fingerprint } = old
    ? verifyOld(digest, old, keys)
    : await verifyCurrent(digest, { openpgp, keys, signed: message });
  return { digest, reference: readStatement(digest, text), fingerprint };
}

function unreadableMessage(digest: Digest, cause: unknown): ContentError {
  return broken(digest, `unable to read signature message (${messageOf(cause)})`, { cause });
}

function readMessage(digest: Digest, signature: Uint8Array): SignedMessage {
  try {
    return readSignedMessage(signature, `The signature of ${digest}`);
  } catch (cause) {
    throw cause instanceof ContentError ? cause : unreadableMessage(digest, cause);
  }
}

type Verified = Pick<SignedRelease, 'fingerprint'> & { readonly text: Uint8Array };

function unknownKey(digest: Digest, keyId: string): ContentError {
  return broken(digest, `invalid signature (no known key ${keyId})`, {
    hint: 'If you trust the key, name a file that holds it in the variable OCP_SIGNATURE_VERIFICATION_PK.',
  });
}

function verifyOld(digest: Digest, old: OldSignature, keys: readonly Key[]): Verified {
  const signer = verifyOldSignature(old, keys);
  if (!signer) throw unknownKey(digest, old.keyId);
  if (!signer.isRight) throw broken(digest, 'signature error');
  return { text: old.text, fingerprint: fingerprintOf(signer.key) };
}

async function verifyCurrent(
  digest: Digest,
  given: {
    readonly openpgp: OpenPgp;
    readonly keys: readonly Key[];
    readonly signed: SignedMessage;
  },
): Promise<Verified> {
  const { openpgp, keys, signed } = given;
  const unreadable = (cause: unknown): never => {
    throw unreadableMessage(digest, cause);
  };
  const message = await openpgp.readMessage({ binaryMessage: signed.bytes }).catch(unreadable);
  // The library takes null for "at any time"; its types only know dates.
  const date = null as unknown as Date;
  const verified = await openpgp
    .verify({ message, verificationKeys: [...keys], format: 'binary', date })
    .catch(unreadable);
  const fingerprint = await trustedSigner(digest, verified.signatures, keys);
  return { text: verified.data, fingerprint };
}

type Signatures = readonly {
  readonly keyID: KeyId & { toHex(): string };
  readonly verified: Promise<true>;
}[];

/** Gives the fingerprint of the first key with a valid signature. */
async function trustedSigner(
  digest: Digest,
  signatures: Signatures,
  keys: readonly Key[],
): Promise<string> {
  let refusal = broken(digest, 'message was not signed');
  for (const { keyID, verified } of signatures) {
    const signer = keys.find((key) => key.getKeys(keyID).length > 0);
    try {
      await verified;
      if (signer) return fingerprintOf(signer);
    } catch (cause) {
      refusal = signer
        ? broken(digest, 'signature error', { cause })
        : unknownKey(digest, keyID.toHex().toUpperCase());
    }
  }
  throw refusal;
}
