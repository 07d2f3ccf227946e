import type { Diagnostic } from '../diagnostic.ts';
import type { Settings } from '../run/index.ts';
import type { Event } from './event.ts';
import type { HostRepository } from './github-api.ts';
import type { ActionsHost } from './host.ts';
import type { Inputs } from './inputs.ts';
import type { Jobs } from './jobs.ts';
import type { Notices } from './notices.ts';
import type { Outputs } from './report.ts';
import type { RunLog } from './run-log.ts';
import type { Views } from './views.ts';

/** Everything that one run works with, once its inputs are known. */
export interface JobSession {
  readonly host: ActionsHost;
  readonly jobs: Jobs;
  readonly views: Views;
  readonly inputs: Inputs;
  readonly event: Event;
  readonly settings: Settings;
  readonly notices: Notices;
  readonly log: RunLog;
  readonly repository: HostRepository | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** How a command ended, for the host. */
export interface Ending {
  readonly isFailure: boolean;
  readonly findings: readonly Diagnostic[];
  readonly outputs: Outputs;
}
