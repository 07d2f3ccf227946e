import { type Digest, digestOf } from '../oci/index.ts';

/** Gives the digest by which a plan knows the text of an image set. */
export function textDigest(text: string): Digest {
  return digestOf(new TextEncoder().encode(text));
}
