import type { Result } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Plan } from '../plan/index.ts';
import type { RunMark } from '../views/index.ts';
import type { MarkerReader } from './comment.ts';

/** What a view shows next to a plan: facts of the run that the plan itself leaves out. */
export interface RunFacts {
  /** `host[:port][/path]`. */
  readonly target: string;
  /** Page with the report and the lists, where the host has one. */
  readonly artifactUrl?: string | undefined;
  readonly elapsedMs: number;
  /** Which run this is. */
  readonly mark?: RunMark | undefined;
}

/** A plan, or the findings that forbid one. */
export interface PlanView {
  readonly plan: Plan | undefined;
  readonly findings: readonly Diagnostic[];
  /** Why an apply refused it: views begin with that. */
  readonly refusals?: readonly Diagnostic[];
}

/** How plans and results look, rendered from their encoded form; the composition root passes the real views. */
export interface Views {
  /** Markdown of the sticky comment with its hidden marker, within the host's 65,536 characters. */
  comment(view: PlanView, facts: RunFacts): string;
  /** Markdown of a plan's job summary, within the host's 1 MiB. */
  planSummary(view: PlanView, facts: RunFacts): string;
  /** Markdown of an apply's job summary. */
  resultSummary(result: Result, facts: RunFacts): string;
  readonly readMarker: MarkerReader;
  /** Reads `plan.json`; throws PlanError `PLAN_FORMAT`. */
  decodePlan(text: string): Promise<Plan>;
}
