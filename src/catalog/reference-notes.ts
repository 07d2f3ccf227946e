import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
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
  /** Gives every digest that a reference meant. */
  noted(): Promise<readonly Digest[]>;
}

/** What lies in a note. */
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
 * different references. Tags move; only a registry knows what one means now.
 */
export function openReferenceNotes({ directory, log }: CatalogStoreOptions): ReferenceNotes {
  const notes = join(directory, 'references');
  // References are an author's text: no part of one may become part of a path.
  const pathOf = (reference: string): string =>
    join(notes, `${createHash('sha256').update(reference).digest('hex')}.json`);
  return {
    async recall(reference) {
      const note = await readNote(pathOf(reference));
      return note?.reference === reference ? digestIn(note) : undefined;
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
    async noted() {
      const names = await readdir(notes).catch(() => []);
      const found = await Promise.all(names.map((name) => readNote(join(notes, name))));
      return found.flatMap((note) => digestIn(note) ?? []);
    },
  };
}
