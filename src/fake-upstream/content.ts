import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { type Descriptor, describeBytes } from '../oci/index.ts';

/** A blob that is made on demand. */
export interface FakeContent {
  readonly descriptor: Descriptor;
  readonly bytes: () => Uint8Array;
}

/** Gives pseudo-random bytes that depend on `seed` alone. */
export function noise(seed: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let block = createHash('sha512').update(seed).digest();
  for (let offset = 0; offset < size; offset += block.byteLength) {
    bytes.set(block.subarray(0, Math.min(block.byteLength, size - offset)), offset);
    block = createHash('sha512').update(block).digest();
  }
  return bytes;
}

/** Makes a blob from a function that always gives the same bytes; they are not kept. */
export function content(mediaType: string, bytes: () => Uint8Array): FakeContent {
  return { descriptor: describeBytes(mediaType, bytes()), bytes };
}

/** Packs files as a layer: a gzip-compressed tar without times or owners. */
export async function packLayer(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) {
    tar.entry({ name, mtime: new Date(0) }, text);
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}
