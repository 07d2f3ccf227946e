import { createReadStream } from 'node:fs';
import { oneChunk, readAll } from '../base/index.ts';
import { verifyBytes } from '../content/index.ts';
import { type Descriptor, parseManifest } from '../oci/index.ts';
import type { MadeImage, NewBlob } from './extend.ts';
import { layerPath } from './made-layer.ts';

/** The layout of kept images; with another number they are made again. */
const format = 1;

/** A made image as JSON, without its layers. */
export interface KeptImage {
  readonly format: number;
  /** Base64, as are `manifests` and `configs`. */
  readonly index: string;
  readonly manifests: readonly string[];
  readonly configs: readonly { readonly descriptor: Descriptor; readonly bytes: string }[];
  readonly layers: readonly Descriptor[];
  readonly kept: readonly Descriptor[];
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

async function isWhole(path: string, layer: Descriptor): Promise<boolean> {
  try {
    for await (const _ of verifyBytes(layer, createReadStream(path)));
    return true;
  } catch {
    return false;
  }
}

/** Writes a made image as JSON; its layers stay in the directory in which they were made. */
export async function keepImage(made: MadeImage): Promise<KeptImage> {
  const configDigests = new Set<string>(made.manifests.map(({ config }) => config.digest));
  const configs: { readonly descriptor: Descriptor; readonly bytes: string }[] = [];
  for (const { descriptor, open } of made.blobs) {
    if (!configDigests.has(descriptor.digest)) continue;
    configs.push({ descriptor, bytes: encode(await readAll(await open())) });
  }
  const layers = made.blobs
    .map(({ descriptor }) => descriptor)
    .filter(({ digest }) => !configDigests.has(digest));
  return {
    format,
    index: encode(made.index.raw),
    manifests: made.manifests.map(({ raw }) => encode(raw)),
    configs,
    layers,
    kept: made.kept,
  };
}

/** Gives a kept image; `undefined` when it has another format, or a layer in `directory` is not whole. */
export async function recallImage(
  kept: KeptImage,
  directory: string,
): Promise<MadeImage | undefined> {
  if (kept.format !== format) return undefined;
  const layers: NewBlob[] = [];
  for (const descriptor of kept.layers) {
    const path = layerPath(directory, descriptor.digest);
    if (!(await isWhole(path, descriptor))) return undefined;
    layers.push({ descriptor, open: async () => createReadStream(path) });
  }
  const configs = kept.configs.map(({ descriptor, bytes }) => ({
    descriptor,
    open: async () => oneChunk(decode(bytes)),
  }));
  const manifests = kept.manifests
    .map((raw) => parseManifest(decode(raw)))
    .filter((manifest) => manifest.kind === 'image');
  const index = parseManifest(decode(kept.index));
  return { index, manifests, blobs: [...configs, ...layers], kept: kept.kept };
}
