import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, storageError, temporaryName } from '../base/index.ts';
import type { ContentSource } from '../content/index.ts';
import { messageOf, StorageError } from '../errors.ts';
import type { WholeImage } from '../image/index.ts';
import type { Logger } from '../log.ts';
import { type Digest, hexOf } from '../oci/index.ts';
import { visitConfigs } from './configs.ts';
import { openIngest } from './ingest.ts';
import type { CatalogReader } from './model.ts';
import { createPackageReader, type PackageReader, StoreDamage } from './read-package.ts';
import { keepSealed, readSealed, writeSealed } from './sealed.ts';
import { composeIndex, packageNamesOf, type StoreIndex, storeFormat } from './store-index.ts';

/** An unpacked catalog in the workspace. */
export interface StoredCatalog extends CatalogReader {
  /** The directory of this catalog alone; results may be stored there too. */
  readonly directory: string;
  /** Gives the value of a key if it is whole; keys are lower-case letters, digits and hyphens. */
  recall(key: string): Promise<unknown>;
  /** Keeps a JSON value under a key. Never throws: it is a cache. */
  remember(key: string, value: unknown): Promise<void>;
}

const rebuildHint = 'The next command that can reach its registry unpacks it again.';

/** The place of unpacked catalogs. */
export interface CatalogStoreOptions {
  /** Each catalog has a directory inside, named by its digest. */
  readonly directory: string;
  readonly log: Logger;
}

const indexFile = 'index.json';
const blobsFile = 'blobs';
/** The time of this file is the last use of the catalog. */
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

async function fill(directory: string, image: WholeImage, source: ContentSource): Promise<void> {
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

/** Moves a whole store to its place; another process may have done so first. */
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

/** Unpacks a catalog beside its place and moves it there at the end. */
async function build(
  directory: string,
  image: WholeImage,
  source: ContentSource,
): Promise<OpenStore> {
  const temporary = temporaryName(directory);
  try {
    await fill(temporary, image, source);
    await publish(temporary, directory);
  } catch (cause) {
    throw isSystemError(cause) ? cannotUnpack(directory, cause) : cause;
  } finally {
    // A failed removal must not hide the first error.
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

/** `repair` replaces a damaged store, or throws. */
function toCatalog(
  opened: OpenStore,
  { directory, log }: CatalogStoreOptions,
  repair: (damage: StoreDamage) => Promise<OpenStore>,
): StoredCatalog {
  let store = opened;
  return {
    directory,
    packageNames: packageNamesOf(store.index),
    async read(name) {
      try {
        return await store.packages(name);
      } catch (cause) {
        if (!(cause instanceof StoreDamage)) throw cause;
        store = await repair(cause);
        return await store.packages(name);
      }
    },
    recall: async (key) => await readSealed(resultFile(directory, key)),
    remember: async (key, value) => await keepSealed(resultFile(directory, key), value, log),
  };
}

/** Tells whether the workspace has a catalog, so that its layers need not be downloaded. */
export async function hasCatalog(
  { directory }: Pick<CatalogStoreOptions, 'directory'>,
  digest: Digest,
): Promise<boolean> {
  return (await openStore(join(directory, hexOf(digest)))) !== undefined;
}

/**
 * Opens a catalog from the workspace, else from its image.
 *
 * Effects: the first call streams its configs into `<directory>/<digest's hex>/`, which appears whole or not at all. A damaged,
 * partial or older store is built again, even if the damage shows only when a package is read.
 * Memory: one document while unpacking, one package while reading.
 * @throws ContentError `CATALOG_INVALID`, RegistryError; `read` throws ContentError `CATALOG_INVALID` naming file and package.
 */
export async function openCatalog(
  image: WholeImage,
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
  return toCatalog(store, { directory, log }, async ({ message }) => {
    log.log('warn', `${message} The catalog is unpacked again.`);
    await rm(join(directory, indexFile), { force: true });
    return await build(directory, image, source);
  });
}

/**
 * Opens a catalog from the workspace alone; `undefined` if it is not there as a whole.
 *
 * Its `read` throws as that of {@link openCatalog}, and StorageError if the store is damaged.
 */
export async function openStoredCatalog(
  digest: Digest,
  { directory: parent, log }: CatalogStoreOptions,
): Promise<StoredCatalog | undefined> {
  const directory = join(parent, hexOf(digest));
  const store = await openStore(directory);
  if (!store) return undefined;
  return toCatalog(store, { directory, log }, async (cause) => {
    throw new StorageError('STORAGE_FAILED', cause.message, { cause, hint: rebuildHint });
  });
}
