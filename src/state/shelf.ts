import type { Digest } from '../oci/index.ts';
import type { DecodedSnapshot } from './encode.ts';
import type { EntryId } from './entry-id.ts';
import type { Snapshot } from './snapshot.ts';
import type { RunId, TagLists } from './types.ts';

/** The entries that a shelf lists. */
export interface ShelfListing {
  readonly entries: readonly EntryId[];
  readonly tagLists: TagLists;
}

/** The storage of entries, each under its own name and written once; it does not know their content. */
export interface Shelf {
  /** `undefined` when there is no list. */
  list(): Promise<ShelfListing | undefined>;
  /** Reads an entry; `undefined` when it is not there, or not any more. Throws PlanError `STATE_FORMAT`. */
  read(id: EntryId): Promise<Snapshot | undefined>;
  /** Writes an entry under its own name. */
  put(id: EntryId, snapshot: Snapshot): Promise<void>;
  /** Reads what the one fixed name names. It is a hint: the newest entry where names can be moved. */
  readHead(): Promise<DecodedSnapshot | undefined>;
  /** Lets the fixed name name an entry that was just written; where that is refused the name stays as it is. */
  moveHead(id: EntryId): Promise<'moved' | 'refused'>;
  /** Removes entries that are no longer needed; where the storage refuses that, they stay. */
  drop(ids: readonly EntryId[]): Promise<void>;
  readonly undo: UndoShelf;
}

/** The storage of undo records, one name for each run. */
export interface UndoShelf {
  read(run: RunId): Promise<{ readonly digest: Digest; readonly bytes: Uint8Array } | undefined>;
  write(run: RunId, bytes: Uint8Array): Promise<Digest>;
  list(): Promise<readonly RunId[]>;
}
