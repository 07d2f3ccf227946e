import type { MirroredPlacement, TargetPlace } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';

/** An image set as it was applied: its text, so that the next diff needs no git history. */
export interface AppliedImageSet {
  /** Its identity: repository and path, or the name that it was given. */
  readonly name: string;
  readonly text: string;
  /** The commit that has this very text, where there is one. */
  readonly commit?: string;
  /** RFC 3339, UTC; absent where an older version of this tool wrote it. */
  readonly at?: string;
  /** The machine that applied it, where nothing but a directory of it names the image set. */
  readonly host?: string;
}

/** Names one run of one target. Two runs may share a number, never a token. */
export interface RunId {
  /** Counts up from 1. */
  readonly id: number;
  /** 16 hex digits by chance; absent: a run that an old version recorded. */
  readonly token?: string;
}

/** One applied plan. */
export interface AppliedRun extends RunId {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly planDigest: string;
  readonly commit?: string;
  /** Descriptor digest of the undo artifact, when something was deleted. */
  readonly undo?: Digest;
}

/**
 * A run that has begun and not said that it ended: it goes on, or was killed.
 *
 * Shape: `claims` and `deletes` name `repository@digest` and `repository:tag`.
 */
export interface PendingRun extends RunId {
  readonly token: string;
  readonly planDigest: string;
  /** Names of the image sets that it speaks for, sorted. */
  readonly imageSets: readonly string[];
  /** RFC 3339, UTC: until then the others respect what it says; a run that goes on says it anew. */
  readonly until: string;
  /** What it is about to place, or relies on. */
  readonly claims: readonly string[];
  /** What it is about to remove. */
  readonly deletes: readonly string[];
}

/** A placement without those who want it. */
export type Mirrored = Omit<MirroredPlacement, 'imageSets'>;

/** That an image set wants a place. */
export interface WantedPlace extends TargetPlace {
  readonly imageSet: string;
}

/** What this tool has mirrored to one target. */
export interface State {
  readonly imageSets: readonly AppliedImageSet[];
  /** Newest last; the last 50. */
  readonly runs: readonly AppliedRun[];
  readonly placements: readonly MirroredPlacement[];
  /** Runs that have begun and not ended; absent: none. */
  readonly pending?: readonly PendingRun[];
}

/** A manifest that was deleted, with everything needed to put it back. */
export interface UndoRecord {
  readonly placement: MirroredPlacement;
  /** Every manifest that went with it (children of an index too), children first. */
  readonly manifests: readonly {
    readonly digest: Digest;
    readonly mediaType: string;
    readonly raw: Uint8Array;
  }[];
  /** What its place named instead by then: it is put back under its digest alone. */
  readonly replacedBy?: Digest;
}

/** What a run stored before it deleted. */
export interface StoredUndo {
  readonly digest: Digest;
  readonly records: readonly UndoRecord[];
}

/**
 * Whether the target lists every tag that it has, as far as the probe in the state's repository tells: a registry may omit
 * a tag that begins with another one. `unknown`: nothing was probed, or the state lies in a directory.
 */
export type TagLists = 'honest' | 'incomplete' | 'unknown';

/** What a store holds. */
export interface StoredState {
  readonly state: State;
  /** Changes whenever anybody wrote. */
  readonly version: string;
  readonly tagLists?: TagLists;
}

/** What a store holds after a write. */
export interface WrittenState extends StoredState {
  /** Whether entries of other runs appeared since this store last read or wrote. */
  readonly hasOthers: boolean;
}

/** Whether a write is one of several of its run, or its last: then the store is tidied. */
export type WritePurpose = 'interim' | 'final';

/** Where state lives: the target registry, or a directory. One store serves one run. */
export interface StateStore {
  /** The token of the run that this store serves. */
  readonly token: string;
  /** `undefined` when there is none yet. Throws PlanError `STATE_FORMAT` when it cannot be read. */
  read(): Promise<StoredState | undefined>;
  /**
   * Writes what `derive` makes of what was read last, and reads what others wrote meanwhile.
   *
   * Nothing of anybody is lost: what others wrote at the same time is joined. Nothing is written when nothing differs.
   */
  update(derive: (state: State) => State, purpose: WritePurpose): Promise<WrittenState>;
  /** Stores what the run of that number is about to delete; a second call adds to the first. Gives the digest of what is stored. */
  writeUndo(id: number, records: readonly UndoRecord[]): Promise<Digest>;
  readUndo(run: RunId): Promise<StoredUndo | undefined>;
  /** Gives the runs that stored something to undo, whether the state knows them or not. */
  listUndo(): Promise<readonly RunId[]>;
}
