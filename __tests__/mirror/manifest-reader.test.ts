import { describe, expect, it } from 'vitest';
import { createManifestReader } from '../../src/mirror/index.ts';
import type { Digest, Manifest } from '../../src/oci/index.ts';
import type { Repository } from '../../src/registry/index.ts';
import { makeImage } from '../support/images.ts';
import { memoryRegistry } from '../support/memory-registry.ts';

const { manifest } = makeImage({ seed: 'reader' });
const { digest } = manifest.descriptor;

function memoryCache(known: readonly (readonly [Digest, Uint8Array])[] = []) {
  const kept = new Map(known);
  return {
    kept,
    get: async (wanted: Digest) => kept.get(wanted),
    put: async (wanted: Digest, bytes: Uint8Array) => void kept.set(wanted, bytes),
  };
}

function source() {
  const registry = memoryRegistry();
  registry.putManifest('app', manifest);
  return { registry, app: registry.repository('source.test', 'app') };
}

describe('a manifest', () => {
  it('comes from the registry once, and from the cache from then on', async () => {
    const { registry, app } = source();
    const cache = memoryCache();
    const reader = createManifestReader(cache);
    expect(await reader.read(app, digest)).toEqual(manifest);
    expect(await reader.read(app, digest)).toEqual(manifest);
    expect(registry.asked).toEqual([`manifest app@${digest}`]);
    expect([...cache.kept]).toEqual([[digest, manifest.raw]]);
  });

  it('is fetched once for all who ask at the same time', async () => {
    const { registry, app } = source();
    const reader = createManifestReader({ ...memoryCache(), get: async () => undefined });
    await Promise.all([reader.read(app, digest), reader.read(app, digest)]);
    expect(registry.asked).toHaveLength(1);
  });

  it('that a registry lacks is absent, and nothing is remembered of it', async () => {
    const { registry, app } = source();
    const cache = memoryCache();
    const reader = createManifestReader(cache);
    const other = makeImage({ seed: 'other' }).manifest;
    expect(await reader.read(app, other.descriptor.digest)).toBeUndefined();
    expect(cache.kept.size).toBe(0);
    registry.putManifest('app', other);
    expect(await reader.read(app, other.descriptor.digest)).toEqual(other);
  });

  it('whose cached bytes make no sense is fetched', async () => {
    const { app } = source();
    const reader = createManifestReader(memoryCache([[digest, Buffer.from('no manifest')]]));
    expect(await reader.read(app, digest)).toEqual(manifest);
  });

  it('that could not be fetched is asked for again the next time', async () => {
    const { app } = source();
    let attempts = 0;
    const fetch = async (reference: string): Promise<Manifest | undefined> => {
      attempts += 1;
      if (attempts === 1) throw new Error('reset');
      return await app.manifests.fetch(reference);
    };
    const shaky: Repository = { ...app, manifests: { ...app.manifests, fetch } };
    const reader = createManifestReader(memoryCache());
    await expect(reader.read(shaky, digest)).rejects.toThrow('reset');
    expect(await reader.read(shaky, digest)).toEqual(manifest);
  });
});
