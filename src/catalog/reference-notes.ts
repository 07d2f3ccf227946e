import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { type Digest, isDigest } from '../oci/index.ts';
import { readSealed, writeSealed } from './sealed.ts';
import type { CatalogStoreOptions } from './store.ts';

/** What references of catalogs meant when they were last asked for; it serves where nobody can be asked. */
export interface ReferenceNotes {
  /** Gives what a reference meant; `undefined` when that is not known, or the note is not whole. */
  recall(reference: string): Promise<Digest | undefined>;
  /** Notes what a reference means now. Never throws: it is a cache. */
  remember(reference: string, digest: Digest): Promise<void>;
}

/**
 * Opens the notes beside the stored catalogs: one small file for each reference, so that two runs never write the same file for
 * different references. Tags move; only a registry knows what one means now.
 */
export function openReferenceNotes({ directory, log }: CatalogStoreOptions): ReferenceNotes {
  const notes = join(directory, 'references');
  // References are an author's text: no part of one may become part of a path.
  const pathOf = (reference: string): string =>
    join(notes, `${createHash('sha256').update(reference).digest('hex')}.json`);
  return {
    async recall(reference) {
      const note = (await readSealed(pathOf(reference))) as
        | { readonly reference?: unknown; readonly digest?: unknown }
        | undefined;
      const { digest } = note?.reference === reference ? note : {};
      return typeof digest === 'string' && isDigest(digest) ? digest : undefined;
    },
    async remember(reference, digest) {
      const path = pathOf(reference);
      try {
        await mkdir(notes, { recursive: true });
        await writeSealed(path, { reference, digest });
      } catch (cause) {
        log.log('debug', `${path} cannot be written: ${messageOf(cause)}`);
      }
    },
  };
}
