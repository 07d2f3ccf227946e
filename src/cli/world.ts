import type { Clock } from '../log.ts';
import type { Jobs } from './jobs.ts';

/** One output stream of the process. */
export interface Screen {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width of the terminal; of no meaning elsewhere. */
  readonly columns: number;
}

/** Everything the command line takes from outside; the composition root passes the real things. */
export interface World {
  readonly jobs: Jobs;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Version of this tool, `0.1.0`. */
  readonly version: string;
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** The current directory. */
  readonly directory: string;
  readonly signal?: AbortSignal;
}
