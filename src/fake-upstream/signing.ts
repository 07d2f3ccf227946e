import { type Digest, digestOf } from '../oci/index.ts';
import { content } from './content.ts';
import { type FakeImage, makeImage } from './image.ts';

/** A new key that signs releases. */
export interface SigningKey {
  /** Armored public key, for `signature-keys`. */
  readonly publicKey: string;
  /** Upper-case hex. */
  readonly fingerprint: string;
  /** Signs the statement of a release, or any other text. */
  sign(statement: string): Promise<Uint8Array>;
}

/** Writes the statement of a release signature: this digest is that release. @see containers/image, "atomic signature" */
export function signedStatement(digest: Digest, reference: string): string {
  return JSON.stringify({
    critical: {
      image: { 'docker-manifest-digest': digest },
      type: 'atomic container signature',
      identity: { 'docker-reference': reference },
    },
    optional: { creator: 'imageset-mirror fake upstream' },
  });
}

/** Makes a signing key: ECDSA, because it is fast and old verifiers know it. */
export async function makeSigningKey(name = 'Fake release key'): Promise<SigningKey> {
  const openpgp = await import('openpgp');
  const { privateKey, publicKey } = await openpgp.generateKey({
    type: 'ecc',
    curve: 'nistP256',
    userIDs: [{ name, email: 'releases@example.com' }],
    format: 'object',
  });
  return {
    publicKey: publicKey.armor(),
    fingerprint: publicKey.getFingerprint().toUpperCase(),
    async sign(statement) {
      const message = await openpgp.createMessage({ binary: new TextEncoder().encode(statement) });
      return await openpgp.sign({ message, signingKeys: privateKey, format: 'binary' });
    },
  };
}

/** Gives the path of a release signature below the base URL of signatures. */
export function signaturePath(digest: Digest, number = 1): string {
  return `${digest.replace(':', '=')}/signature-${number}`;
}

/** Gives the tag under which cosign puts a signature. */
export function cosignTag(digest: Digest): string {
  return `${digest.replace(':', '-')}.sig`;
}

/** Makes the image that cosign puts there: it has the form of a signature, but no key made it. */
export function makeCosignSignature(digest: Digest, reference: string): FakeImage {
  const payload = JSON.stringify({
    critical: {
      identity: { 'docker-reference': reference },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: null,
  });
  const type = 'application/vnd.dev.cosign.simplesigning.v1+json';
  const layer = content(type, () => new TextEncoder().encode(payload));
  return makeImage([layer], { os: '', architecture: '' });
}

/** Gives a digest that belongs to nothing. */
export function strayDigest(seed: string): Digest {
  return digestOf(new TextEncoder().encode(`stray ${seed}`));
}
