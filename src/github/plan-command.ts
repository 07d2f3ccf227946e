import { join } from 'node:path';
import { type Diagnostic, hasSeverity } from '../diagnostic.ts';
import { openGit } from '../door/index.ts';
import { CopyError } from '../errors.ts';
import type { PlanRequest, PlanResult } from '../run/index.ts';
import { describePlan, phraseToText } from '../views/index.ts';
import { writeComment } from './comment.ts';
import { noInterface } from './gaps.ts';
import { createRequest } from './plan-request.ts';
import { outputsOf } from './report.ts';
import { publishFiles, type RunScope, scopeOf, viewFacts, writeRunFiles } from './run-files.ts';
import type { Ending, JobSession, PlanView } from './session.ts';

/** Joins the findings of a plan with the failures of its collections, each once. */
export function findingsOf(result: PlanResult): readonly Diagnostic[] {
  const failures = result.failures.map((failure) => failure.diagnostic);
  return [...new Set([...result.diagnostics, ...failures])];
}

/** A plan, or the reasons why there is none, for a pull request. */
export interface PullView {
  readonly view: PlanView;
  readonly scope: RunScope;
  readonly artifactId?: number | undefined;
  /** The pull request; absent: that of the event. */
  readonly pull?: number | undefined;
}

/** Shows a plan, or the reasons why there is none, on its pull request. */
export async function showOnPull(session: JobSession, shown: PullView): Promise<void> {
  const { inputs, event, repository, views, notices } = session;
  const { view, scope, artifactId, pull = event.pullRequest?.number } = shown;
  if (inputs.comment === 'off' || pull === undefined) return;
  if (repository === undefined) {
    notices.miss('comment', { why: noInterface });
    return;
  }
  const body = views.comment(view, viewFacts(session, scope, artifactId));
  const keys = [scope.key, scope.provisionalKey];
  const sticky = { pull, target: inputs.target, keys, body };
  await writeComment(repository, sticky, { readMarker: views.readMarker, notices });
}

/** Tells whether findings fail a plan, by the input `fail-on`. */
function failsPlan({ inputs }: JobSession, findings: readonly Diagnostic[]): boolean {
  const lowest = inputs['fail-on'];
  return lowest !== 'never' && hasSeverity(findings, lowest);
}

/** Ends a run for a closed pull request: there is nothing to plan. */
function endClosed({ host, event }: JobSession): Ending {
  host.print(`Pull request ${event.pullRequest?.number} is closed: there is nothing to plan.`);
  return { isFailure: false, findings: [], outputs: { outcome: 'nothing' } };
}

/** Shows why there is no plan, in each place that would show one. */
async function endWithout(session: JobSession, finding: Diagnostic): Promise<Ending> {
  const scope = scopeOf(session);
  const view: PlanView = { plan: undefined, findings: [finding] };
  await session.host.summarize(session.views.planSummary(view, viewFacts(session, scope)));
  await showOnPull(session, { view, scope });
  return { isFailure: true, findings: [finding], outputs: { outcome: 'failed' } };
}

/** Tells a plan in the log of its job: its headline, and the rest folded. Its findings follow as annotations. */
export function printPlan({ host, views, log }: JobSession, plan: PlanResult['plan']): void {
  if (plan === undefined) return;
  log.line('plan', describePlan(plan).map(phraseToText).join(' '));
  host.startGroup('Plan');
  const text = views.planText({ ...plan, diagnostics: [] });
  for (const line of text.trimEnd().split('\n')) host.print(line);
  host.endGroup();
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

/** Tells whether the run has no credentials, as runs for pull requests of forks and of Dependabot. */
function lacksSecrets({ event, inputs }: JobSession): boolean {
  const given = inputs.password ?? inputs['pull-secret'] ?? inputs['auth-file'];
  return event.pullRequest !== undefined && given === undefined;
}

function isTargetSilent(thrown: unknown): boolean {
  return thrown instanceof CopyError && thrown.side === 'target';
}

/** Plans with the state of the target. If the target refuses a run without secrets, plans without it. */
async function planAsFarAsAllowed(session: JobSession, request: PlanRequest): Promise<PlanResult> {
  const { jobs, settings } = session;
  try {
    return await jobs.plan(settings, request);
  } catch (thrown) {
    if (!lacksSecrets(session) || !isTargetSilent(thrown)) throw thrown;
    return await jobs.plan({ ...settings, targetAccess: 'assumed' }, request);
  }
}

/**
 * Plans: writes, publishes and shows the files. Reads the target and changes nothing.
 * @throws MirrorError if the target or a source does not answer.
 */
export async function runPlan(session: JobSession): Promise<Ending> {
  const { views, host, event } = session;
  if (event.pullRequest !== undefined && event.action === 'closed') return endClosed(session);
  const foreign = await findForeignCheckout(session);
  if (foreign !== undefined) return await endWithout(session, foreign);
  const request = await createRequest(session);
  const scope = scopeOf(session, request);
  const result = await planAsFarAsAllowed(session, request);
  const findings = findingsOf(result);
  printPlan(session, result.plan);
  const written = await writeRunFiles(session, { ...scope, name: 'plan' }, result.files);
  const artifactId = await publishFiles(session, scope.artifactName, written);
  const view: PlanView = { plan: result.plan, findings };
  await host.summarize(views.planSummary(view, viewFacts(session, scope, artifactId)));
  await showOnPull(session, { view, scope, artifactId });
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

function refuse(why: string): Diagnostic {
  return {
    severity: 'error',
    code: 'checkout-is-not-the-change',
    summary: 'The checkout is not the change of this pull request, so no plan is published.',
    detail: `The commit of the checkout ${why}. On pull_request_target, actions/checkout gives the base. Run this action on pull_request.`,
  };
}

/**
 * Refuses a checkout that is not the change of the pull request: its plan would be about something else, and must not be
 * published for review. `undefined` for the head, for its merge with the base, and if the commit is not known.
 */
async function findForeignCheckout({ host, event }: JobSession): Promise<Diagnostic | undefined> {
  const head = event.pullRequest?.headSha;
  if (head === undefined) return undefined;
  const git = await openGit(host.env['GITHUB_WORKSPACE'] || '.', host.env);
  const commit = await git?.resolve('HEAD');
  if (git === undefined || commit === undefined) {
    // By default actions/checkout gives the change on pull_request, and the base on pull_request_target.
    return event.name === 'pull_request_target'
      ? refuse('is not known: the checkout is no git repository')
      : undefined;
  }
  if (commit === head) return undefined;
  const parents = await git.parents(commit);
  if (parents.length > 1 && parents.includes(head)) return undefined;
  return refuse(
    `is ${commit}; the head of the pull request is ${head}, and the checkout is no merge of it`,
  );
}
