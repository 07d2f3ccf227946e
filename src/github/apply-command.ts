import { join } from 'node:path';
import type { Outcome, Result } from '../apply/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { changeKey } from '../plan/index.ts';
import type { ApplyReport, ApplyResult } from '../run/index.ts';
import { findingsOf, pathsOf } from './plan-command.ts';
import { outputsOf } from './report.ts';
import { findApproval } from './review.ts';
import {
  createRequest,
  type Ending,
  factsOf,
  publishFiles,
  type Session,
  writeRunFiles,
} from './session.ts';

function countDone(outcomes: readonly Outcome[], ...actions: readonly string[]): number {
  return outcomes.filter(
    (outcome) => outcome.result === 'done' && actions.includes(outcome.change.action),
  ).length;
}

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

function describeResult({ outcomes, run }: Result): string {
  const count = (...actions: string[]): number => countDone(outcomes, ...actions);
  const held = outcomes.filter((outcome) => outcome.result === 'held').length;
  const failed = outcomes.filter((outcome) => outcome.result === 'failed').length;
  const undo = run === undefined ? '' : ` · undo: command restore, undo ${run}`;
  return `mirrored ${count('mirror', 'retag')}, deleted ${count('delete')}, untagged ${count('untag')}, held ${held}, failed ${failed}${undo}`;
}

async function finishApplied(
  session: Session,
  report: ApplyReport,
  { result, files }: ApplyResult,
): Promise<Ending> {
  const { outcomes } = result;
  session.log.line('done', describeResult(result));
  for (const note of result.notes) session.log.line('note', note);
  const withLog = new Map([...files, ['logs/imageset-mirror.log', session.log.text()]]);
  const written = await writeRunFiles(session, 'result', withLog);
  const name = `${session.inputs.artifactName}-result`;
  const artifactId = await publishFiles(session, name, written);
  await session.host.summarize(session.views.resultSummary(result, factsOf(session, artifactId)));
  const failed = outcomes.flatMap(findingOf);
  const hasResources = [...files.keys()].some((path) => path.startsWith('cluster-resources/'));
  return {
    isFailure: !['nothing', 'applied'].includes(result.outcome),
    findings: [...findingsOf(report.planned), ...failed],
    outputs: {
      ...outputsOf(result.plan),
      ...(files.has('report.html') && { 'report-path': join(written.directory, 'report.html') }),
      ...(hasResources && {
        'cluster-resources-path': join(written.directory, 'cluster-resources'),
      }),
      'mirror-count': String(countDone(outcomes, 'mirror', 'retag')),
      'delete-count': String(countDone(outcomes, 'delete')),
      'failed-count': String(failed.length),
      outcome: result.outcome,
      'artifact-id': artifactId === undefined ? '' : String(artifactId),
    },
  };
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
  await session.host.summarize(session.views.planSummary({ plan, findings }, facts));
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
