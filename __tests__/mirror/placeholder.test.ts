import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  createPlaceholder,
  isPlaceholder,
  placeholderBlobs,
} from '../../src/mirror/placeholder.ts';
import { digestOf, parseManifest, successors } from '../../src/oci/index.ts';

const digestFor = (repository: string) => createPlaceholder(repository).descriptor.digest;

describe('a placeholder', () => {
  it('is the same each time, so that a later run knows it again', () => {
    expect(digestFor('team/app')).toBe(digestFor('team/app'));
  });

  it('is another one in another repository', () => {
    expect(digestFor('team/app')).not.toBe(digestFor('team/other'));
  });

  it('is an ordinary image: a configuration, and one layer of an empty tar', () => {
    const read = parseManifest(createPlaceholder('team/app').raw);
    expect(read.artifactType).toBeUndefined();
    expect(successors(read).blobs).toEqual(placeholderBlobs.map(({ descriptor }) => descriptor));
    const [config, layer] = placeholderBlobs;
    for (const { bytes, descriptor } of placeholderBlobs) {
      expect([digestOf(bytes), bytes.byteLength]).toEqual([descriptor.digest, descriptor.size]);
    }
    const tar = gunzipSync(layer?.bytes ?? new Uint8Array());
    expect(tar).toEqual(Buffer.alloc(1024));
    expect(config?.descriptor.mediaType).toBe('application/vnd.oci.image.config.v1+json');
    expect(JSON.parse(new TextDecoder().decode(config?.bytes))).toMatchObject({
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    });
  });

  it('is known again, as is that of earlier versions, in its own repository', () => {
    const former =
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.imageset-mirror.placeholder","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}],"annotations":{"io.imageset-mirror.placeholder":"team/app"}}';
    for (const digest of [digestFor('team/app'), digestOf(new TextEncoder().encode(former))]) {
      expect(isPlaceholder('team/app', digest)).toBe(true);
      expect(isPlaceholder('team/other', digest)).toBe(false);
    }
  });
});
