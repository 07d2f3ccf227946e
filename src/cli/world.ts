import type { Clock } from '../log.ts';
import type * as run from '../run/index.ts';

/** The use cases as the command line calls them; the composition root passes the real ones, tests pass their own. */
export interface UseCases
  extends Pick<
    typeof run,
    | 'mirror'
    | 'plan'
    | 'retire'
    | 'listState'
    | 'apply'
    | 'deleteGenerate'
    | 'deleteExecute'
    | 'pruneCached'
    | 'verify'
    | 'restore'
    | 'history'
    | 'probe'
    | 'listOperators'
    | 'listReleases'
    | 'lint'
  > {
  /** Shows the story on registries of its own; gives the exit code. */
  demo(print: (text: string) => void): Promise<number>;
}

/** One output stream of the process. */
export interface Screen {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width of the terminal; of no meaning elsewhere. */
  readonly columns: number;
  /** Height of the terminal; of no meaning elsewhere. */
  readonly rows: number;
  /** Calls several times a second, and after the terminal changed; gives the end of that. Absent: never. */
  onTick?(work: () => void): () => void;
}

/** Everything the command line takes from outside; the composition root passes the real things. */
export interface World {
  readonly jobs: UseCases;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** The words that start this program, as a shell takes them. */
  readonly program: string;
  /** Version of this tool, `0.1.0`. */
  readonly version: string;
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** The current directory. */
  readonly directory: string;
  readonly signal?: AbortSignal;
}
