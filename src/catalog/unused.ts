import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { hexOf } from '../oci/index.ts';
import { openReferenceNotes } from './reference-notes.ts';
import { type CatalogStoreOptions, useMark } from './store.ts';

/** After so long without use a stored catalog is removed: tags of catalogs move every day, and each is large. */
const keptUnusedMs = 7 * 24 * 60 * 60 * 1000;

/** Stores, and remains of killed runs. */
const storeName = /^([0-9a-f]{64})(?:\.\d+-\d+\.tmp)?$/;

async function lastUse(directory: string): Promise<number> {
  const found = await stat(join(directory, useMark)).catch(() => stat(directory));
  return found.mtimeMs;
}

/**
 * Removes stored catalogs that were not opened for a week; a catalog stays if a tag had its digest at the last request.
 *
 * Shape: `now` in milliseconds since the epoch. Never throws: an extra catalog only takes space.
 */
export async function forgetUnusedCatalogs(
  options: CatalogStoreOptions,
  now: number,
): Promise<void> {
  const { directory, log } = options;
  try {
    const names = (await readdir(directory)).filter((name) => storeName.test(name));
    if (names.length === 0) return;
    const noted = new Set((await openReferenceNotes(options).noted()).map(hexOf));
    for (const name of names.filter((one) => !noted.has(one))) {
      const path = join(directory, name);
      if (now - (await lastUse(path)) < keptUnusedMs) continue;
      log.log('debug', `Nobody used the catalog in ${path} for a week: it is removed.`);
      await rm(path, { recursive: true, force: true });
    }
  } catch (cause) {
    // A workspace has no catalogs before the first one is read.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    log.log('debug', `Unused catalogs in ${directory} cannot be removed: ${messageOf(cause)}`);
  }
}
