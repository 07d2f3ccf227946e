import type { InferOutput } from 'valibot';
import type { MirroredPlacement, TargetPlace } from '../imageset/index.ts';
import type { Digest } from '../oci/index.ts';
import type { imageSetLine, pendingLine, runLine } from './line-schemas.ts';

/** An image set as it was applied. */
export type AppliedImageSet = Readonly<InferOutput<typeof imageSetLine>>;

/** Names one run of one target. Two runs may share a number, never a token. */
export type RunId = Pick<AppliedRun, 'id' | 'token'>;

/** One applied plan. */
export type AppliedRun = Readonly<InferOutput<typeof runLine>>;

/** A run that has begun and has not reported its end. */
export type PendingRun = Readonly<InferOutput<typeof pendingLine>>;

/** A placement without the image sets that want it. */
export type Mirrored = Omit<MirroredPlacement, 'imageSets'>;

/** A place that an image set wants. */
export interface WantedPlace extends TargetPlace {
  readonly imageSet: string;
}

/** The record of everything that this tool has mirrored to one target. */
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
  /** The digest that the place had instead at that time: the deleted one is put back by digest alone. */
  readonly replacedBy?: Digest;
}

/** The undo records that a run stored before it deleted. */
export interface StoredUndo {
  readonly digest: Digest;
  readonly records: readonly UndoRecord[];
}

/**
 * Whether the target lists every tag that it has, as far as the probe in the state's repository tells: a registry may omit
 * a tag that begins with another one. `unknown`: nothing was probed, or the state lies in a directory.
 */
export type TagLists = 'honest' | 'incomplete' | 'unknown';

/** The content of a store. */
export interface StoredState {
  readonly state: State;
  /** It changes with every write of any run. */
  readonly version: string;
  readonly tagLists?: TagLists;
}

/** The content of a store after a write. */
export interface WrittenState extends StoredState {
  /** Whether entries of other runs appeared since this store last read or wrote. */
  readonly hasOthers: boolean;
}

/** Whether a write is one of several of its run, or its last: then the store is tidied. */
export type WritePurpose = 'interim' | 'final';

/** A store of state: the target registry, or a directory. One store serves one run. */
export interface StateStore {
  /** The token of the run that this store serves. */
  readonly token: string;
  /** `undefined` when there is none yet. Throws PlanError `STATE_FORMAT` when it cannot be read. */
  read(): Promise<StoredState | undefined>;
  /**
   * Writes what `derive` makes of what was read last, and reads what others wrote meanwhile.
   *
   * Nothing is lost: the entries of other runs are joined. Nothing is written when nothing differs.
   */
  update(derive: (state: State) => State, purpose: WritePurpose): Promise<WrittenState>;
  /** Stores what the run of that number is about to delete; a second call adds to the first. Gives the digest of what is stored. */
  writeUndo(id: number, records: readonly UndoRecord[]): Promise<Digest>;
  readUndo(run: RunId): Promise<StoredUndo | undefined>;
  /** Gives the runs that stored something to undo, whether the state knows them or not. */
  listUndo(): Promise<readonly RunId[]>;
}
