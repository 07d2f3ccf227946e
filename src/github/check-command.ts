import type { Diagnostic } from '../diagnostic.ts';
import { readNow } from '../door/index.ts';
import { InvariantError, messageOf } from '../errors.ts';
import type { CheckReport, ConfigFile, ImageFailure } from '../run/index.ts';
import { type CheckDeed, checkLines, describeCheck, isWhole } from '../views/index.ts';
import { noInterface } from './gaps.ts';
import { writeIssue } from './issue.ts';
import { openSource } from './plan-request.ts';
import { scopeOf, viewFacts } from './run-files.ts';
import type { Ending, JobSession } from './session.ts';

function findingOf({ origin, message, hint }: ImageFailure): Diagnostic {
  const detail = hint === undefined ? message : `${message}. ${hint}`;
  return { severity: 'error', code: 'image-damaged', summary: `${origin} is not whole.`, detail };
}

async function finish(session: JobSession, report: CheckReport, deed: CheckDeed): Promise<Ending> {
  const { changed = 0, imageFailures, news = [] } = report;
  for (const { verb, text } of checkLines(report, { deed })) session.log.line(verb, text);
  const facts = viewFacts(session, scopeOf(session));
  await session.host.summarize(session.views.checkSummary({ report, deed }, facts));
  const success = changed > 0 ? 'applied' : 'nothing';
  const failure = changed > 0 ? 'partial' : 'failed';
  return {
    isFailure: !isWhole(report),
    findings: [...imageFailures.map(findingOf), ...news],
    outputs: {
      outcome: isWhole(report) ? success : failure,
      'has-changes': String(changed > 0),
      'failed-count': String(imageFailures.length),
    },
  };
}

/** Shows in the issue of the target that its mirror is not whole, or that it is whole again. */
async function showInIssue(session: JobSession, report: CheckReport): Promise<void> {
  const { inputs, repository, views, notices } = session;
  if (inputs.issue === 'off') return;
  if (repository === undefined) {
    notices.miss('issue', { why: noInterface });
    return;
  }
  const facts = viewFacts(session, scopeOf(session));
  const run = facts.runUrl === undefined ? '' : ` (${facts.runUrl})`;
  const ending = `The mirror is whole again: ${describeCheck(report, 'verified')}${run}.`;
  const sticky = {
    target: inputs.target,
    ...views.checkIssue(report, facts),
    ...(isWhole(report) && { ending }),
  };
  await writeIssue(repository, sticky, { readMarker: views.readMarker, notices });
}

/** Reads the image sets of the checkout, for suggestions; a check needs none of them. */
async function readFiles(session: JobSession): Promise<readonly ConfigFile[]> {
  try {
    return await readNow(await openSource(session));
  } catch (error) {
    // No suggestion is worth a failed check, whatever is wrong with the checkout.
    session.log.line('note', `New upstream content is not looked for: ${messageOf(error)}`);
    return [];
  }
}

/** Checks that all mirrored images are still complete in the target. Changes nothing there, unless it is to repair. */
export async function runVerify(session: JobSession): Promise<Ending> {
  const { jobs, settings, log, inputs } = session;
  const repairs = inputs.repair === 'true';
  const files = await readFiles(session);
  const report = await jobs.verify(settings, log.listener, { repairs, files });
  const ending = await finish(session, report, 'verified');
  await showInIssue(session, report);
  return ending;
}

/** Restores the images that an apply deleted. */
export async function runRestore(session: JobSession): Promise<Ending> {
  const { jobs, settings, log, inputs } = session;
  if (inputs.undo === undefined) throw new InvariantError('A restore has no id to undo.');
  return await finish(
    session,
    await jobs.restore(settings, { undo: inputs.undo }, log.listener),
    'restored',
  );
}
