import { describe, expect, it } from 'vitest';
import { oneChunk, readAll } from '../../src/base/index.ts';
import { openBlob, readBlob, requireManifest } from '../../src/content/index.ts';
import { type Digest, digestOf } from '../../src/oci/index.ts';
import { makeImage } from '../support/images.ts';
import { memoryRegistry } from '../support/memory-registry.ts';

const { manifest } = makeImage({ seed: 'source' });
const bytes = Buffer.from('a small blob');
const blob = {
  mediaType: 'application/octet-stream',
  digest: digestOf(bytes),
  size: bytes.byteLength,
};
const limit = { most: 100, unit: 'bytes', why: 'Tests are small.' };

function scene() {
  const registry = memoryRegistry();
  registry.putManifest('app', manifest);
  const kept = new Map<Digest, Uint8Array>();
  const cache = {
    get: async (digest: Digest) => kept.get(digest),
    put: async (digest: Digest, content: Uint8Array) => void kept.set(digest, content),
  };
  const fetched: Digest[] = [];
  const app = registry.repository('source.test', 'app');
  const fetch = async ({ digest }: { readonly digest: Digest }) => {
    fetched.push(digest);
    return oneChunk(bytes);
  };
  const repository = { ...app, blobs: { ...app.blobs, fetch } };
  return { source: { repository, cache }, kept, fetched, registry };
}

describe('content by digest', () => {
  it('that was cached is not fetched again', async () => {
    const { source, kept, fetched } = scene();
    for (let time = 0; time < 2; time += 1) {
      expect(await readBlob(blob, source, { what: 'The blob', limit })).toEqual(bytes);
      expect(await readAll(await openBlob(blob, source, limit))).toEqual(bytes);
    }
    expect(fetched).toEqual([blob.digest]);
    expect([...kept.keys()]).toEqual([blob.digest]);
  });

  it('is fetched where the cache has other bytes under its digest', async () => {
    const { source, kept } = scene();
    const other = makeImage({ seed: 'other' }).manifest;
    kept.set(blob.digest, Buffer.from('poison'));
    kept.set(manifest.descriptor.digest, other.raw);
    expect(await readBlob(blob, source, { what: 'The blob', limit })).toEqual(bytes);
    expect(await requireManifest(manifest.descriptor.digest, source, 'release')).toEqual(manifest);
  });

  it('that is larger than the limit is refused before it is fetched, or streamed and not cached', async () => {
    const { source, kept, fetched } = scene();
    const low = { ...limit, most: bytes.byteLength - 1 };
    const reading = readBlob(blob, source, { what: 'The blob', limit: low });
    await expect(reading).rejects.toThrow('The blob has more than 11 bytes');
    expect(fetched).toEqual([]);
    expect(await readAll(await openBlob(blob, source, low))).toEqual(bytes);
    expect([fetched.length, kept.size]).toEqual([1, 0]);
  });

  it('that is nowhere is named, with the kind of content it belongs to', async () => {
    const { source } = scene();
    await expect(requireManifest(blob.digest, source, 'release')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `source.test/app has no manifest ${blob.digest}.`,
      hint: 'The release may be withdrawn, or the registry is a mirror that lacks it.',
    });
  });
});
