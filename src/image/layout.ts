import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { verifyBytes } from '../content/index.ts';
import { ContentError, messageOf } from '../errors.ts';
import {
  algorithmOf,
  type Digest,
  digestOf,
  hexOf,
  isDigest,
  type Manifest,
  maxManifestBytes,
  mediaTypes,
  parseManifest,
} from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';
import { readOnlyRepository } from './read-only.ts';

/** Images in a directory. */
export interface ImageLayout {
  /** The only manifest of the directory, or the list of several as an index. */
  readonly root: Manifest;
  readonly repository: Repository;
}

/** Reads a manifest's file; `undefined` if it is missing. */
async function readManifestFile(path: string): Promise<Uint8Array | undefined> {
  return await readSmall(path).catch((cause: unknown) => {
    if (cause instanceof ContentError) throw cause;
    return undefined;
  });
}

/** Gives the size of a file. A device is refused: it has no end, and its size says nothing. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path);
  if (found.isFile()) return found.size;
  throw new Error(`${path} is no file`);
}

async function readSmall(path: string): Promise<Uint8Array> {
  const size = await sizeOf(path);
  if (size <= maxManifestBytes) return await readFile(path);
  throw new ContentError('TOO_LARGE', `The manifest in ${path} has ${size} bytes.`, {
    expected: `at most ${maxManifestBytes} bytes`,
  });
}

async function readIndex(directory: string): Promise<Manifest & { readonly kind: 'index' }> {
  let raw: Uint8Array;
  try {
    raw = await readSmall(join(directory, 'index.json'));
  } catch (cause) {
    if (cause instanceof ContentError) throw cause;
    const message = `${directory} is no image layout: ${messageOf(cause)}`;
    throw new ContentError('CATALOG_INVALID', message, {
      cause,
      hint: 'An oci:// reference names a directory with index.json, oci-layout and blobs.',
    });
  }
  const index = parseManifest(raw, mediaTypes.ociIndex);
  if (index.kind === 'index' && index.manifests.length > 0) return index;
  throw new ContentError('CATALOG_INVALID', `${join(directory, 'index.json')} lists no images.`);
}

/**
 * Opens an OCI image layout as a read-only repository; everything is verified by digest.
 *
 * Several manifests in its `index.json` are treated as one index, whose digest is that of the file.
 * @throws ContentError `CATALOG_INVALID` if the directory is no image layout.
 * @see image-spec v1.1, image-layout.md
 */
export async function openLayout(directory: string): Promise<ImageLayout> {
  const index = await readIndex(directory);
  const pathOf = (digest: Digest): string =>
    join(directory, 'blobs', algorithmOf(digest), hexOf(digest));
  const typeOf = new Map(index.manifests.map(({ digest, mediaType }) => [digest, mediaType]));

  async function manifest(digest: Digest): Promise<Manifest | undefined> {
    if (digest === index.descriptor.digest) return index;
    if (!isDigest(digest)) return undefined;
    const raw = await readManifestFile(pathOf(digest));
    if (!raw) return undefined;
    const algorithm = algorithmOf(digest);
    const actual = digestOf(raw, algorithm);
    if (actual === digest) return parseManifest(raw, typeOf.get(digest), algorithm);
    throw new ContentError('DIGEST_MISMATCH', `The file of manifest ${digest} has other content.`, {
      expected: digest,
      actual,
    });
  }
  const exists = async (digest: Digest): Promise<boolean> =>
    await sizeOf(pathOf(digest)).then(
      () => true,
      () => false,
    );
  const repository = readOnlyRepository(basename(directory), {
    place: `oci://${directory}`,
    manifest,
    exists,
    async blob(descriptor) {
      if (!(await exists(descriptor.digest))) return undefined;
      const path = pathOf(descriptor.digest);
      return verifyBytes(descriptor, createReadStream(path, { highWaterMark: 1024 * 1024 }));
    },
  });
  const [only, ...others] = index.manifests;
  if (!only || others.length > 0) return { root: index, repository };
  const root = await manifest(only.digest);
  if (root) return { root, repository };
  throw new ContentError('CATALOG_INVALID', `${directory} lacks its manifest ${only.digest}.`);
}
