import type { RegistriesOptions } from './options.ts';
import type { RetryContext } from './retry.ts';
import type { Transport } from './transport.ts';

/** Counts of what was sent; see `Traffic`. */
export interface Counters {
  requests: number;
  writes: number;
  retries: number;
  bytesReceived: number;
  bytesSent: number;
}

/** The parts that all hosts of one side share. */
export interface RequestContext extends RetryContext {
  readonly options: RegistriesOptions;
  readonly transport: Transport;
  readonly counters: Counters;
}
