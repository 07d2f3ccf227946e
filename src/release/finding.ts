import { ContentError, type ErrorDetails } from '../errors.ts';

/** What can be wrong with a channel's choice of versions. */
export type FindingCode =
  | 'graph-unavailable' // the update service could not be asked, or gave no graph
  | 'unknown-channel' // the graph of the channel is empty
  | 'invalid-version' // a bound is no semantic version
  | 'version-not-found' // a bound of a shortest path stands in no graph
  | 'impossible-range' // the lower bound is above the upper
  | 'empty-range' // no version lies between the bounds
  | 'no-upgrade-path' // several channels do not join
  | 'architecture-lacks-release' // another architecture lacks the version that the first one resolved
  | 'eus-range'; // an EUS channel over two minors or more: the console knows the path better

/** One thing found while choosing versions. */
export interface SelectionFinding {
  readonly code: FindingCode;
  /** `error` makes the selection incomplete, as it does in oc-mirror. */
  readonly severity: 'error' | 'warning';
  /** Index of the channel that it concerns. */
  readonly channel: number;
  readonly architecture: string;
  /** The field of the channel that is to blame. */
  readonly field?: 'name' | 'minVersion' | 'maxVersion';
  /** In oc-mirror's words where its users know them. */
  readonly message: string;
  readonly cause?: unknown;
}

/** Ends the choice within one channel; becomes a finding of that channel. */
export class SelectionError extends ContentError {
  readonly finding: FindingCode;
  readonly field: SelectionFinding['field'];

  constructor(
    finding: FindingCode,
    message: string,
    details: ErrorDetails & { readonly field?: SelectionFinding['field'] } = {},
  ) {
    super('GRAPH_INVALID', message, details);
    this.finding = finding;
    this.field = details.field;
  }
}
