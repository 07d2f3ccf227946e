import type { Diagnostic } from '../diagnostic.ts';
import type { Change, Plan } from '../plan/index.ts';
import type { Traffic } from '../registry/index.ts';

/** The outcome of one change. */
export type Outcome =
  | {
      readonly change: Change;
      readonly result: 'done';
      readonly detail?: string;
      /** A shortcoming that people should know of; repeated among the notes of the result. */
      readonly warning?: string;
      readonly ms: number;
      readonly bytes: number;
      /** It was gone already: nothing was deleted or untagged. */
      readonly wasGone?: true;
    }
  | { readonly change: Change; readonly result: 'skipped'; readonly detail: string }
  | {
      readonly change: Change;
      readonly result: 'held';
      readonly detail: string;
      /** The obstacle may pass: the image stays in the state, and later plans try again. */
      readonly again?: true;
    }
  | {
      readonly change: Change;
      readonly result: 'failed';
      readonly code: string;
      readonly side?: 'source' | 'target';
      readonly message: string;
      readonly hint?: string;
    };

/** Removals that were planned and wait, for a review or for a higher `max-delete`. */
export interface Waiting {
  /** Digest of the plan that is left to do, the one to approve; absent when it could not be made. */
  readonly digest?: string;
  readonly deletes: number;
  readonly untags: number;
  /** Why they wait, each with its remedy. */
  readonly reasons: readonly Diagnostic[];
}

/** The result of applying a plan; {@link encodeResult} gives its file. */
export interface Result {
  readonly formatVersion: '1.0';
  readonly planDigest: string;
  readonly plan: Plan;
  readonly status: 'nothing' | 'applied' | 'partial' | 'refused' | 'failed';
  readonly outcomes: readonly Outcome[];
  readonly startedAt: string;
  readonly endedAt: string;
  readonly traffic: Traffic;
  /** Id of the applied run, for `restore --undo`. */
  readonly run?: number;
  readonly verified: number;
  /** Says how this product of a registry frees the bytes of deleted images; absent: no image was deleted. */
  readonly collect?: string;
  readonly notes: readonly string[];
  /** How many wishes could not even be tried; each has failed, and a note names it. Absent: none. */
  readonly unmet?: number;
  /** Absent when nothing waits. */
  readonly waiting?: Waiting;
}

/** Encodes a result as `result.json`, where its status is named `outcome`. */
export function encodeResult({ status, ...result }: Result): string {
  const { formatVersion, planDigest, plan, ...rest } = result;
  const encoded = { formatVersion, planDigest, plan, outcome: status, ...rest };
  return `${JSON.stringify(encoded, undefined, 1)}\n`;
}

/** Told while a plan is applied. */
export type ApplyEvent =
  | {
      readonly type: 'phase';
      readonly phase: 'mirror' | 'verify' | 'resources' | 'delete' | 'done';
      readonly total: number;
      /** Bytes that the phase moves, as far as the plan knows them; absent: none. */
      readonly bytes?: number;
    }
  | { readonly type: 'started'; readonly change: Change }
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly total: number;
      readonly bytes: number;
    }
  | {
      readonly type: 'outcome';
      readonly outcome: Outcome;
      /** Images of the phase that were told of before it. */
      readonly index: number;
      readonly total: number;
    };
