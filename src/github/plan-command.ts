import { join } from 'node:path';
import { type Diagnostic, hasSeverity } from '../diagnostic.ts';
import type { PlanResult } from '../run/index.ts';
import { writeComment } from './comment.ts';
import { outputsOf } from './report.ts';
import {
  createRequest,
  type Ending,
  factsOf,
  publishFiles,
  type Session,
  writeRunFiles,
} from './session.ts';
import type { PlanView } from './views.ts';

/** Joins the findings of a plan with the failures of its collections; a finding that is both is told once. */
export function findingsOf(result: PlanResult): readonly Diagnostic[] {
  const failures = result.failures.map((failure) => failure.diagnostic);
  return [...new Set([...result.diagnostics, ...failures])];
}

/** Shows a plan, or why there is none, on the pull request of the event. */
export async function showOnPull(
  session: Session,
  view: PlanView,
  artifactId?: number,
): Promise<void> {
  const { inputs, event, repository, views, notices } = session;
  if (inputs.comment === 'off' || event.pullRequest === undefined) return;
  if (repository === undefined) {
    notices.warn(
      'no-comment',
      'The plan could not be shown as a comment: there is no interface or no token.',
      'The job summary and the files hold the same; nothing else changes.',
    );
    return;
  }
  const body = views.comment(view, factsOf(session, artifactId));
  const sticky = { pull: event.pullRequest.number, target: inputs.target, body };
  await writeComment(repository, sticky, { readMarker: views.readMarker, notices });
}

/** Tells whether what was found fails a plan, by the input `fail-on`. */
function failsPlan({ inputs }: Session, findings: readonly Diagnostic[]): boolean {
  return inputs.failOn !== 'never' && hasSeverity(findings, inputs.failOn);
}

/** Gives the paths of a plan's files, as outputs. */
export function pathsOf(directory: string, result: PlanResult): Ending['outputs'] {
  const path = (name: string): string => (result.files.has(name) ? join(directory, name) : '');
  return {
    'plan-path': path('plan.json'),
    'delete-list-path': path('delete-images.yaml'),
    'report-path': path('report.html'),
  };
}

/**
 * Plans: writes the files, publishes them, shows them. Asks the target and changes nothing.
 * @throws MirrorError when the target or a source cannot be asked.
 */
export async function runPlan(session: Session): Promise<Ending> {
  const { jobs, settings, views, host, inputs } = session;
  const result = await jobs.plan(settings, await createRequest(session));
  const findings = findingsOf(result);
  const written = await writeRunFiles(session, 'plan', result.files);
  const artifactId = await publishFiles(session, inputs.artifactName, written);
  const view: PlanView = { plan: result.plan, findings };
  await host.summarize(views.planSummary(view, factsOf(session, artifactId)));
  await showOnPull(session, view, artifactId);
  const outputs = result.plan ? outputsOf(result.plan) : {};
  const planned = outputs['has-changes'] === 'true' ? 'planned' : 'nothing';
  return {
    isFailure: failsPlan(session, findings),
    findings,
    outputs: {
      ...outputs,
      ...pathsOf(written.directory, result),
      outcome: result.plan ? planned : 'failed',
      'failed-count': String(result.failures.length),
      'artifact-id': artifactId === undefined ? '' : String(artifactId),
    },
  };
}
