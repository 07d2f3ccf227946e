import { createOnce } from '../base/index.ts';
import { algorithmOf, type Digest, type Manifest, parseManifest } from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';

/** Bytes that are addressed by their digest, and may be missing. */
export interface ManifestSource {
  get(digest: Digest): Promise<Uint8Array | undefined>;
  put(digest: Digest, bytes: Uint8Array): Promise<void>;
}

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

/** Reads what was cached before: the bytes are verified by whoever keeps them. */
function parseCached(bytes: Uint8Array, digest: Digest): Manifest | undefined {
  try {
    return parseManifest(bytes, undefined, algorithmOf(digest));
  } catch {
    // Only manifests that could be read are cached, but not every one names its own type.
    return undefined;
  }
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
export function createManifestReader(cache: ManifestSource): ManifestReader {
  const underWay = createOnce<Manifest | undefined>();
  const hold = createHold();

  async function recall(digest: Digest): Promise<Manifest | undefined> {
    const held = hold.get(digest);
    if (held) return held;
    const cached = await cache.get(digest);
    const known = cached && parseCached(cached, digest);
    if (known) hold.add(digest, known);
    return known;
  }

  async function fetch(repository: Repository, digest: Digest): Promise<Manifest | undefined> {
    const known = await recall(digest);
    if (known) return known;
    const manifest = await repository.manifests.fetch(digest);
    if (manifest) {
      await cache.put(digest, manifest.raw);
      hold.add(digest, manifest);
    }
    return manifest;
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
