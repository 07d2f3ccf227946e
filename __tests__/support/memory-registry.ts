import type { FakeContent, ImageSink } from '../../src/fake-upstream/index.ts';
import type { Digest, Manifest } from '../../src/oci/index.ts';
import type { Repository } from '../../src/registry/index.ts';

/** Images in memory behind the interface of a registry that can only be read. */
export interface MemoryRegistry extends ImageSink {
  repository(registry: string, name: string): Repository;
  /** The requests: `manifest <repository>@<digest>`, `blob <repository>@<digest>`. */
  readonly asked: string[];
}

function refuse(): never {
  throw new Error('this registry can only be read');
}

export function memoryRegistry(): MemoryRegistry {
  const manifests = new Map<string, Manifest>();
  const blobs = new Map<string, FakeContent>();
  const asked: string[] = [];
  const repository = (registry: string, name: string): Repository => ({
    registry,
    name,
    manifests: {
      async resolve(reference) {
        asked.push(`resolve ${name} ${reference}`);
        return manifests.get(`${name} ${reference}`)?.descriptor;
      },
      async fetch(reference) {
        asked.push(`manifest ${name}@${reference}`);
        return manifests.get(`${name} ${reference}`);
      },
      push: refuse,
      delete: refuse,
    },
    blobs: {
      exists: async (digest: Digest) => blobs.has(`${name} ${digest}`),
      async fetch({ digest }) {
        asked.push(`blob ${name}@${digest}`);
        const blob = blobs.get(`${name} ${digest}`);
        if (!blob) throw new Error(`no blob ${digest}`);
        return (async function* () {
          yield blob.bytes();
        })();
      },
      push: refuse,
      mount: refuse,
    },
    tags: { list: async () => [], survey: refuse, delete: refuse },
    referrers: { list: async () => [] },
  });
  return {
    asked,
    repository,
    putBlob(name, blob) {
      blobs.set(`${name} ${blob.descriptor.digest}`, blob);
    },
    putManifest(name, manifest, tag) {
      manifests.set(`${name} ${manifest.descriptor.digest}`, manifest);
      if (tag !== undefined) manifests.set(`${name} ${tag}`, manifest);
    },
  };
}
