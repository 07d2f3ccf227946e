import type { Result } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Plan } from '../plan/index.ts';
import type * as run from '../run/index.ts';
import type { CheckDeed, MirrorCheck, RunMark } from '../views/index.ts';
import type { MarkerReader } from './comment.ts';
import type { Event } from './event.ts';
import type { Notices } from './gaps.ts';
import type { HostRepository } from './github-api.ts';
import type { ActionsHost } from './host.ts';
import type { Inputs } from './inputs.ts';
import type { Outputs } from './report.ts';
import type { RunLog } from './run-log.ts';

/** The use cases as the action calls them; the composition root passes the real ones, tests pass their own. */
export type ActionJobs = Pick<
  typeof run,
  'plan' | 'planAndApply' | 'verify' | 'restore' | 'mirror'
>;

/** Facts of the run that a view shows and the plan itself does not contain. */
export interface RunFacts {
  /** `host[:port][/path]`. */
  readonly target: string;
  /** The page with the report and the lists, if the host has one. */
  readonly artifactUrl?: string | undefined;
  /** Address before the commit on the host's pages that show files, if the host has them. */
  readonly sourceUrl?: string | undefined;
  /** The page of this run, if the host has one. */
  readonly runUrl?: string | undefined;
  readonly elapsedMs: number;
  /** The mark of this run. */
  readonly mark?: RunMark | undefined;
}

/** A plan, or the findings that prevent one. */
export interface PlanView {
  readonly plan: Plan | undefined;
  readonly findings: readonly Diagnostic[];
  /** The reasons why an apply refused the plan; views begin with them. */
  readonly refusals?: readonly Diagnostic[];
}

/** A look at the target, and what it counts. */
export interface CheckView {
  readonly report: MirrorCheck;
  readonly deed: CheckDeed;
}

/** The views of plans and results. The composition root passes the real ones, tests pass their own. */
export interface Views {
  /** Markdown of the sticky comment with its hidden marker, within the host's 65,536 characters. */
  comment(view: PlanView, facts: RunFacts): string;
  /** Markdown of the comment once its plan was applied. */
  appliedComment(result: Result, facts: RunFacts): string;
  /** Plain text of a plan, for the log of its job. */
  planText(plan: Plan): string;
  /** Markdown of a plan's job summary, within the host's 1 MiB. */
  planSummary(view: PlanView, facts: RunFacts): string;
  /** Markdown of an apply's job summary. */
  resultSummary(result: Result, facts: RunFacts): string;
  /** Markdown of the job summary of a check or a restore. */
  checkSummary(view: CheckView, facts: RunFacts): string;
  /** The issue of a mirror that is not whole, with its hidden marker, within the host's 65,536 characters. */
  checkIssue(
    report: MirrorCheck,
    facts: RunFacts,
  ): { readonly title: string; readonly body: string };
  readonly readMarker: MarkerReader;
  /** Reads `plan.json`; throws PlanError `PLAN_FORMAT`. */
  decodePlan(text: string): Promise<Plan>;
}

/** Everything that one run works with, once its inputs are known. */
export interface JobSession {
  readonly host: ActionsHost;
  readonly jobs: ActionJobs;
  readonly views: Views;
  readonly inputs: Inputs;
  readonly event: Event;
  readonly settings: run.Settings;
  readonly notices: Notices;
  readonly log: RunLog;
  readonly repository: HostRepository | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** How a command ended, for the host. */
export interface Ending {
  readonly isFailure: boolean;
  readonly findings: readonly Diagnostic[];
  readonly outputs: Outputs;
}
