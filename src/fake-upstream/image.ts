import { encodeManifest, type Manifest, mediaTypes, type Platform } from '../oci/index.ts';
import { content, type FakeContent } from './content.ts';

/** An image or index with everything below it. */
export interface FakeImage {
  readonly manifest: Manifest;
  readonly blobs: readonly FakeContent[];
  /** Images below an index. */
  readonly children: readonly FakeImage[];
}

/** Makes an image from layers, the lowest first. */
export function makeImage(layers: readonly FakeContent[], platform: Platform): FakeImage {
  const { os, architecture } = platform;
  const rootfs = { type: 'layers', diff_ids: layers.map(({ descriptor }) => descriptor.digest) };
  const text = JSON.stringify({ os, architecture, rootfs });
  const config = content(mediaTypes.ociConfig, () => new TextEncoder().encode(text));
  const manifest = encodeManifest({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
  });
  return { manifest, blobs: [config, ...layers], children: [] };
}

/** Makes an index of images, one for each platform. */
export function makeIndex(
  children: readonly { readonly image: FakeImage; readonly platform: Platform }[],
): FakeImage {
  const manifest = encodeManifest({
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: children.map(({ image, platform }) => ({ ...image.manifest.descriptor, platform })),
  });
  return { manifest, blobs: [], children: children.map(({ image }) => image) };
}
