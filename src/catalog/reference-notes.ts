import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, isDigest } from '../oci/index.ts';
import { keepSealed, readSealed } from './sealed.ts';
import type { CatalogStoreOptions } from './store.ts';

/** The digests that references of catalogs had at their last request, for use when no registry answers. */
export interface ReferenceNotes {
  /** Gives the digest of a reference; `undefined` if the note is missing or damaged. */
  recall(reference: string): Promise<Digest | undefined>;
  /** Notes the present digest of a reference. Never throws: it is a cache. */
  remember(reference: string, digest: Digest): Promise<void>;
  /** Gives the digests of all notes. */
  noted(): Promise<readonly Digest[]>;
}

interface Note {
  readonly reference?: unknown;
  readonly digest?: unknown;
}

async function readNote(path: string): Promise<Note | undefined> {
  return (await readSealed(path)) as Note | undefined;
}

function digestIn({ digest }: Note = {}): Digest | undefined {
  return typeof digest === 'string' && isDigest(digest) ? digest : undefined;
}

/**
 * Opens the notes beside the stored catalogs: one small file for each reference, so that two runs never write the same file for
 * different references. Tags move, so a note may be out of date.
 */
export function openReferenceNotes({ directory, log }: CatalogStoreOptions): ReferenceNotes {
  const notes = join(directory, 'references');
  // An author writes references: no part of one may become part of a path.
  const pathOf = (reference: string): string =>
    join(notes, `${createHash('sha256').update(reference).digest('hex')}.json`);
  return {
    async recall(reference) {
      const note = await readNote(pathOf(reference));
      return note?.reference === reference ? digestIn(note) : undefined;
    },
    async remember(reference, digest) {
      await keepSealed(pathOf(reference), { reference, digest }, log);
    },
    async noted() {
      const names = await readdir(notes).catch(() => []);
      const found = await Promise.all(names.map((name) => readNote(join(notes, name))));
      return found.flatMap((note) => digestIn(note) ?? []);
    },
  };
}
