import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, storageError, temporaryName } from '../base/index.ts';
import type { ContentSource } from '../content/index.ts';
import { messageOf, StorageError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type Digest, hexOf } from '../oci/index.ts';
import { visitConfigs } from './configs.ts';
import type { CatalogImage } from './image.ts';
import { openIngest } from './ingest.ts';
import type { CatalogReader, PackageBlobs } from './model.ts';
import { createPackageReader, type PackageReader, StoreDamage } from './read-package.ts';
import { readSealed, type Sealed, writeSealed } from './sealed.ts';
import { composeIndex, packageNamesOf, type StoreIndex, storeFormat } from './store-index.ts';

/** A catalog that lies unpacked in the workspace. */
export interface StoredCatalog extends CatalogReader {
  /** The directory that is this catalog's alone; what is made of it may lie there too. */
  readonly directory: string;
  /** Gives what was kept under a key, if it is whole; keys are lower-case letters, digits and hyphens. */
  recall(key: string): Promise<unknown>;
  /** Keeps a JSON value under a key. Never throws: it is a cache. */
  remember(key: string, value: unknown): Promise<void>;
}

const rebuildHint = 'The next command that can reach its registry unpacks it again.';

/** Where catalogs are unpacked. */
export interface CatalogStoreOptions {
  /** Catalogs lie in it by digest. */
  readonly directory: string;
  readonly log: Logger;
}

const indexFile = 'index.json';
const blobsFile = 'blobs';
/** When this file was written last, the catalog was opened last. */
export const useMark = 'used';

interface OpenStore {
  readonly index: StoreIndex;
  readonly packages: PackageReader;
}

async function openStore(directory: string): Promise<OpenStore | undefined> {
  const index = (await readSealed(join(directory, indexFile))) as StoreIndex | undefined;
  if (index?.format !== storeFormat) return undefined;
  return { index, packages: createPackageReader(join(directory, blobsFile), index) };
}

async function fill(directory: string, image: CatalogImage, source: ContentSource): Promise<void> {
  const [instance] = image.instances;
  if (!instance) return;
  await mkdir(directory, { recursive: true });
  const ingest = await openIngest(join(directory, blobsFile));
  try {
    await visitConfigs(instance, source, ingest.visitor);
  } finally {
    await ingest.close();
  }
  await writeSealed(join(directory, indexFile), composeIndex(ingest.files));
}

/** Moves a whole store to its place; another process may have been there first. */
async function publish(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch {
    if (!(await openStore(to))) {
      await rm(to, { recursive: true, force: true });
      await rename(from, to);
    }
  }
}

/** Unpacks a catalog beside its place and moves it there when it is whole. */
async function build(
  directory: string,
  image: CatalogImage,
  source: ContentSource,
): Promise<OpenStore> {
  const temporary = temporaryName(directory);
  try {
    await fill(temporary, image, source);
    await publish(temporary, directory);
  } catch (cause) {
    throw isSystemError(cause) ? cannotUnpack(directory, cause) : cause;
  } finally {
    // What cannot be removed must not hide why it is there.
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
  }
  const opened = await openStore(directory);
  if (opened) return opened;
  throw cannotUnpack(directory, new Error('what was written cannot be read back'));
}

function cannotUnpack(directory: string, cause: unknown): StorageError {
  const message = `The catalog cannot be unpacked into ${directory}: ${messageOf(cause)}`;
  const hint =
    'Catalogs are unpacked into the workspace; it has to be writable and needs up to a gigabyte for each.';
  return storageError(message, cause, hint);
}

function resultFile(directory: string, key: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,127}$/.test(key)) throw new TypeError(`"${key}" is no key.`);
  return join(directory, 'filtered', `${key}.json`);
}

function createResults({ directory, log }: CatalogStoreOptions) {
  return {
    recall: async (key: string): Promise<Sealed | undefined> =>
      await readSealed(resultFile(directory, key)),
    async remember(key: string, value: unknown): Promise<void> {
      const path = resultFile(directory, key);
      try {
        await mkdir(join(directory, 'filtered'), { recursive: true });
        await writeSealed(path, value);
      } catch (cause) {
        log.log('debug', `${path} cannot be written: ${messageOf(cause)}`);
      }
    },
  };
}

/** Tells whether a catalog lies in the workspace, so that it can be opened without its layers. */
export async function hasCatalog(
  { directory }: Pick<CatalogStoreOptions, 'directory'>,
  digest: Digest,
): Promise<boolean> {
  return (await openStore(join(directory, hexOf(digest)))) !== undefined;
}

/**
 * Opens a catalog: out of the workspace when it lies there, else out of its image.
 *
 * Effects: the first time its configs are streamed into `<directory>/<digest's hex>/`, which appears whole or not at all; a store
 * that is broken, partial or of an older layout is built again, also when that shows only as a package is read.
 * Memory: one document while unpacking, one package while reading.
 * @throws ContentError `CATALOG_INVALID`, RegistryError; `read` throws ContentError `CATALOG_INVALID` naming file and package.
 */
export async function openCatalog(
  image: CatalogImage,
  source: ContentSource,
  { directory: parent, log }: CatalogStoreOptions,
): Promise<StoredCatalog> {
  const directory = join(parent, hexOf(image.root.descriptor.digest));
  let store = await openStore(directory);
  if (!store) {
    log.log('debug', `Unpacking the catalog ${source.repository.name} into ${directory}.`);
    store = await build(directory, image, source);
  }
  await writeFile(join(directory, useMark), '').catch(() => {});
  let opened = store;
  async function read(name: string): Promise<PackageBlobs | undefined> {
    try {
      return await opened.packages(name);
    } catch (cause) {
      if (!(cause instanceof StoreDamage)) throw cause;
      log.log('warn', `${cause.message} The catalog is unpacked again.`);
      await rm(join(directory, indexFile), { force: true });
      opened = await build(directory, image, source);
      return await opened.packages(name);
    }
  }
  const packageNames = packageNamesOf(store.index);
  return { directory, packageNames, read, ...createResults({ directory, log }) };
}

/**
 * Opens a catalog out of the workspace alone, whatever became of its image; `undefined` when it does not lie there whole.
 *
 * Its `read` throws as that of {@link openCatalog}, and StorageError when what lies there was damaged.
 */
export async function openStoredCatalog(
  digest: Digest,
  { directory: parent, log }: CatalogStoreOptions,
): Promise<StoredCatalog | undefined> {
  const directory = join(parent, hexOf(digest));
  const store = await openStore(directory);
  if (!store) return undefined;
  async function read(name: string): Promise<PackageBlobs | undefined> {
    try {
      return await store?.packages(name);
    } catch (cause) {
      if (!(cause instanceof StoreDamage)) throw cause;
      throw new StorageError('STORAGE_FAILED', cause.message, { cause, hint: rebuildHint });
    }
  }
  const packageNames = packageNamesOf(store.index);
  return { directory, packageNames, read, ...createResults({ directory, log }) };
}
