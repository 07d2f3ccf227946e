import type { MirroredPlacement } from '../imageset/index.ts';
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
}

/** One applied plan. */
export interface AppliedRun {
  /** Counts up from 1. */
  readonly id: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly planDigest: string;
  readonly commit?: string;
  /** Descriptor digest of the undo artifact, when something was deleted. */
  readonly undo?: Digest;
}

/** What this tool has mirrored to one target. */
export interface State {
  readonly formatVersion: '1.0';
  readonly imageSets: readonly AppliedImageSet[];
  /** Newest last; the last 50. */
  readonly runs: readonly AppliedRun[];
  readonly placements: readonly MirroredPlacement[];
  /** Plan in progress: written before the first deed, so that a killed run is known to the next. */
  readonly pending?: { readonly planDigest: string };
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

/**
 * Whether the target lists every tag that it has, as far as the probe in the state's repository tells: a registry may omit
 * a tag that begins with another one. `unknown`: nothing was probed, or the state lies in a directory.
 */
export type TagLists = 'honest' | 'incomplete' | 'unknown';

/** What a store holds. */
export interface StoredState {
  readonly state: State;
  readonly version: string;
  readonly tagLists?: TagLists;
}

/** Where state lives: the target registry, or a directory. */
export interface StateStore {
  /** `undefined` when there is none yet. Throws PlanError `STATE_FORMAT` when it cannot be read. */
  read(): Promise<StoredState | undefined>;
  /**
   * Writes the state; `expected` is the version it was derived from (`undefined`: none).
   * Throws PlanError `PLAN_STALE` when another run wrote in between.
   */
  write(state: State, expected: string | undefined): Promise<string>;
  /** Stores what the run `id` is about to delete; a second call for one id adds to the first. Gives the digest of what is stored. */
  writeUndo(id: number, records: readonly UndoRecord[]): Promise<Digest>;
  readUndo(id: number): Promise<readonly UndoRecord[] | undefined>;
}

/** A directory of content addressed by digest; every read is verified, a wrong or missing file is `undefined`. */
export interface ContentCache {
  get(digest: Digest): Promise<Uint8Array | undefined>;
  /** Never throws: a full disk costs time, not correctness. Warns once. */
  put(digest: Digest, bytes: Uint8Array): Promise<void>;
}
