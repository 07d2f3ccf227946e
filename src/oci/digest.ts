import { createHash, type Hash } from 'node:crypto';

declare const digestBrand: unique symbol;

/** A content digest, `algorithm:hex`, proved by {@link isDigest} or made by {@link digestOf}. @see image-spec v1.1, descriptor.md, "Digests" */
export type Digest = string & { readonly [digestBrand]: true };

/** The two algorithms that the image specification registers. */
export type DigestAlgorithm = 'sha256' | 'sha512';

const hexLength: Record<DigestAlgorithm, number> = { sha256: 64, sha512: 128 };

/** Tells whether a text is a digest of a registered algorithm with the right number of lower-case hex digits. */
export function isDigest(text: string): text is Digest {
  const [algorithm = '', hex = ''] = text.split(':', 2);
  const length = hexLength[algorithm as DigestAlgorithm];
  return (
    length !== undefined && text.length === algorithm.length + 1 + length && /^[0-9a-f]+$/.test(hex)
  );
}

/** Gives the algorithm of a digest. */
export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.slice(0, digest.indexOf(':')) as DigestAlgorithm;
}

/** Gives the hex part of a digest. */
export function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** Gives the digest of bytes that are already in memory. */
export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest;
}

/** Digests bytes as they pass, for content that is never held whole. */
export class Digester {
  readonly #hash: Hash;
  readonly #algorithm: DigestAlgorithm;

  constructor(algorithm: DigestAlgorithm = 'sha256') {
    this.#algorithm = algorithm;
    this.#hash = createHash(algorithm);
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** Ends the digest; the digester cannot be used again. */
  end(): Digest {
    return `${this.#algorithm}:${this.#hash.digest('hex')}` as Digest;
  }
}
