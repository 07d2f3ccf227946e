/** The levels of a log line, from the least to the gravest. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** Takes lines for people. The engine writes to it; the entry points decide how lines look. */
export interface Logger {
  log(level: LogLevel, message: string): void;
  /** Takes an event for which an entry point may have words; absent: such events are not logged. */
  event?(event: LogEvent): void;
}

/** An event as data: a release or a catalog was collected. */
export interface LogEvent {
  readonly kind: 'release-collected' | 'catalog-collected';
  /** The reference as oc-mirror shows it: of a catalog, the one that was asked for. */
  readonly origin: string;
}

/** A log that nobody reads. */
export const silentLogger: Logger = { log() {} };

/** The world's time and chance, as an argument: tests pass their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds, or rejects when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to 1, for jitter. */
  random(): number;
}

/** Writes a moment by RFC 3339 in UTC, to the second: `2026-08-21T10:00:00Z`. */
export function formatUtc(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
