import { RegistryError } from '../errors.ts';
import type { Descriptor, Digest, Manifest } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';

/** Images that lie somewhere else than in a registry. */
export interface ImageContents {
  /** What they are called, for messages. */
  readonly place: string;
  manifest(digest: Digest): Promise<Manifest | undefined>;
  exists(digest: Digest): Promise<boolean>;
  /** Streams a blob; `undefined` when there is none. */
  blob(descriptor: Descriptor): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/**
 * Gives images the interface of a repository that can only be read, so that what copies images can copy these.
 *
 * Shape: manifests are found by digest alone; there are no tags and no referrers.
 * @throws RegistryError `UNSUPPORTED` from everything that writes; `NOT_FOUND` for a blob that is missing.
 */
export function readOnlyRepository(name: string, contents: ImageContents): Repository {
  const refuse = async (): Promise<never> => {
    throw new RegistryError('UNSUPPORTED', `${contents.place} can only be read.`);
  };
  const fetch = async (reference: Digest | string): Promise<Manifest | undefined> =>
    await contents.manifest(reference as Digest);
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
