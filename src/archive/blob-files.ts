import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageError, temporaryName } from '../base/index.ts';
import { ContentError, messageOf } from '../errors.ts';
import {
  algorithmOf,
  type Descriptor,
  type Digest,
  Digester,
  isDigest,
  type Manifest,
  maxManifestBytes,
  parseManifest,
} from '../oci/index.ts';
import { blobPath, placeIn, storeRoot } from './layout.ts';

/** The blobs of a cache, whatever repository they belong to. */
export interface BlobFiles {
  /** Gives the bytes that a blob has on disk; `undefined` when it is not there. */
  size(digest: Digest): Promise<number | undefined>;
  /**
   * Streams a blob; size and digest are verified at the end. A damaged blob is removed, so that the next run brings it again.
   * @throws ContentError `DIGEST_MISMATCH`, `SIZE_MISMATCH`
   */
  stream(descriptor: Pick<Descriptor, 'digest' | 'size'>): AsyncGenerator<Uint8Array>;
  /**
   * Writes a blob beside its place and moves it there once size and digest are right.
   * @throws ContentError `DIGEST_MISMATCH`, `SIZE_MISMATCH`; StorageError
   */
  write(
    descriptor: Pick<Descriptor, 'digest' | 'size'>,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<void>;
  /** Lists all blobs. */
  digests(): Promise<readonly Digest[]>;
  remove(digest: Digest): Promise<void>;
  /** Reads a manifest; `undefined` when it is not there as a whole. */
  manifest(digest: Digest): Promise<Manifest | undefined>;
}

/** Reads small files whole; absence is `undefined`. */
export async function readSmall(path: string, most: number): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(path);
    return size > most ? undefined : await readFile(path);
  } catch {
    return undefined;
  }
}

function wrongBytes(digest: Digest, actual: string): ContentError {
  return new ContentError('DIGEST_MISMATCH', `The blob ${digest} is not what its digest names.`, {
    expected: digest,
    actual,
    hint: 'Nothing of it was kept: run again, or get an undamaged copy of where it came from.',
  });
}

function wrongSize({ digest, size }: Pick<Descriptor, 'digest' | 'size'>, actual: number) {
  return new ContentError('SIZE_MISMATCH', `The blob ${digest} has ${actual} bytes.`, {
    expected: `${size} bytes`,
    actual: `${actual} bytes`,
    hint: 'Nothing of it was kept: run again, or get an undamaged copy of where it came from.',
  });
}

/** Passes bytes on, and says at their end whether they are what they should be. */
export async function* verifyBytes(
  descriptor: Pick<Descriptor, 'digest' | 'size'>,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { digest, size } = descriptor;
  const digester = new Digester(algorithmOf(digest));
  let seen = 0;
  for await (const chunk of bytes) {
    seen += chunk.byteLength;
    if (seen > size) throw wrongSize(descriptor, seen);
    digester.update(chunk);
    yield chunk;
  }
  if (seen !== size) throw wrongSize(descriptor, seen);
  const actual = digester.end();
  if (actual !== digest) throw wrongBytes(digest, actual);
}

/** Makes the error of a cache that cannot be written. */
export function cannotStore(path: string, cause: unknown): Error {
  return storageError(
    `${path} cannot be written: ${messageOf(cause)}`,
    cause,
    'The cache needs room for everything that is mirrored; --cache-dir puts it on another disk.',
  );
}

async function writeVerified(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = temporaryName(path);
  await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
    throw cannotStore(path, cause);
  });
  const file = await open(temporary, 'wx').catch((cause: unknown) => {
    throw cannotStore(path, cause);
  });
  try {
    for await (const chunk of bytes) {
      await file.writeFile(chunk).catch((cause: unknown) => {
        throw cannotStore(path, cause);
      });
    }
    await file.close();
    await rename(temporary, path);
  } catch (thrown) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true }).catch(() => {});
    throw thrown;
  }
}

/** Lists the digests of directories `<algorithm>/<two digits>/<hex>`. */
async function listDigests(root: string): Promise<readonly Digest[]> {
  const found: Digest[] = [];
  for (const algorithm of await readdir(root).catch(() => [])) {
    for (const start of await readdir(join(root, algorithm)).catch(() => [])) {
      const names = await readdir(join(root, algorithm, start)).catch(() => []);
      found.push(...names.map((hex) => `${algorithm}:${hex}`).filter(isDigest));
    }
  }
  return found;
}

/** Opens the blobs of a cache. */
export function openBlobFiles(directory: string): BlobFiles {
  const placeOf = (digest: Digest): string => placeIn(directory, blobPath(digest));
  const size = async (digest: Digest): Promise<number | undefined> => {
    const found = await stat(placeOf(digest)).catch(() => undefined);
    return found?.isFile() ? found.size : undefined;
  };
  return {
    size,
    async *stream(descriptor) {
      const path = placeOf(descriptor.digest);
      try {
        yield* verifyBytes(descriptor, createReadStream(path, { highWaterMark: 256 * 1024 }));
      } catch (thrown) {
        if (thrown instanceof ContentError) await rm(path, { force: true }).catch(() => {});
        throw thrown;
      }
    },
    write: (descriptor, bytes) =>
      writeVerified(placeOf(descriptor.digest), verifyBytes(descriptor, bytes)),
    digests: () => listDigests(placeIn(directory, `${storeRoot}/blobs`)),
    remove: (digest) => rm(dirname(placeOf(digest)), { recursive: true, force: true }),
    async manifest(digest) {
      const bytes = await readSmall(placeOf(digest), maxManifestBytes);
      if (!bytes) return undefined;
      const manifest = parseManifest(new Uint8Array(bytes), undefined, algorithmOf(digest));
      return manifest.descriptor.digest === digest ? manifest : undefined;
    },
  };
}
