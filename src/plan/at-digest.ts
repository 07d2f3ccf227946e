import type { Digest } from '../oci/index.ts';

/** Writes a reference by digest alone: a tag may have moved, and a disconnected run cannot ask. */
export function atDigest(reference: string, digest: Digest): string {
  const [name = ''] = reference.split('@', 1);
  const colon = name.lastIndexOf(':');
  return `${colon > name.lastIndexOf('/') ? name.slice(0, colon) : name}@${digest}`;
}
