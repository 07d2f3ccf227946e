import { layoutTransport, parseImageSpec } from './image-spec.ts';
import type { Placement, TargetPlace } from './placement.ts';

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** Computes FNV-1a of 32 bits, in hex without leading zeros. */
function hashText(text: string): string {
  let hash = fnvOffset;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, fnvPrime) >>> 0;
  }
  return hash.toString(16);
}

/** The number of hex digits of a digest that oc-mirror v1 put into the tags of a catalog on disk. */
const shortHex = 6;

function operatorTag({ origin, neededBy = [] }: Placement, hex: string): string {
  const isOnDisk = neededBy.some(({ catalog }) => catalog.startsWith(layoutTransport));
  return isOnDisk ? hex.slice(0, shortHex) : hashText(origin);
}

/**
 * Gives the place to which oc-mirror v1 mirrored an image: it differs for images by digest alone.
 *
 * Shape: the tag is a hash of the reference for images that operators need, the start of the digest where their catalog lay on
 * disk, and `latest` for additional images and those of charts, unless `targetTag` names another. Releases are the same.
 * @see oc-mirror v2, `--delete-v1-images`
 */
export function v1Place(placement: Placement): TargetPlace {
  const { target, origin, kind } = placement;
  if (kind === 'ocpRelease' || kind === 'ocpReleaseContent' || origin.includes('://'))
    return target;
  const { digest } = parseImageSpec(origin);
  const hex = digest?.split(':')[1] ?? '';
  // Only a tag that was made of the digest is another one in v1.
  if (hex === '' || !target.tag.endsWith(hex)) return target;
  const isOfOperator = kind === 'operatorBundle' || kind === 'operatorRelatedImage';
  return { ...target, tag: isOfOperator ? operatorTag(placement, hex) : 'latest' };
}
