import type { Digest } from '../oci/index.ts';
import { readAttachedTag } from '../signature/index.ts';
import type { Change } from './change.ts';
import type { Reach } from './reach.ts';

/**
 * Gives the manifests to which the content of a place is attached: the one in its tag, and the image with which it was mirrored.
 * An image is attached to none.
 */
export function subjectsOf({
  tag,
  subject,
}: Pick<Change, 'tag'> & { readonly subject?: Digest | undefined }): readonly Digest[] {
  const named = readAttachedTag(tag);
  // A tag of cosign always belongs to the digest in its name. The tag of a list of referrers may be that of an image.
  const isAttachedTo = named?.form === 'cosign-tag' || subject !== undefined;
  const subjects = [subject, isAttachedTo ? named?.subject : undefined];
  return [...new Set(subjects.filter((one) => one !== undefined))];
}

/** Names the placements and tags that keep a manifest to which a place is attached; `undefined` where no such manifest stays. */
export function keepersOf(
  change: Pick<Change, 'tag' | 'subject'>,
  reached: ReadonlyMap<Digest, Reach>,
): readonly string[] | undefined {
  const staying = subjectsOf(change).flatMap((digest) => reached.get(digest) ?? []);
  if (staying.length === 0) return undefined;
  return staying.flatMap((reach) => Object.values(reach).flat());
}
