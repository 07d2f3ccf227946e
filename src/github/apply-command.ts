import { join } from 'node:path';
import { describeDone, type Outcome, type Result, totalsOf } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { changeKey } from '../plan/index.ts';
import type { ApplyReport, ApplyResult } from '../run/index.ts';
import { findingsOf, pathsOf } from './plan-command.ts';
import { outputsOf, resultOutputs } from './report.ts';
import { findApproval } from './review.ts';
import {
  createRequest,
  type Ending,
  factsOf,
  publishFiles,
  type Session,
  writeRunFiles,
} from './session.ts';

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

function describeUndo({ run }: Result): string {
  return run === undefined ? '' : ` · undo: command restore, undo ${run}`;
}

async function finishApplied(
  session: Session,
  report: ApplyReport,
  { result, files }: ApplyResult,
): Promise<Ending> {
  const { outcomes, waiting } = result;
  const totals = totalsOf(result);
  session.log.line('done', `${describeDone(result)}${describeUndo(result)}`);
  for (const note of result.notes) session.log.line('note', note);
  const withLog = new Map([...files, ['logs/imageset-mirror.log', session.log.text()]]);
  const written = await writeRunFiles(session, 'result', withLog);
  const name = `${session.inputs.artifactName}-result`;
  const artifactId = await publishFiles(session, name, written);
  await session.host.summarize(session.views.resultSummary(result, factsOf(session, artifactId)));
  if (waiting) await showWaiting(session, report);
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

/** Publishes and shows the plan of what is left, so that it can be approved. */
async function showWaiting(session: Session, { planned, refusals }: ApplyReport): Promise<void> {
  const written = await writeRunFiles(session, 'plan', planned.files);
  const artifactId = await publishFiles(session, session.inputs.artifactName, written);
  const view = { plan: planned.plan, findings: findingsOf(planned), refusals };
  await session.host.summarize(session.views.planSummary(view, factsOf(session, artifactId)));
}

/** Nothing was done: the plan is shown as for a review, so that it can be approved. */
async function finishRefused(
  session: Session,
  { planned, refusals }: ApplyReport,
): Promise<Ending> {
  const { plan } = planned;
  const findings = [...findingsOf(planned), ...refusals];
  const written = await writeRunFiles(session, 'plan', planned.files);
  const artifactId = await publishFiles(session, session.inputs.artifactName, written);
  const facts = factsOf(session, artifactId);
  const view = { plan, findings: findingsOf(planned), refusals };
  await session.host.summarize(session.views.planSummary(view, facts));
  return {
    isFailure: true,
    findings,
    outputs: {
      ...(plan && outputsOf(plan)),
      ...pathsOf(written.directory, planned),
      outcome: plan ? 'refused' : 'failed',
      'failed-count': String(planned.failures.length),
      'artifact-id': artifactId === undefined ? '' : String(artifactId),
    },
  };
}

/**
 * Plans again, asks for what was reviewed, and applies exactly that; publishes what came of it.
 * @throws MirrorError when the target or a source cannot be asked.
 */
export async function runApply(session: Session): Promise<Ending> {
  const { jobs, settings, host, inputs, event, notices, repository, views, log } = session;
  const report = await jobs.planAndApply(settings, await createRequest(session), {
    listener: log.listener,
    approve: (plan) =>
      findApproval(plan, inputs, {
        repository,
        artifacts: host.artifacts,
        event,
        artifactName: inputs.artifactName,
        notices,
        readMarker: views.readMarker,
        decodePlan: views.decodePlan,
      }),
  });
  if (report.applied === undefined) return await finishRefused(session, report);
  const written = await writeRunFiles(session, 'plan', report.planned.files);
  const ending = await finishApplied(session, report, report.applied);
  return {
    ...ending,
    outputs: { ...pathsOf(written.directory, report.planned), ...ending.outputs },
  };
}
