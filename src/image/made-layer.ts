import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Header, type Pack, pack } from 'tar-stream';
import { temporaryName } from '../base/index.ts';
import { type Digest, Digester, hexOf } from '../oci/index.ts';
import type { BlobOpener } from '../registry/index.ts';

/** A made layer. */
export interface MadeLayer {
  readonly digest: Digest;
  /** The digest of the tar inside. */
  readonly diffId: Digest;
  /** Bytes, compressed. */
  readonly size: number;
  readonly open: BlobOpener;
}

/** An entry of a made layer: the bytes of a file, a directory, or the target of a symbolic link. */
export type MadeEntry = Uint8Array | 'directory' | { readonly linkTo: string };

/** Takes the entries of a layer one after the other, the path first. */
export type AddEntry = (path: string, entry: MadeEntry) => Promise<void>;

const owner = { mtime: new Date(0), uid: 0, gid: 0 };

function headerOf(name: string, entry: MadeEntry): Partial<Header> & { readonly name: string } {
  if (entry === 'directory') return { ...owner, name, mode: 0o755, type: 'directory' };
  if (entry instanceof Uint8Array) {
    return { ...owner, name, mode: 0o644, size: entry.byteLength };
  }
  return { ...owner, name, mode: 0o777, type: 'symlink', linkname: entry.linkTo };
}

async function addEntry(tar: Pack, name: string, entry: MadeEntry): Promise<void> {
  await new Promise<void>((done, fail) => {
    const next = (error?: Error | null): void => (error ? fail(error) : done());
    const written = tar.entry(headerOf(name, entry), next);
    if (entry instanceof Uint8Array) written.end(entry);
  });
}

/** Hashes and counts bytes, and makes gzip's header the same on all systems. */
class Meter extends Transform {
  readonly #digester = new Digester();
  size = 0;

  override _transform(chunk: Buffer, _: unknown, done: (error: null, chunk: Buffer) => void): void {
    // The tenth byte of gzip's header names the system; 255 means unknown.
    if (this.size === 0 && chunk[0] === 0x1f && chunk[1] === 0x8b) chunk[9] = 0xff;
    this.#digester.update(chunk);
    this.size += chunk.byteLength;
    done(null, chunk);
  }

  digest(): Digest {
    return this.#digester.end();
  }
}

/** Gives the path of a made layer. */
export function layerPath(directory: string, digest: Digest): string {
  return join(directory, `${hexOf(digest)}.tar.gz`);
}

/**
 * Packs what `fill` adds as a layer, compressed by gzip.
 *
 * Order: as added; the caller sorts. The layer contains no time, user or machine, so the same entries give the same bytes.
 * Memory: one entry. Effects: writes the layer into `directory`, named by its digest.
 * @throws the error of `fill`; then no file stays.
 */
export async function makeLayer(
  directory: string,
  fill: (add: AddEntry) => Promise<void>,
): Promise<MadeLayer> {
  await mkdir(directory, { recursive: true });
  const temporary = temporaryName(join(directory, 'layer'));
  const tar = pack();
  const plain = new Meter();
  const packed = new Meter();
  const gzip = createGzip({ level: 6, memLevel: 8 });
  try {
    const writing = pipeline(tar, plain, gzip, packed, createWriteStream(temporary));
    const filling = fill((path, entry) => addEntry(tar, path, entry)).then(
      () => tar.finalize(),
      (cause: unknown) => {
        tar.destroy(cause as Error);
        throw cause;
      },
    );
    await Promise.all([filling, writing]);
    const digest = packed.digest();
    const path = layerPath(directory, digest);
    await rename(temporary, path);
    return {
      digest,
      diffId: plain.digest(),
      size: packed.size,
      open: async () => createReadStream(path),
    };
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw cause;
  }
}
