import { escapeLogLine, visible } from '../views/index.ts';
import { runApply } from './apply-command.ts';
import { runRestore, runVerify } from './check-command.ts';
import { type ActionCommand, decideCommand, readEvent } from './event.ts';
import { createNotices, type Notices } from './gaps.ts';
import { openHostRepository } from './github-api.ts';
import type { ActionsHost } from './host.ts';
import { hostTraits } from './host-kind.ts';
import { readInputs } from './inputs.ts';
import { runPlan, showOnPull } from './plan-command.ts';
import { annotateAll, describeError, setOutputs } from './report.ts';
import { scopeOf } from './run-files.ts';
import { createRunLog } from './run-log.ts';
import { secretsOf } from './secrets.ts';
import type { ActionJobs, Ending, JobSession, Views } from './session.ts';
import { settingsOfInputs } from './settings.ts';
import { type CacheFacts, restoreWorkspace, saveWorkspace } from './workspace-cache.ts';

const commands: Readonly<Record<ActionCommand, (session: JobSession) => Promise<Ending>>> = {
  plan: runPlan,
  apply: runApply,
  verify: runVerify,
  restore: runRestore,
  // Few runs use archives, so only those load this code.
  archive: async (session) => (await import('./disk-command.ts')).runArchive(session),
  load: async (session) => (await import('./disk-command.ts')).runLoad(session),
};

/** The parts that the composition root passes to {@link runAction}, next to the host. */
export interface DoorParts {
  readonly jobs: ActionJobs;
  readonly views: Views;
}

/** Turns a failed summary into a notice: the log and the files hold the same content. */
function withSafeSummary(host: ActionsHost, notices: Notices): ActionsHost {
  return {
    ...host,
    async summarize(markdown) {
      try {
        await host.summarize(markdown);
      } catch (why) {
        notices.miss('summary', { why });
      }
    },
  };
}

/** @throws ConfigError when an input is wrong. */
function openSession(host: ActionsHost, parts: DoorParts): JobSession {
  const { env, clock, signal, api, gaps = [] } = host;
  annotateAll(host, gaps);
  const notices = createNotices(gaps);
  const inputs = readInputs(env);
  const event = readEvent(env, host.payload);
  const log = createRunLog(host);
  return {
    ...parts,
    host: withSafeSummary(host, notices),
    inputs,
    event,
    log,
    settings: settingsOfInputs(inputs, { env, clock, log: log.logger, ...(signal && { signal }) }),
    notices,
    repository:
      api && event.repository
        ? openHostRepository(api, event.repository, hostTraits(env))
        : undefined,
    startedAt: clock.now(),
  };
}

/** Reports a run that failed; on a pull request also in the comment. */
async function endInError(
  session: JobSession,
  command: ActionCommand,
  thrown: unknown,
): Promise<Ending> {
  const findings = [describeError(thrown)];
  const view = { plan: undefined, findings };
  if (command === 'plan') await showOnPull(session, { view, scope: scopeOf(session) });
  return { isFailure: true, findings, outputs: { outcome: 'failed' } };
}

async function runCommand(session: JobSession): Promise<Ending> {
  const { host, inputs, event, settings, notices } = session;
  const command = decideCommand(inputs.command, event);
  const { target, config } = inputs;
  const cache: CacheFacts = {
    service: inputs.cache === 'auto' ? host.cache : 'off',
    workspace: settings.workspace,
    target,
    config,
    notices,
  };
  session.log.line(command, target);
  const restored = await restoreWorkspace(cache);
  try {
    return await commands[command](session);
  } catch (error) {
    if (error instanceof Error && error.stack) host.debug(error.stack);
    return await endInError(session, command, error);
  } finally {
    await saveWorkspace(cache, restored);
  }
}

/** Makes printing safe: a name from outside must not begin a line or a command, control a terminal, or hide text. */
function withSafePrint(host: ActionsHost): ActionsHost {
  const safe = (line: string) => escapeLogLine(visible(line.replaceAll(/[\r\n]+/g, ' ')));
  return { ...host, print: (line) => host.print(safe(line)) };
}

/**
 * Runs the action once and gives the exit code.
 *
 * Effects, in this order: secrets are masked, inputs are checked, the command runs (files, artifact, summary, comment),
 * then annotations, then every output. Anything thrown fails the run. A missing service of the host is reported once.
 */
export async function runAction(given: ActionsHost, parts: DoorParts): Promise<0 | 1> {
  const host = withSafePrint(given);
  for (const secret of secretsOf(host.env)) host.mask(secret);
  let session: JobSession;
  try {
    session = openSession(host, parts);
  } catch (error) {
    annotateAll(host, [describeError(error)]);
    setOutputs(host, { outcome: 'failed' });
    return 1;
  }
  const ending = await runCommand(session);
  annotateAll(host, [...ending.findings, ...session.notices.list()]);
  setOutputs(host, ending.outputs);
  return ending.isFailure ? 1 : 0;
}
