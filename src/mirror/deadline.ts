import { RegistryError } from '../errors.ts';
import type { Clock } from '../log.ts';
import type { BlobStore, ManifestStore, Repository } from '../registry/index.ts';

/** The moment by which a work has to be done. */
export interface Deadline {
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The time that was given, in milliseconds, for the message. */
  readonly ms: number;
}

function check({ clock, at, ms }: Deadline): void {
  if (clock.now() < at) return;
  throw new RegistryError('TIMEOUT', `It took longer than the ${ms / 1000} s that one image has.`, {
    hint: 'Allow more time for one image, or copy fewer at once.',
  });
}

async function* checked(
  bytes: AsyncIterable<Uint8Array>,
  deadline: Deadline,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    check(deadline);
    yield chunk;
  }
}

function manifestsBefore(manifests: ManifestStore, deadline: Deadline): ManifestStore {
  return {
    async resolve(reference) {
      check(deadline);
      return await manifests.resolve(reference);
    },
    async fetch(reference) {
      check(deadline);
      return await manifests.fetch(reference);
    },
    async push(manifest, tag) {
      check(deadline);
      await manifests.push(manifest, tag);
    },
    delete: async (digest) => await manifests.delete(digest),
  };
}

function blobsBefore(blobs: BlobStore, deadline: Deadline): BlobStore {
  return {
    async exists(digest) {
      check(deadline);
      return await blobs.exists(digest);
    },
    async fetch(descriptor) {
      check(deadline);
      return checked(await blobs.fetch(descriptor), deadline);
    },
    async push(descriptor, open) {
      check(deadline);
      await blobs.push(descriptor, open);
    },
    async mount(digest, from) {
      check(deadline);
      return await blobs.mount(digest, from);
    },
  };
}

/**
 * Opens a repository until a moment: from then on every further step, and the next piece of a blob, fails with `TIMEOUT`.
 *
 * Nothing goes on after the deadline: a transfer ends with the piece that is being moved.
 */
export function withDeadline(repository: Repository, deadline: Deadline): Repository {
  return {
    registry: repository.registry,
    name: repository.name,
    tags: repository.tags,
    referrers: repository.referrers,
    manifests: manifestsBefore(repository.manifests, deadline),
    blobs: blobsBefore(repository.blobs, deadline),
  };
}
