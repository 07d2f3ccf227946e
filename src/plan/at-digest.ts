import { type Digest, splitName } from '../oci/index.ts';

/** Writes a reference by digest alone: a tag may have moved, and a disconnected run cannot ask. */
export function atDigest(reference: string, digest: Digest): string {
  return `${splitName(reference).name}@${digest}`;
}
