import { RegistryError } from '../errors.ts';
import { type Digest, digestOf } from '../oci/index.ts';
import type { DecodedSnapshot } from './encode.ts';
import { type EntryId, entryId, numberOf } from './entry-id.ts';
import { sayState, stateOfSnapshot } from './facts.ts';
import type { Shelf, ShelfListing } from './shelf.ts';
import {
  emptySnapshot,
  hasSeen,
  haveSameFacts,
  highestNumber,
  joinSnapshots,
  type Snapshot,
  withEntry,
} from './snapshot.ts';
import type {
  RunId,
  State,
  StateStore,
  StoredState,
  StoredUndo,
  TagLists,
  UndoRecord,
  WritePurpose,
  WrittenState,
} from './types.ts';
import { decodeUndo, encodeUndo, mergeUndo } from './undo.ts';
import { unreadableState } from './unreadable.ts';

/** Times that a list is read again when entries of it are gone: another run tidied in between. */
const rounds = 5;
/** Entries that no other entry has seen: as many runs would have to write at once. */
const maxUnseen = 1_000;
/** Times that a last write is repeated while others write. */
const attempts = 3;

interface Read {
  readonly snapshot: Snapshot;
  readonly listed: readonly EntryId[];
  /** How an entry that was just written is found: in the list, or in another entry that has seen it already. */
  readonly entry: 'listed' | 'joined' | 'not found';
}

/** Joins the listed entries that a snapshot has not seen, the newest first: it has mostly seen the others. */
async function joinListed(
  start: Snapshot | undefined,
  { entries }: Pick<ShelfListing, 'entries'>,
  shelf: Shelf,
): Promise<{ readonly snapshot: Snapshot | undefined; readonly isWhole: boolean }> {
  let snapshot = start;
  let isWhole = true;
  const isUnseen = (id: EntryId) => !snapshot || !hasSeen(snapshot, id);
  const open = entries.filter(isUnseen).sort().reverse();
  let count = 0;
  for (const id of open) {
    if (!isUnseen(id)) continue;
    count += 1;
    if (count > maxUnseen) throw unreadableState(`more than ${maxUnseen} entries are not joined`);
    const found = await shelf.read(id);
    if (found) snapshot = snapshot ? joinSnapshots(snapshot, found) : found;
    else isWhole = false;
  }
  return { snapshot, isWhole };
}

/** Reads until every listed entry was seen; an entry that is listed and not there was removed by another run. */
async function joinAll(
  start: Snapshot | undefined,
  first: ShelfListing | undefined,
  shelf: Shelf,
): Promise<{
  readonly snapshot: Snapshot | undefined;
  readonly listing: ShelfListing | undefined;
}> {
  let [snapshot, listing] = [start, first];
  for (let round = 1; listing && round <= rounds; round += 1) {
    const joined = await joinListed(snapshot, listing, shelf);
    snapshot = joined.snapshot;
    if (joined.isWhole) break;
    listing = await shelf.list();
  }
  return { snapshot, listing };
}

/** A list that does not know what the fixed name proves is no list. */
async function trustOf(
  listing: ShelfListing | undefined,
  head: { readonly id: EntryId } | undefined,
  shelf: Shelf,
): Promise<TagLists> {
  const isNamed = listing !== undefined && listing.entries.length > 0;
  if (!head || numberOf(head.id) === 0 || isNamed) return listing?.tagLists ?? 'unknown';
  if (!listing) return 'incomplete';
  return (await shelf.read(head.id)) ? 'incomplete' : listing.tagLists;
}

function notListed(): RegistryError {
  return new RegistryError(
    'UNEXPECTED_STATUS',
    'The state was written, but the registry does not list its tag and lets no tag be moved: no later run would find it.',
    {
      hint: 'Let the state lie in a directory: --state DIRECTORY on the command line, "state: DIRECTORY" in the action.',
    },
  );
}

function versionOf({ seen }: Snapshot): string {
  return digestOf(new TextEncoder().encode(JSON.stringify([...seen].sort())));
}

/** Reads and joins entries, and writes new ones, for one run. */
class EntryStore implements StateStore {
  readonly token: string;
  readonly #shelf: Shelf;
  /** The snapshot that was read or written last; absent: nothing was read. */
  #known: Snapshot | undefined;
  #lists: TagLists = 'unknown';

  constructor(shelf: Shelf, token: string) {
    this.#shelf = shelf;
    this.token = token;
  }

  async read(): Promise<StoredState | undefined> {
    const found = await this.#readFirst();
    this.#known = found ?? emptySnapshot;
    return found && this.#stored(found);
  }

  async update(derive: (state: State) => State, purpose: WritePurpose): Promise<WrittenState> {
    const before = this.#known ?? (await this.#readFirst()) ?? emptySnapshot;
    const id = this.#nextId(before);
    const said = sayState(before, derive(stateOfSnapshot(before)), id);
    if (!said) return { ...this.#stored(before), hasOthers: false };
    await this.#shelf.put(id, said);
    const written = { id, snapshot: said };
    const { snapshot } = await (purpose === 'final'
      ? this.#settle(written)
      : this.#readBack(written));
    this.#known = snapshot;
    const hasOthers = [...snapshot.seen].some(
      ([token, number]) => token !== this.token && number > (said.seen.get(token) ?? -1),
    );
    return { ...this.#stored(snapshot), hasOthers };
  }

  async writeUndo(id: number, records: readonly UndoRecord[]): Promise<Digest> {
    const run = { id, token: this.token };
    const all = await mergeUndo(async () => (await this.readUndo(run))?.records, records);
    return await this.#shelf.undo.write(run, encodeUndo(all));
  }

  async readUndo(run: RunId): Promise<StoredUndo | undefined> {
    const found = await this.#shelf.undo.read(run);
    return found && { digest: found.digest, records: decodeUndo(found.bytes) };
  }

  listUndo(): Promise<readonly RunId[]> {
    return this.#shelf.undo.list();
  }

  async #readFirst(): Promise<Snapshot | undefined> {
    const shelf = this.#shelf;
    const [head, listed] = await Promise.all([shelf.readHead(), shelf.list()]);
    // A list that is denied once may be there the next time.
    const first = head && !listed ? await shelf.list() : listed;
    const { snapshot, listing } = await joinAll(head?.snapshot, first, shelf);
    this.#lists = await trustOf(listing, head, shelf);
    return snapshot;
  }

  async #readBack({ id, snapshot: mine }: DecodedSnapshot): Promise<Read> {
    const listed = await this.#shelf.list();
    const { snapshot = mine, listing } = await joinAll(mine, listed, this.#shelf);
    const entries = listing?.entries ?? [];
    if (listing && entries.includes(id)) {
      this.#lists = listing.tagLists;
      return { snapshot, listed: entries, entry: 'listed' };
    }
    const found = (await this.#readFirst()) ?? emptySnapshot;
    const isJoined = hasSeen(found, id);
    if (!isJoined) this.#lists = 'incomplete';
    return {
      snapshot: joinSnapshots(snapshot, found),
      listed: entries,
      entry: isJoined ? 'joined' : 'not found',
    };
  }

  /** Writes the join of what others wrote at the same time, so that the next reader finds all of it in one entry. */
  async #settle(said: DecodedSnapshot): Promise<Read> {
    let mine = said;
    let read = await this.#readBack(mine);
    for (let attempt = 1; attempt < attempts; attempt += 1) {
      if (haveSameFacts(read.snapshot, mine.snapshot)) break;
      const id = this.#nextId(read.snapshot);
      mine = { id, snapshot: withEntry(read.snapshot, id) };
      await this.#shelf.put(id, mine.snapshot);
      read = await this.#readBack(mine);
    }
    // A run that has joined this entry tidies it too.
    if (read.entry !== 'joined') await this.#tidy(mine, read);
    return read;
  }

  /** Lets the fixed name name an entry, and removes those that it has seen. */
  async #tidy({ id, snapshot }: DecodedSnapshot, { listed, entry }: Read): Promise<void> {
    const isMoved = (await this.#shelf.moveHead(id)) === 'moved';
    if (!isMoved && entry === 'not found') throw notListed();
    await this.#shelf.drop(listed.filter((other) => other !== id && hasSeen(snapshot, other)));
  }

  #nextId(snapshot: Snapshot): EntryId {
    return entryId(highestNumber(snapshot) + 1, this.token);
  }

  #stored(snapshot: Snapshot): StoredState {
    const state = stateOfSnapshot(snapshot);
    return { state, version: versionOf(snapshot), tagLists: this.#lists };
  }
}

/**
 * Keeps a state as entries that are written once: no two runs ever write the same name.
 *
 * An entry holds everything that its run knew. The state is the join of all entries, so that it does not matter who wrote
 * first. A last write is read back; where others wrote meanwhile, the join is written too, and entries that it has seen are
 * removed. `token`: 16 hex digits by chance, other ones for each store.
 */
export function createStateStore(shelf: Shelf, token: string): StateStore {
  return new EntryStore(shelf, token);
}
