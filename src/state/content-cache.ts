import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createOnce, writeAtomically } from '../base/index.ts';
import type { ByteCache } from '../content/index.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { algorithmOf, type Digest, digestOf, hexOf } from '../oci/index.ts';

/**
 * Makes a cache of whole contents in a directory: `sha256/<hex>`.
 *
 * Effects: every read is verified; a file that is not what its name says is removed and counts as missing. After the
 * first write that fails (full or read-only disk) nothing more is written, and one warning says so.
 */
export function createContentCache(directory: string, log: Logger): ByteCache {
  const made = createOnce<unknown>();
  let isGivenUp = false;
  const pathOf = (digest: Digest) => join(directory, algorithmOf(digest), hexOf(digest));

  function giveUp(error: unknown): void {
    if (isGivenUp) return;
    isGivenUp = true;
    log.log(
      'warn',
      `The workspace ${directory} cannot be written (${messageOf(error)}); runs stay correct, but get slower.`,
    );
  }

  return {
    async get(digest) {
      const path = pathOf(digest);
      const bytes = await readFile(path).catch(() => undefined);
      if (!bytes || digestOf(bytes, algorithmOf(digest)) === digest) return bytes;
      log.log('debug', `${path} is not what its name says: removed.`);
      await rm(path, { force: true }).catch(() => {});
      return undefined;
    },
    async put(digest, bytes) {
      if (isGivenUp) return;
      const path = pathOf(digest);
      const parent = dirname(path);
      try {
        await made.run(parent, () => mkdir(parent, { recursive: true }));
        await writeAtomically(path, bytes, { durability: 'cached' });
      } catch (error) {
        giveUp(error);
      }
    },
  };
}
