import type { ApplyEvent } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Plan } from '../plan/index.ts';
import type { ApplyResult, Approval, PlanRequest, PlanResult, Settings } from '../run/index.ts';

/** Hears of a job's events, in order. */
export type Listener = (event: ApplyEvent) => void;

/**
 * Gives what allows a plan to be applied. Asked once, when the plan is known: only then is it clear which commits it
 * spans, and a plan that does nothing needs no look-up at all.
 */
export type ApprovalSource = (plan: Plan) => Promise<Approval>;

/** What an apply came to. */
export interface ApplyReport {
  readonly planned: PlanResult;
  /** Absent when no deed was begun: the plan could not be made, or was refused. */
  readonly applied?: ApplyResult;
  /** Why it was refused; empty otherwise. */
  readonly refusals: readonly Diagnostic[];
}

/** What `verify` and `restore` gave. */
export interface CheckReport {
  readonly done: number;
  readonly total: number;
  readonly findings: readonly Diagnostic[];
  readonly notes: readonly string[];
}

/** The use cases as the action calls them; the composition root passes the real ones, tests pass their own. */
export interface Jobs {
  plan(settings: Settings, request: PlanRequest): Promise<PlanResult>;
  /** Plans again from the sources, compares with what was reviewed, and does it. */
  planAndApply(
    settings: Settings,
    request: PlanRequest,
    reaction: { readonly approve: ApprovalSource; readonly listener: Listener },
  ): Promise<ApplyReport>;
  verify(settings: Settings, listener: Listener): Promise<CheckReport>;
  restore(settings: Settings, undo: number | 'last', listener: Listener): Promise<CheckReport>;
}
