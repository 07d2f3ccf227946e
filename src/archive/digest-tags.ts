import { type Digest, isDigest } from '../oci/index.ts';

/** A tag that is made of a digest. */
export interface DigestTag {
  readonly digest: Digest;
  /** `sig`, `att`, `sbom`, `referrers`; empty for a list of referrers, and for an image that has its own digest for a tag. */
  readonly suffix: string;
}

/** A tag has no room for a digest of another algorithm. */
const pattern = /^sha256-([0-9a-f]{64})(?:\.([a-z]+))?$/;

/** Reads a tag that is made of a digest, as `sha256-<hex>.sig`; `undefined` for any other tag. */
export function readDigestTag(tag: string): DigestTag | undefined {
  const [, hex, suffix = ''] = pattern.exec(tag) ?? [];
  const digest = `sha256:${hex}`;
  return isDigest(digest) ? { digest, suffix } : undefined;
}
