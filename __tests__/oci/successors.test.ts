import { describe, expect, it } from 'vitest';
import { digestOf, mediaTypes, parseManifest, successors } from '../../src/oci/index.ts';

function descriptor(seed: string, mediaType: string, more: object = {}) {
  return { mediaType, digest: digestOf(Buffer.from(seed)), size: 1, ...more };
}

function manifestOf(value: object) {
  return parseManifest(Buffer.from(JSON.stringify({ schemaVersion: 2, ...value })));
}

const config = descriptor('config', mediaTypes.ociConfig);
const layer = descriptor('layer', mediaTypes.ociLayerGzip);
const foreign = descriptor('foreign', mediaTypes.dockerForeignLayer, {
  urls: ['https://layers.test/1'],
});
const child = descriptor('child', mediaTypes.ociManifest);
const subject = descriptor('subject', mediaTypes.ociManifest);

describe('a manifest points', () => {
  it('as an image at its config and layers, each once, without those of other sites', () => {
    const layers = [layer, foreign, layer];
    const image = manifestOf({ mediaType: mediaTypes.ociManifest, config, layers, subject });
    expect(successors(image)).toEqual({ blobs: [config, layer], children: [], subject });
  });

  it('as an index at manifests, and as a cache of BuildKit at blobs too', () => {
    const cache = descriptor('cache', mediaTypes.buildkitCacheConfig);
    const manifests = [child, layer, cache];
    const index = manifestOf({ mediaType: mediaTypes.ociIndex, manifests });
    expect(successors(index)).toEqual({ blobs: [layer, cache], children: [child] });
  });
});
