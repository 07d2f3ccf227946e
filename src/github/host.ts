import type { Diagnostic, Severity } from '../diagnostic.ts';
import type { SourcePosition } from '../errors.ts';
import type { Clock } from '../log.ts';
import type { Env } from './inputs.ts';

/** Every output of the action. */
export const outputNames = [
  'has-changes',
  'plan-digest',
  'mirror-count',
  'delete-count',
  'hold-count',
  'failed-count',
  'bytes-to-mirror',
  'bytes-to-free',
  'outcome',
  'plan-path',
  'delete-list-path',
  'report-path',
  'cluster-resources-path',
  'archive-path',
  'artifact-id',
  'shards',
] as const;

/** The name of an output. */
export type OutputName = (typeof outputNames)[number];

/** A finding as the host shows it next to the code. */
export interface Annotation {
  readonly severity: Severity;
  readonly title: string;
  readonly message: string;
  readonly at?: SourcePosition | undefined;
}

/** A request to the host's REST interface, below its root. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** `/repos/owner/name/…`, with its query. */
  readonly path: string;
  readonly body?: unknown;
}

/** An answer of the REST interface; `body` is decoded JSON, `undefined` for anything else. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends one request; throws only if there is no answer. */
export type Api = (request: ApiRequest) => Promise<ApiAnswer>;

/** The artifact service of the host. Every method may throw: services differ. */
export interface ArtifactService {
  /** Uploads files under the paths they have below `root`; gives the artifact's id. */
  upload(name: string, root: string, files: readonly string[]): Promise<number | undefined>;
  /** Downloads an artifact of this or another run and gives the directory of its files. */
  download(artifact: { readonly id: number; readonly runId: number }): Promise<string>;
}

/** The cache service of the host. Every method may throw. */
export interface CacheService {
  /** Restores the newest entry with the key, or else with one of the prefixes; gives the entry's key. */
  restore(
    paths: readonly string[],
    key: string,
    prefixes: readonly string[],
  ): Promise<string | undefined>;
  save(paths: readonly string[], key: string): Promise<void>;
}

/**
 * Everything that this layer takes from the runner and its host. A missing service is `undefined`: the run goes on
 * without it, says so once, and changes nothing else.
 */
export interface ActionsHost {
  readonly env: Env;
  readonly clock: Clock;
  /** The decoded file of the event; `undefined` without one. */
  readonly payload: unknown;
  readonly signal?: AbortSignal;
  /** Services that the host promises and lacks, such as a summary that cannot be written; reported before the first change. */
  readonly gaps?: readonly Diagnostic[];
  readonly api: Api | undefined;
  readonly artifacts: ArtifactService | undefined;
  readonly cache: CacheService | undefined;
  /** Prints one line of the log. */
  print(line: string): void;
  /** Prints a line that the host shows only while debugging is on. */
  debug(line: string): void;
  /** Shows a finding next to the code, and in the log. */
  annotate(annotation: Annotation): void;
  startGroup(title: string): void;
  endGroup(): void;
  /** Hides a text in the log from now on. */
  mask(secret: string): void;
  setOutput(name: OutputName, value: string): void;
  /** Appends to the job summary; does nothing on a host without summaries. */
  summarize(markdown: string): Promise<void>;
}
