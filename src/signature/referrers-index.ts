import { compareText } from '../base/index.ts';
import { InvariantError } from '../errors.ts';
import { type Descriptor, encodeManifest, type ImageIndex, mediaTypes } from '../oci/index.ts';

function entryOf({ mediaType, digest, size, artifactType, annotations }: Descriptor) {
  return {
    mediaType,
    digest,
    size,
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations && { annotations }),
  };
}

/**
 * Writes the index that stands for the list of referrers where a registry has no such list.
 *
 * The same referrers give the same bytes, in whatever order they were listed.
 * @see distribution-spec v1.1, "Referrers Tag Schema"
 */
export function createReferrersIndex(referrers: readonly Descriptor[]): ImageIndex {
  const unique = new Map(referrers.map((one) => [one.digest, one]));
  const manifests = [...unique.values()]
    .sort((a, b) => compareText(a.digest, b.digest))
    .map(entryOf);
  const index = encodeManifest({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests });
  if (index.kind !== 'index') throw new InvariantError('An index was written and is none.');
  return index;
}
