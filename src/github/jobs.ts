import type {
  ApplyReport,
  ApprovalSource,
  CheckReport,
  Listener,
  PlanRequest,
  PlanResult,
  Settings,
  UndoChoice,
} from '../run/index.ts';

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
  restore(settings: Settings, undo: UndoChoice, listener: Listener): Promise<CheckReport>;
}
