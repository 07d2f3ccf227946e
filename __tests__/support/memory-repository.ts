import { RegistryError } from '../../src/errors.ts';
import { blobsOf, digestOf, type Manifest } from '../../src/oci/index.ts';
import type { Repository } from '../../src/registry/index.ts';

/** A repository in memory that can be written; `done` tells what was asked of it, in order. */
export interface MemoryRepository extends Repository {
  readonly done: string[];
  readonly tagged: Map<string, Manifest>;
  readonly stored: Map<string, Uint8Array>;
}

/** Makes an empty repository that takes a manifest only when it has all its blobs. */
export function memoryRepository(name = 'mirror/imageset-mirror/state'): MemoryRepository {
  const done: string[] = [];
  const tagged = new Map<string, Manifest>();
  const stored = new Map<string, Uint8Array>();
  const refuse = (): never => {
    throw new Error('not asked for by a state store');
  };
  return {
    registry: 'memory',
    name,
    done,
    tagged,
    stored,
    manifests: {
      async resolve(reference) {
        done.push(`resolve ${reference}`);
        return tagged.get(reference)?.descriptor;
      },
      async fetch(reference) {
        done.push(`fetch ${reference}`);
        return tagged.get(reference);
      },
      async push(manifest, tag) {
        done.push(`push manifest ${tag}`);
        for (const { digest } of blobsOf(manifest)) {
          if (!stored.has(digest)) throw new RegistryError('UNEXPECTED_STATUS', 'blob unknown');
        }
        tagged.set(manifest.descriptor.digest, manifest);
        if (tag !== undefined) tagged.set(tag, manifest);
      },
      delete: refuse,
    },
    blobs: {
      async exists(digest) {
        done.push('exists');
        return stored.has(digest);
      },
      async fetch({ digest }) {
        const bytes = stored.get(digest);
        if (!bytes) throw new RegistryError('NOT_FOUND', 'no such blob');
        return (async function* () {
          yield bytes.subarray(0, 10);
          yield bytes.subarray(10);
        })();
      },
      async push({ digest }, open) {
        const parts: Uint8Array[] = [];
        for await (const part of await open()) parts.push(part);
        const bytes = Buffer.concat(parts);
        if (digestOf(bytes) !== digest) throw new RegistryError('UNEXPECTED_STATUS', 'digest');
        done.push(`push blob of ${bytes.byteLength > 2 ? 'some' : 2} bytes`);
        stored.set(digest, bytes);
      },
      mount: refuse,
    },
    tags: { list: refuse, survey: refuse, delete: refuse },
    referrers: { list: refuse },
  };
}
