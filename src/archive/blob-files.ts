import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { verifyBytes } from '../content/index.ts';
import { ContentError } from '../errors.ts';
import {
  algorithmOf,
  type Descriptor,
  type Digest,
  isDigest,
  type Manifest,
  maxManifestBytes,
  parseManifest,
  successors,
} from '../oci/index.ts';
import { readSmall, Unfinished } from './disk-files.ts';
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

const again = 'Nothing of it was kept: run again, or get an undamaged copy of where it came from.';

async function writeWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const unfinished = new Unfinished();
  try {
    const writing = await unfinished.begin(path);
    for await (const chunk of bytes) await writing.write(chunk);
    await writing.place();
  } catch (thrown) {
    await unfinished.drop();
    throw thrown;
  }
}

/** Finds a blob of a manifest that is not there as a whole. */
export async function findLostBlob(
  manifest: Manifest,
  files: BlobFiles,
): Promise<Digest | undefined> {
  for (const { digest, size } of successors(manifest).blobs) {
    if ((await files.size(digest)) !== size) return digest;
  }
  return undefined;
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
        yield* verifyBytes(
          descriptor,
          createReadStream(path, { highWaterMark: 256 * 1024 }),
          again,
        );
      } catch (thrown) {
        if (thrown instanceof ContentError) await rm(path, { force: true }).catch(() => {});
        throw thrown;
      }
    },
    write: (descriptor, bytes) =>
      writeWhole(placeOf(descriptor.digest), verifyBytes(descriptor, bytes, again)),
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
