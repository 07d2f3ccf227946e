import type { Diagnostic } from '../diagnostic.ts';
import type { PlanRequest, Settings } from '../run/index.ts';
import { findBase } from './base.ts';
import { type ConfigSource, readHead } from './config-files.ts';
import type { Event } from './event.ts';
import { openGit } from './git.ts';
import type { Repository } from './github-api.ts';
import type { Host } from './host.ts';
import type { Inputs } from './inputs.ts';
import type { Jobs } from './jobs.ts';
import type { Notices } from './notices.ts';
import type { Outputs } from './report.ts';
import type { RunLog } from './run-log.ts';
import type { Views } from './views.ts';

/** Everything that one run works with, once its inputs are known. */
export interface Session {
  readonly host: Host;
  readonly jobs: Jobs;
  readonly views: Views;
  readonly inputs: Inputs;
  readonly event: Event;
  readonly settings: Settings;
  readonly notices: Notices;
  readonly log: RunLog;
  readonly repository: Repository | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** How a command ended, for the host. */
export interface Ending {
  readonly isFailure: boolean;
  readonly findings: readonly Diagnostic[];
  readonly outputs: Outputs;
}

/** Reads the configurations of the checkout, and prepares the question for those of the base. */
export async function createRequest(session: Session): Promise<PlanRequest> {
  const { host, inputs, event, notices } = session;
  const root = host.env['GITHUB_WORKSPACE'] || '.';
  const git = openGit(root, host.env);
  const source: ConfigSource = { root, git, globs: inputs.config };
  const head = await readHead(source);
  const commit = await git.resolve('HEAD');
  if (commit === undefined) {
    notices.warn(
      'no-repository',
      'The checkout is no git repository.',
      'What is there is compared with what was last applied; add actions/checkout before this step to compare commits.',
    );
  }
  return {
    head,
    headRevision: commit === undefined ? { from: 'files' } : { commit, from: 'event' },
    base: findBase({ source, event, base: inputs.base }),
  };
}
