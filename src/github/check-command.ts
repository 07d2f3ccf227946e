import type { Diagnostic } from '../diagnostic.ts';
import { InvariantError } from '../errors.ts';
import type { CheckReport, ImageFailure } from '../run/index.ts';
import type { Ending, JobSession } from './session.ts';

type Verb = 'verified' | 'restored';

function describe(verb: Verb, { done, total }: CheckReport): string {
  return `${verb} ${done} / ${total} images`;
}

function findingOf({ origin, message, hint }: ImageFailure): Diagnostic {
  const detail = hint === undefined ? message : `${message}. ${hint}`;
  return { severity: 'error', code: 'image-damaged', summary: `${origin} is not whole.`, detail };
}

async function finish(session: JobSession, report: CheckReport, verb: Verb): Promise<Ending> {
  const { done, total, imageFailures, notes } = report;
  const isWhole = done === total && imageFailures.length === 0;
  session.log.line('done', describe(verb, report));
  for (const note of notes) session.log.line('note', note);
  await session.host.summarize(
    `### Mirror ${verb} · ${session.inputs.target}\n\n**${describe(verb, report)}.**\n`,
  );
  const { changed = 0 } = report;
  const success = changed > 0 ? 'applied' : 'nothing';
  const failure = changed > 0 ? 'partial' : 'failed';
  return {
    isFailure: !isWhole,
    findings: imageFailures.map(findingOf),
    outputs: {
      outcome: isWhole ? success : failure,
      'has-changes': String(changed > 0),
      'failed-count': String(total - done),
    },
  };
}

/** Checks that all mirrored images are still complete in the target. Changes nothing. */
export async function runVerify(session: JobSession): Promise<Ending> {
  const { jobs, settings, log } = session;
  return await finish(session, await jobs.verify(settings, log.listener), 'verified');
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
