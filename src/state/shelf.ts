import type { Digest } from '../oci/index.ts';
import type { DecodedSnapshot } from './encode.ts';
import type { EntryId } from './entry-id.ts';
import type { Snapshot } from './snapshot.ts';
import type { RunId, TagLists } from './types.ts';

/** What lies on a shelf, as far as it lists it. */
export interface ShelfListing {
  readonly entries: readonly EntryId[];
  readonly tagLists: TagLists;
}

/** Where entries lie, each under its own name and written once. Nothing here knows what they say. */
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
  /** Removes entries that nobody needs; where that is refused they stay. */
  drop(ids: readonly EntryId[]): Promise<void>;
  readonly undo: UndoShelf;
}

/** Where undo records lie, one name for each run. */
export interface UndoShelf {
  read(run: RunId): Promise<{ readonly digest: Digest; readonly bytes: Uint8Array } | undefined>;
  write(run: RunId, bytes: Uint8Array): Promise<Digest>;
  list(): Promise<readonly RunId[]>;
}
