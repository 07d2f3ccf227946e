import type { TargetArea } from '../imageset/index.ts';
import type { Clock, Logger } from '../log.ts';
import type { Plan, PlanInput } from '../plan/index.ts';
import type { AppliedImageSet, AppliedRun, State, StateStore, TagLists } from '../state/index.ts';
import type { Endpoints } from './endpoints.ts';
import type { Ledger } from './ledger.ts';
import type { ApplyEvent } from './types.ts';

/** Everything that an apply works with. */
export interface ApplyRequest {
  readonly plan: Plan;
  /** The part of the registry that belongs to the target; absent: all below its prefix. */
  readonly area?: TargetArea;
  /** The facts of the plan: if time has passed, the target is observed and everything is decided again. */
  readonly input: PlanInput;
  readonly endpoints: Endpoints;
  readonly store: StateStore;
  /** The stored state when the plan was made; `version` is absent if nothing was stored. */
  readonly stored: {
    readonly state: State;
    readonly version: string | undefined;
    /** Whether the target lists all its tags, as a standing probe found. */
    readonly tagLists?: TagLists;
  };
  /** Texts of the run's image sets, recorded once all of the plan is done; absent: the old ones stay. */
  readonly imageSets?: readonly AppliedImageSet[] | undefined;
  /** The user who started the run and the approvals of its plan, for the history. */
  readonly credits?: Pick<AppliedRun, 'actor' | 'reviews'>;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  readonly log?: Logger | undefined;
  listener(event: ApplyEvent): void;
}

/** An apply that goes on, and tells the other runs about it. */
export type BegunRequest = ApplyRequest & { readonly ledger: Ledger };
