import { type ImageKind, placeKey } from '../../imageset/index.ts';
import { type Digest, splitName } from '../../oci/index.ts';
import type { BasePlacement, Observation } from '../../plan/index.ts';
import { type AttachedTag, readAttachedTag } from '../../signature/index.ts';

/** Kinds of images whose signatures oc-mirror does not delete. */
const withoutSignatures: ReadonlySet<ImageKind> = new Set(['operatorCatalog', 'cincinnatiGraph']);

/** Reads the tag of an attachment. An image that is mirrored by its digest may have such a tag, and is no attachment. */
function readOwnTag(tag: string, content: Digest | undefined): AttachedTag | undefined {
  const read = readAttachedTag(tag);
  return content === undefined || content === read?.subject ? undefined : read;
}

/** Adds the image to which the list of referrers at a place is attached, so that it stays as long as that image. */
export function withSubject(placement: BasePlacement): BasePlacement {
  const read = readOwnTag(placement.target.tag, placement.content?.digest);
  return read?.form === 'referrers' ? { ...placement, subject: read.subject } : placement;
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
    const read = readOwnTag(tag, digest);
    return read && images.has(read.subject) && (which === 'all' || read.form === 'referrers');
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
 * Finds the places that are attached to images of the target; they get the kind of their image, as in oc-mirror's lists.
 *
 * `which`: `all`, or only the lists of referrers, which have to go with their image.
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
