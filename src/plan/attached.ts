import { type Digest, isDigest } from '../oci/index.ts';
import type { Change } from './change.ts';
import type { Reach } from './reach.ts';

/** The tags of cosign: each belongs to the digest in its name, whichever tool wrote it. */
const cosignTag = /^(sha256)-([0-9a-f]{64})\.(?:sig|att|sbom)$/;

/** The tags of ours that stand for a list of referrers; images may have such tags, too. */
const referrersTag = /^(sha256|sha512)-([0-9a-f]{64,128})(?:\.referrers)?$/;

/**
 * Gives the manifests to which the content of a place is attached: the one that its tag names, and the image with which it
 * came; none for an image.
 */
export function subjectsOf({
  tag,
  subject,
}: Pick<Change, 'tag'> & { readonly subject?: Digest | undefined }): readonly Digest[] {
  const [, algorithm, hex] = (subject ? referrersTag.exec(tag) : null) ?? cosignTag.exec(tag) ?? [];
  const named = `${algorithm}:${hex}`;
  return [...new Set([...(subject ? [subject] : []), ...(isDigest(named) ? [named] : [])])];
}

/** Names whatever keeps one of the manifests to which a place is attached; `undefined` where none of them stays. */
export function keepersOf(
  change: Pick<Change, 'tag' | 'subject'>,
  reached: ReadonlyMap<Digest, Reach>,
): readonly string[] | undefined {
  const staying = subjectsOf(change).flatMap((digest) => reached.get(digest) ?? []);
  if (staying.length === 0) return undefined;
  return staying.flatMap((reach) => Object.values(reach).flat());
}
