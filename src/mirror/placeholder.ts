import {
  type Descriptor,
  type Digest,
  digestOf,
  type Manifest,
  mediaTypes,
  parseManifest,
} from '../oci/index.ts';

const emptyJson = new TextEncoder().encode('{}');

/** The two bytes that stand for nothing. @see image-spec v1.1, "Guidance for an Empty Descriptor" */
export const emptyBlob: { readonly bytes: Uint8Array; readonly descriptor: Descriptor } = {
  bytes: emptyJson,
  descriptor: { mediaType: mediaTypes.ociEmpty, digest: digestOf(emptyJson), size: 2 },
};

/**
 * Makes the manifest that takes over a tag, so that deleting it takes the tag along and nothing else.
 *
 * It is unique to the place and to what the tag named, so that no other tag can share it, and the same each time, so that
 * a run that was killed between the two steps recognises its own work.
 */
export function createPlaceholder(place: string, replaced: Digest): Manifest {
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: 'application/vnd.imageset-mirror.placeholder',
    config: emptyBlob.descriptor,
    layers: [emptyBlob.descriptor],
    annotations: {
      'imageset-mirror.placeholder/place': place,
      'imageset-mirror.placeholder/replaces': replaced,
    },
  });
  return parseManifest(new TextEncoder().encode(text));
}

/** Gives the digest of the placeholder for a tag `repository:tag` that named `replaced`. */
export function placeholderDigest(place: string, replaced: Digest): Digest {
  return createPlaceholder(place, replaced).descriptor.digest;
}
