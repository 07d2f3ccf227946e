import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Pack, pack } from 'tar-stream';
import { temporaryName } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { type Digest, hexOf } from '../oci/index.ts';
import type { BlobOpener } from '../registry/index.ts';

/** One package of a rebuilt catalog: JSON texts in order. */
export interface PackageTexts {
  /** Empty for blobs of no package. */
  readonly name: string;
  readonly texts: readonly string[];
}

/** A made layer. */
export interface MadeLayer {
  readonly digest: Digest;
  /** The digest of the tar inside. */
  readonly diffId: Digest;
  /** Bytes, compressed. */
  readonly size: number;
  readonly open: BlobOpener;
}

/** The directory of a rebuilt catalog in its image. */
export const rebuiltDirectory = 'configs';

const epoch = new Date(0);

/** The name of a package has to be one part of a path on every system. */
function fileOf({ name }: PackageTexts): string {
  if (name === '') return `${rebuiltDirectory}/catalog.json`;
  const isOnePart = /^[^/\\\0]{1,255}$/.test(name) && name !== '.' && name !== '..';
  if (isOnePart && !name.startsWith('.wh.')) return `${rebuiltDirectory}/${name}/catalog.json`;
  const message = `The package name ${JSON.stringify(name)} cannot be a directory's name.`;
  throw new ContentError('CATALOG_INVALID', message, {
    hint: 'Leave the package out; its publisher has to rename it.',
  });
}

async function add(tar: Pack, name: string, bytes: Buffer | 'directory'): Promise<void> {
  const header = { name, mtime: epoch, uid: 0, gid: 0 };
  await new Promise<void>((done, fail) => {
    const next = (error?: Error | null): void => (error ? fail(error) : done());
    if (bytes === 'directory') tar.entry({ ...header, mode: 0o755, type: 'directory' }, next);
    else tar.entry({ ...header, mode: 0o644, size: bytes.byteLength }, next).end(bytes);
  });
}

async function packConfigs(
  tar: Pack,
  packages: AsyncIterable<PackageTexts> | Iterable<PackageTexts>,
): Promise<void> {
  await add(tar, rebuiltDirectory, 'directory');
  for await (const one of packages) {
    const file = fileOf(one);
    if (one.name !== '') await add(tar, file.slice(0, file.lastIndexOf('/')), 'directory');
    await add(tar, file, Buffer.from(`${one.texts.join('\n')}\n`));
  }
}

/** Hashes and counts bytes, and makes gzip's header the same on all systems. */
class Meter extends Transform {
  readonly #hash = createHash('sha256');
  size = 0;

  override _transform(chunk: Buffer, _: unknown, done: (error: null, chunk: Buffer) => void): void {
    // The tenth byte of gzip's header names the system; 255 means unknown.
    if (this.size === 0 && chunk[0] === 0x1f && chunk[1] === 0x8b) chunk[9] = 0xff;
    this.#hash.update(chunk);
    this.size += chunk.byteLength;
    done(null, chunk);
  }

  digest(): Digest {
    return `sha256:${this.#hash.digest('hex')}` as Digest;
  }
}

/** Gives the path of a made layer. */
export function layerPath(directory: string, digest: Digest): string {
  return join(directory, `${hexOf(digest)}.tar.gz`);
}

async function makeLayer(
  directory: string,
  fill: (tar: Pack) => Promise<void>,
): Promise<MadeLayer> {
  await mkdir(directory, { recursive: true });
  const temporary = temporaryName(join(directory, 'layer'));
  const tar = pack();
  const plain = new Meter();
  const packed = new Meter();
  const gzip = createGzip({ level: 6, memLevel: 8 });
  try {
    const writing = pipeline(tar, plain, gzip, packed, createWriteStream(temporary));
    const filling = fill(tar).then(
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

/**
 * Packs packages as a layer with `/configs`, one file for each.
 *
 * Order: that of `packages`, which the caller sorts. The layer contains no time, user or machine, so the same packages give
 * the same bytes.
 * Memory: one package. Effects: writes the layer into `directory`, named by its digest.
 * @throws ContentError `CATALOG_INVALID` if the name of a package cannot be the name of a directory.
 */
export async function makeConfigsLayer(
  packages: AsyncIterable<PackageTexts> | Iterable<PackageTexts>,
  directory: string,
): Promise<MadeLayer> {
  return await makeLayer(directory, async (tar) => await packConfigs(tar, packages));
}

/** Packs a layer that hides `/configs` of the layers below it. */
export async function makeWhiteoutLayer(directory: string): Promise<MadeLayer> {
  const name = `.wh.${rebuiltDirectory}`;
  return await makeLayer(directory, async (tar) => await add(tar, name, Buffer.alloc(0)));
}
