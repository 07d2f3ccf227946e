import { type ImageKind, placeKey } from '../../imageset/index.ts';
import { type Digest, isDigest, splitName } from '../../oci/index.ts';
import type { BasePlacement, Observation } from '../../plan/index.ts';

/** Kinds of which oc-mirror deletes no signatures. */
const withoutSignatures: ReadonlySet<ImageKind> = new Set(['operatorCatalog', 'cincinnatiGraph']);

/** A tag that names the digest of which its content speaks. */
interface SubjectTag {
  readonly subject: Digest;
  /** A list of referrers; else one of cosign's tags. */
  readonly isList: boolean;
}

/** Reads the tag of an attachment; images that are mirrored by their digests have such tags as well, and are none. */
function readSubjectTag(tag: string, named: Digest | undefined): SubjectTag | undefined {
  const [, hex, ending] =
    /^sha256-([0-9a-f]{64})(\.sig|\.att|\.sbom|\.referrers)?$/.exec(tag) ?? [];
  const subject = `sha256:${hex}`;
  if (!isDigest(subject) || named === undefined || named === subject) return undefined;
  return { subject, isList: ending === undefined || ending === '.referrers' };
}

/** Says of a listed place which image it is attached to, so that it stays as long as that one does. */
export function withSubject(placement: BasePlacement): BasePlacement {
  const found = readSubjectTag(placement.target.tag, placement.content?.digest);
  return found?.isList ? { ...placement, subject: found.subject } : placement;
}

function originOf({ origin }: BasePlacement, tag: string): string {
  return `${splitName(origin).name}:${tag}`;
}

/** Finds the places that are attached to one image. */
function placesOf(
  placement: BasePlacement,
  { content, repositories }: Observation,
  which: 'all' | 'lists',
): BasePlacement[] {
  const { target, kind, causes, content: image } = placement;
  if (!image || withoutSignatures.has(kind)) return [];
  const images = new Set([image.digest, ...(content.get(image.digest)?.children ?? [])]);
  const tags = [...(repositories.get(target.repository)?.tags ?? [])];
  const attached = tags.filter(([tag, digest]) => {
    const read = readSubjectTag(tag, digest);
    return read && images.has(read.subject) && (which === 'all' || read.isList);
  });
  return attached.map(([tag]) => ({
    target: { ...target, tag },
    kind,
    origin: originOf(placement, tag),
    causes,
    subject: image.digest,
  }));
}

/**
 * Finds the places that are attached to images of the target, under the kind of their image as oc-mirror lists them.
 *
 * `which`: `all`, or only the lists of referrers, without which their image cannot go.
 */
export function attachedPlaces(
  placements: readonly BasePlacement[],
  observation: Observation,
  which: 'all' | 'lists',
): BasePlacement[] {
  const named = new Set(placements.map(({ target }) => placeKey(target)));
  const found = placements.flatMap((one) => placesOf(one, observation, which));
  const unique = new Map(found.map((one) => [placeKey(one.target), one]));
  return [...unique].flatMap(([key, one]) => (named.has(key) ? [] : [one]));
}
