import { createOnce } from '../base/index.ts';
import { type ByteCache, lookUpManifest, recallManifest } from '../content/index.ts';
import type { Digest, Manifest } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';

/** Reads manifests by digest, wherever they can be had most cheaply. */
export interface ManifestReader {
  /**
   * Gives a manifest of a repository; `undefined` when neither the cache nor the repository has it.
   * Effects: what was fetched is cached; the same manifest is fetched once at a time.
   */
  read(repository: Repository, digest: Digest): Promise<Manifest | undefined>;
  /** Gives a manifest that was read before, here or in an earlier run; nobody is asked for it. */
  known(digest: Digest): Promise<Manifest | undefined>;
}

/** Manifests held in memory, in bytes: a few releases, so that what a plan read is not read again to copy it. */
const maxHeldBytes = 16 * 1024 * 1024;

/** Holds the manifests that came first; the cache has the others. */
function createHold() {
  const held = new Map<Digest, Manifest>();
  let bytes = 0;
  return {
    get: (digest: Digest) => held.get(digest),
    add(digest: Digest, manifest: Manifest): void {
      if (held.has(digest) || bytes + manifest.raw.byteLength > maxHeldBytes) return;
      bytes += manifest.raw.byteLength;
      held.set(digest, manifest);
    },
  };
}

/** Creates a reader that asks memory, then the cache, and remembers what it had to fetch. */
export function createManifestReader(cache: ByteCache): ManifestReader {
  const underWay = createOnce<Manifest | undefined>();
  const hold = createHold();

  async function remember(digest: Digest, found: Promise<Manifest | undefined>) {
    const manifest = await found;
    if (manifest) hold.add(digest, manifest);
    return manifest;
  }

  async function recall(digest: Digest): Promise<Manifest | undefined> {
    return hold.get(digest) ?? (await remember(digest, recallManifest(digest, cache)));
  }

  async function fetch(repository: Repository, digest: Digest): Promise<Manifest | undefined> {
    return (
      hold.get(digest) ?? (await remember(digest, lookUpManifest(digest, { repository, cache })))
    );
  }

  return {
    known: recall,
    async read(repository, digest) {
      const key = `${repository.registry}/${repository.name}@${digest}`;
      try {
        return await underWay.run(key, () => fetch(repository, digest));
      } finally {
        underWay.forget((done) => done === key);
      }
    },
  };
}
