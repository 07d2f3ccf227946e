import { type Digest, isDigest, tagPattern } from '../oci/index.ts';

/** The endings of cosign's tags. @see cosign, "Signature Specification" */
const cosignEndings = ['sig', 'att', 'sbom'] as const;

/** Gives the tags under which cosign puts what is attached to a digest; none where they would be too long for a tag. */
export function cosignTags(subject: Digest): readonly string[] {
  const tags = cosignEndings.map((ending) => `${subject.replace(':', '-')}.${ending}`);
  return tags.filter((tag) => tagPattern.test(tag));
}

/** Gives the tag of a list of referrers where the image itself has the tag for it. */
export function tagBeside(tag: string): string {
  return `${tag}.referrers`;
}

/** A tag that names the digest to which its content is attached. */
export interface AttachedTag {
  readonly subject: Digest;
  readonly form: 'cosign-tag' | 'referrers';
}

const attachedTag = new RegExp(
  `^sha256-(?<hex>[0-9a-f]{64})(?:\\.(?<ending>${cosignEndings.join('|')}|referrers))?$`,
);

/**
 * Reads a tag that names a digest; `undefined` for all others.
 *
 * The tag of a list of referrers may be that of an image as well: oc-mirror mirrors images by digest to such tags.
 * A tag is too short for a whole SHA-512 digest.
 */
export function readAttachedTag(tag: string): AttachedTag | undefined {
  const { hex, ending = 'referrers' } = attachedTag.exec(tag)?.groups ?? {};
  const subject = `sha256:${hex}`;
  if (!isDigest(subject)) return undefined;
  return { subject, form: ending === 'referrers' ? ending : 'cosign-tag' };
}
