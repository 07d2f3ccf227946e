import { RegistryError } from '../errors.ts';
import type { Descriptor, Digest, Manifest } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';

/** Images outside of a registry. */
export interface ImageContents {
  /** Their name in messages. */
  readonly place: string;
  /** Gives a manifest by its digest; also by a tag, where there are any. */
  manifest(reference: Digest | string): Promise<Manifest | undefined>;
  exists(digest: Digest): Promise<boolean>;
  /** Streams a blob; `undefined` when there is none. */
  blob(descriptor: Descriptor): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/**
 * Opens images as a read-only repository, so that they can be copied like others.
 *
 * Shape: there is no list of tags, and there are no referrers.
 * @throws RegistryError `UNSUPPORTED` from every write; `NOT_FOUND` for a missing blob.
 */
export function readOnlyRepository(name: string, contents: ImageContents): Repository {
  const refuse = async (): Promise<never> => {
    throw new RegistryError('UNSUPPORTED', `${contents.place} can only be read.`);
  };
  const { manifest: fetch } = contents;
  return {
    registry: contents.place,
    name,
    manifests: {
      fetch,
      resolve: async (reference) => (await fetch(reference))?.descriptor,
      push: refuse,
      delete: refuse,
    },
    blobs: {
      exists: contents.exists,
      async fetch(descriptor) {
        const bytes = await contents.blob(descriptor);
        if (bytes) return bytes;
        throw new RegistryError('NOT_FOUND', `${contents.place} has no blob ${descriptor.digest}.`);
      },
      push: refuse,
      mount: async () => 'refused',
    },
    tags: { list: async () => [], survey: refuse, delete: refuse },
    referrers: { list: async () => [] },
  };
}
