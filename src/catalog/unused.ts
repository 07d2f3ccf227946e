import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { hexOf } from '../oci/index.ts';
import { openReferenceNotes } from './reference-notes.ts';
import { type CatalogStoreOptions, useMark } from './store.ts';

/** A stored catalog that nobody opened for so long is forgotten: tags of catalogs move every day, and each is large. */
const keptUnusedMs = 7 * 24 * 60 * 60 * 1000;

/** Stores, and what a killed run left of one. */
const storeName = /^([0-9a-f]{64})(?:\.\d+-\d+\.tmp)?$/;

async function lastUse(directory: string): Promise<number> {
  const found = await stat(join(directory, useMark)).catch(() => stat(directory));
  return found.mtimeMs;
}

/**
 * Removes stored catalogs that were not opened for a week, but for those that a tag meant when it was last asked for.
 *
 * Shape: `now` in milliseconds since the epoch. Never throws: what is too much only takes room.
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
    log.log('debug', `Unused catalogs in ${directory} cannot be removed: ${messageOf(cause)}`);
  }
}
