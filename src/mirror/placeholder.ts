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
 * Makes the manifest that takes over tags of a repository, so that deleting it takes those tags along and nothing else.
 *
 * It is like no image, and one for each repository: whatever names it has been given up by a run of this tool. It is the same
 * each time, so that a run that was killed between the two steps recognises its own work.
 */
export function createPlaceholder(repository: string): Manifest {
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: 'application/vnd.imageset-mirror.placeholder',
    config: emptyBlob.descriptor,
    layers: [emptyBlob.descriptor],
    annotations: { 'io.imageset-mirror.placeholder': repository },
  });
  return parseManifest(new TextEncoder().encode(text));
}

/** Gives the digest of the placeholder of a repository. */
export function placeholderDigest(repository: string): Digest {
  return createPlaceholder(repository).descriptor.digest;
}
