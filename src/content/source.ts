import { checkLimit, type Limit, oneChunk, readAll } from '../base/index.ts';
import { ContentError, RegistryError } from '../errors.ts';
import {
  algorithmOf,
  type Descriptor,
  type Digest,
  Digester,
  digestOf,
  type Manifest,
  parseManifest,
} from '../oci/index.ts';
import type { Repository } from '../registry/index.ts';

/** Small contents by digest that were read before. It may lose or damage them: every reader verifies what it gets. */
export interface ByteCache {
  get(digest: Digest): Promise<Uint8Array | undefined>;
  put(digest: Digest, bytes: Uint8Array): Promise<void>;
}

/** Where content is read: a repository, and a cache that is asked before it. */
export interface ContentSource {
  readonly repository: Repository;
  readonly cache: ByteCache;
}

/** Gives a manifest that was cached; `undefined` when its bytes are missing, damaged, or do not name their own type. */
export async function recallManifest(
  digest: Digest,
  cache: ByteCache,
): Promise<Manifest | undefined> {
  const bytes = await cache.get(digest);
  try {
    const manifest = bytes && parseManifest(bytes, undefined, algorithmOf(digest));
    return manifest?.descriptor.digest === digest ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a manifest by digest: from the cache, else from the repository; `undefined` when neither has it.
 *
 * Effects: a manifest that was fetched is cached.
 */
export async function lookUpManifest(
  digest: Digest,
  { repository, cache }: ContentSource,
): Promise<Manifest | undefined> {
  const known = await recallManifest(digest, cache);
  if (known) return known;
  const manifest = await repository.manifests.fetch(digest);
  if (manifest) await cache.put(digest, manifest.raw);
  return manifest;
}

/**
 * Reads a manifest that has to be there; `what` names the content in the hint: `catalog`, `release`.
 * @throws RegistryError `NOT_FOUND`, or the failure of the registry.
 */
export async function requireManifest(
  digest: Digest,
  source: ContentSource,
  what: string,
): Promise<Manifest> {
  const manifest = await lookUpManifest(digest, source);
  if (manifest) return manifest;
  const { registry, name } = source.repository;
  throw new RegistryError('NOT_FOUND', `${registry}/${name} has no manifest ${digest}.`, {
    hint: `The ${what} may be withdrawn, or the registry is a mirror that lacks it.`,
  });
}

/**
 * Reads a blob whole: from the cache, else from the repository.
 *
 * Effects: a blob that was fetched is cached. Every byte is verified against the digest.
 * @throws ContentError `TOO_LARGE` past `limit`, before anything is fetched; the failure of the registry.
 */
export async function readBlob(
  blob: Descriptor,
  { repository, cache }: ContentSource,
  { what, limit }: { readonly what: string; readonly limit: Limit },
): Promise<Uint8Array> {
  checkLimit(what, blob.size, limit);
  const cached = await cache.get(blob.digest);
  if (cached && digestOf(cached, algorithmOf(blob.digest)) === blob.digest) return cached;
  const bytes = await readAll(await repository.blobs.fetch(blob));
  await cache.put(blob.digest, bytes);
  return bytes;
}

/** Opens a blob of any size: one within `limit` by {@link readBlob}, a larger one as it streams from the repository. */
export async function openBlob(
  blob: Descriptor,
  source: ContentSource,
  limit: Limit,
): Promise<AsyncIterable<Uint8Array>> {
  if (blob.size > limit.most) return await source.repository.blobs.fetch(blob);
  return oneChunk(await readBlob(blob, source, { what: `Blob ${blob.digest}`, limit }));
}

/** Makes the error of a blob whose bytes have another digest. */
export function wrongBytes(digest: Digest, actual: Digest, hint?: string): ContentError {
  const message = `The blob ${digest} is not what its digest names.`;
  return new ContentError('DIGEST_MISMATCH', message, { expected: digest, actual, hint });
}

function wrongSize({ digest, size }: BlobName, actual: number, hint?: string): ContentError {
  return new ContentError('SIZE_MISMATCH', `The blob ${digest} has ${actual} bytes.`, {
    expected: `${size} bytes`,
    actual: `${actual} bytes`,
    hint,
  });
}

type BlobName = Pick<Descriptor, 'digest' | 'size'>;

/**
 * Passes the bytes of a file on, and says at their end whether they are the blob; `hint` is the remedy where they are not.
 * @throws ContentError `DIGEST_MISMATCH`, `SIZE_MISMATCH`
 */
export async function* verifyBytes(
  blob: BlobName,
  bytes: AsyncIterable<Uint8Array>,
  hint?: string,
): AsyncGenerator<Uint8Array> {
  const { digest, size } = blob;
  const digester = new Digester(algorithmOf(digest));
  let seen = 0;
  for await (const chunk of bytes) {
    seen += chunk.byteLength;
    if (seen > size) throw wrongSize(blob, seen, hint);
    digester.update(chunk);
    yield chunk;
  }
  if (seen !== size) throw wrongSize(blob, seen, hint);
  const actual = digester.end();
  if (actual !== digest) throw wrongBytes(digest, actual, hint);
}
