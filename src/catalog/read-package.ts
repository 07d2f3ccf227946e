import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { overLimit } from '../base/index.ts';
import { ContentError, messageOf } from '../errors.ts';
import { parseBlob } from './blob.ts';
import { catalogLimits } from './limits.ts';
import type { CatalogBlob, PackageBlobs } from './model.ts';
import {
  type DocumentEntry,
  type FailureEntry,
  type PackageEntry,
  packageDigest,
  type StoreIndex,
} from './store-index.ts';

/** The store differs from its index; it can be built again. */
export class StoreDamage extends Error {}

/** Reads one package of a stored catalog. */
export type PackageReader = (name: string) => Promise<PackageBlobs | undefined>;

/** Bytes of adjacent documents that one read takes at most. */
const maxRunBytes = 8 * 1024 * 1024;

interface Run {
  readonly start: number;
  end: number;
  readonly documents: DocumentEntry[];
}

/** Joins adjacent documents, so that a package needs few reads. */
function runsOf(documents: readonly DocumentEntry[]): readonly Run[] {
  const runs: Run[] = [];
  for (const document of documents) {
    const [, offset, length] = document;
    const last = runs.at(-1);
    if (last && offset === last.end + 1 && offset + length - last.start <= maxRunBytes) {
      last.end = offset + length;
      last.documents.push(document);
    } else runs.push({ start: offset, end: offset + length, documents: [document] });
  }
  return runs;
}

function invalid(name: string, file: string, why: string): ContentError {
  const whose = name === '' ? 'The catalog' : `Package "${name}" of the catalog`;
  return new ContentError('CATALOG_INVALID', `${whose} cannot be read: ${file}: ${why}`, {
    hint: 'Its publisher has to fix the file; packages in other files can be mirrored.',
  });
}

function failureOf(name: string, index: StoreIndex, isKnown: boolean): FailureEntry | undefined {
  const own = index.failures.find(({ packages }) => packages.includes(name));
  // A missing package may be in a lost file.
  return own ?? (isKnown ? undefined : index.failures.find((failure) => failure.mayHideOthers));
}

async function readRun(file: FileHandle, run: Run): Promise<readonly Buffer[]> {
  const bytes = Buffer.allocUnsafe(run.end - run.start);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, run.start);
  if (bytesRead < bytes.length) throw new StoreDamage('A stored catalog is cut off.');
  return run.documents.map(([, offset, length]) =>
    bytes.subarray(offset - run.start, offset - run.start + length),
  );
}

async function openBlobs(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    throw new StoreDamage(`A stored catalog cannot be opened: ${messageOf(cause)}.`);
  }
}

async function readBlobs(
  file: FileHandle,
  entry: PackageEntry,
  index: StoreIndex,
): Promise<readonly CatalogBlob[]> {
  const blobs: CatalogBlob[] = [];
  const digests: Uint8Array[] = [];
  let wrong: ContentError | undefined;
  for (const run of runsOf(entry.documents)) {
    for (const [place, bytes] of (await readRun(file, run)).entries()) {
      digests.push(createHash('sha256').update(bytes).digest());
      const [path = 0, , , format = 'json'] = run.documents[place] ?? [];
      try {
        blobs.push(parseBlob(bytes.toString(), format));
      } catch (cause) {
        wrong ??= invalid(entry.name, index.files[path] ?? '', messageOf(cause));
      }
    }
  }
  if (packageDigest(digests) !== entry.sha256) {
    throw new StoreDamage(`Package "${entry.name}" of a stored catalog is not what was stored.`);
  }
  if (wrong) throw wrong;
  return blobs;
}

/**
 * Makes a reader of the packages of a stored catalog.
 *
 * Memory: one package. Every byte is verified against the index.
 * @throws StoreDamage if the store has to be built again; ContentError `CATALOG_INVALID`, naming file and package, if the
 *   catalog itself is broken.
 */
export function createPackageReader(blobsFile: string, index: StoreIndex): PackageReader {
  const entries = new Map(index.packages.map((entry) => [entry.name, entry]));
  return async (name) => {
    const entry = entries.get(name);
    const failure = failureOf(name, index, entry !== undefined);
    if (failure) throw invalid(name, failure.file, failure.message);
    if (!entry) return undefined;
    const bytes = entry.documents.reduce((sum, [, , length]) => sum + length, 0);
    if (bytes > catalogLimits.package.most) {
      const [first] = entry.documents;
      const why = overLimit('the package', catalogLimits.package).message;
      throw invalid(name, index.files[first?.[0] ?? 0] ?? '', why);
    }
    await using file = await openBlobs(blobsFile);
    return { name, blobs: await readBlobs(file, entry, index) };
  };
}
