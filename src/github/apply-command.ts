import { join } from 'node:path';
import type { Outcome, Result } from '../apply/index.ts';
import { type Diagnostic, formatDiagnostic } from '../diagnostic.ts';
import { changeKey } from '../plan/index.ts';
import type { ApplyReport, ApplyResult } from '../run/index.ts';
import { closingLines, totalsOf } from '../views/index.ts';
import { writeComment } from './comment.ts';
import { describeGap, type Gap, type Service } from './gaps.ts';
import { findingsOf, pathsOf, printPlan, showOnPull } from './plan-command.ts';
import { createRequest } from './plan-request.ts';
import { outputsOf, resultOutputs } from './report.ts';
import { findApproval } from './review.ts';
import { publishFiles, type RunScope, scopeOf, viewFacts, writeRunFiles } from './run-files.ts';
import type { Ending, JobSession, RunFacts } from './session.ts';

function findingOf(outcome: Outcome): Diagnostic[] {
  if (outcome.result !== 'failed') return [];
  const { change, side, message, hint } = outcome;
  const at = change.causes[0]?.at;
  return [
    {
      severity: 'error',
      code: outcome.code.toLowerCase().replaceAll('_', '-'),
      summary: `${change.action} ${changeKey(change)} failed${side ? ` at the ${side}` : ''}: ${message}`,
      ...(hint !== undefined && { detail: hint }),
      ...(at && { at }),
    },
  ];
}

interface Ended {
  readonly session: JobSession;
  readonly scope: RunScope;
  readonly report: ApplyReport;
  /** The newest pull request of the change, if it is known. */
  readonly pull: number | undefined;
}

async function finishApplied(ended: Ended, { result, files }: ApplyResult): Promise<Ending> {
  const { session, scope, report } = ended;
  const { outcomes, waiting } = result;
  const totals = totalsOf(result);
  const undo = result.run === undefined ? undefined : `command: restore, undo: ${result.run}`;
  for (const { verb, text } of closingLines(result, { undo })) session.log.line(verb, text);
  const withLog = new Map([...files, ['logs/imageset-mirror.log', session.log.text()]]);
  const written = await writeRunFiles(session, { ...scope, name: 'result' }, withLog);
  const artifactId = await publishFiles(session, `${scope.artifactName}-result`, written);
  const facts = viewFacts(session, scope, artifactId);
  await session.host.summarize(session.views.resultSummary(result, facts));
  if (waiting) await showRefused(ended);
  else await showApplied(ended, result, facts);
  const hasResources = [...files.keys()].some((path) => path.startsWith('cluster-resources/'));
  return {
    isFailure: !totals.isSuccess,
    findings: [...findingsOf(report.planned), ...report.refusals, ...outcomes.flatMap(findingOf)],
    outputs: {
      ...resultOutputs(result),
      ...(files.has('report.html') && { 'report-path': join(written.directory, 'report.html') }),
      ...(hasResources && {
        'cluster-resources-path': join(written.directory, 'cluster-resources'),
      }),
      'artifact-id': artifactId === undefined ? '' : String(artifactId),
    },
  };
}

/** Finds the pull request whose merge is applied. */
async function pullOf({ session, pull }: Ended): Promise<number | undefined> {
  const { event, repository } = session;
  if (pull !== undefined || repository === undefined) return pull;
  if (event.pullRequest?.isMerged) return event.pullRequest.number;
  if (event.name !== 'push' || event.sha === undefined) return undefined;
  try {
    return (await repository.mergedPulls(event.sha))[0]?.number;
  } catch {
    // The comment is a courtesy: hosts without this question, and tokens that may not ask it, have none.
    return undefined;
  }
}

/**
 * Tells the result of a plan on its pull request.
 *
 * After a success the reviewed comment changes, because nothing needs the review any more. After a failure it stays as it
 * was at the merge, because the next run needs it; a second comment tells the failures.
 */
async function showApplied(ended: Ended, result: Result, facts: RunFacts): Promise<void> {
  const { session, scope } = ended;
  const { inputs, repository, views, log } = session;
  if (inputs.comment === 'off' || repository === undefined) return;
  const pull = await pullOf(ended);
  if (pull === undefined) return;
  const isDone = totalsOf(result).isSuccess;
  const key = isDone ? scope.key : `${scope.key}-refused`;
  const keys = isDone ? [key, scope.provisionalKey] : [key];
  const body = views.appliedComment(result, { ...facts, mark: { ...facts.mark, key } });
  const sticky = { pull, target: inputs.target, keys, body };
  const notices = {
    miss: (service: Service, gap: Gap) =>
      log.line('note', formatDiagnostic(describeGap(service, gap))),
  };
  await writeComment(repository, sticky, { readMarker: views.readMarker, notices });
}

/**
 * Publishes and shows the refused plan, or the refused rest of it, so that it can be approved.
 *
 * It gets its own comment on the pull request: the reviewed comment must stay as it was at the merge.
 */
async function showRefused({ session, scope, report, pull }: Ended) {
  const { planned, refusals } = report;
  const written = await writeRunFiles(session, { ...scope, name: 'plan' }, planned.files);
  const artifactId = await publishFiles(session, scope.artifactName, written);
  const view = { plan: planned.plan, findings: findingsOf(planned), refusals };
  const facts = viewFacts(session, scope, artifactId);
  await session.host.summarize(session.views.planSummary(view, facts));
  const key = `${scope.key}-refused`;
  const own = { ...scope, key, provisionalKey: key };
  if (planned.plan) await showOnPull(session, { view, scope: own, artifactId, pull });
  return { written, artifactId };
}

/** Ends an apply without changes: shows the plan as for a review, so that it can be approved. */
async function finishRefused(ended: Ended): Promise<Ending> {
  const { planned, refusals } = ended.report;
  const { plan } = planned;
  const { written, artifactId } = await showRefused(ended);
  return {
    isFailure: true,
    findings: [...findingsOf(planned), ...refusals],
    outputs: {
      ...(plan && outputsOf(plan)),
      ...pathsOf(written.directory, planned),
      outcome: plan ? 'refused' : 'failed',
      'failed-count': String(planned.failures.length),
      'artifact-id': artifactId === undefined ? '' : String(artifactId),
    },
  };
}

/** Tells whether the pull request was closed without a merge: there is nothing to apply. */
function isAbandoned({ event: { action, pullRequest } }: JobSession): boolean {
  return action === 'closed' && pullRequest?.isMerged === false;
}

/**
 * Plans again, looks up the reviews, applies exactly the reviewed changes, and publishes the result.
 * @throws MirrorError if the target or a source does not answer.
 */
export async function runApply(session: JobSession): Promise<Ending> {
  const { jobs, settings, host, inputs, event, notices, repository, views, log } = session;
  if (isAbandoned(session)) {
    host.print('The pull request was closed without a merge: there is nothing to apply.');
    return { isFailure: false, findings: [], outputs: { outcome: 'nothing' } };
  }
  const request = await createRequest(session);
  const scope = scopeOf(session, request);
  const pulls: number[] = [];
  const report = await jobs.planAndApply(settings, request, {
    listener: log.listener,
    approve(plan) {
      printPlan(session, plan);
      return findApproval(plan, inputs, {
        repository,
        artifacts: host.artifacts,
        env: host.env,
        event,
        artifactName: scope.artifactName,
        key: scope.key,
        notices,
        readMarker: views.readMarker,
        decodePlan: views.decodePlan,
        onPull: (pull) => pulls.push(pull),
      });
    },
  });
  const ended = { session, scope, report, pull: pulls[0] };
  if (report.applied === undefined) return await finishRefused(ended);
  const written = await writeRunFiles(session, { ...scope, name: 'plan' }, report.planned.files);
  const ending = await finishApplied(ended, report.applied);
  return {
    ...ending,
    outputs: { ...pathsOf(written.directory, report.planned), ...ending.outputs },
  };
}
