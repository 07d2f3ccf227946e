import { CancelledError, ContentError, messageOf, RegistryError } from '../errors.ts';
import { isHopeless } from './network-error.ts';
import type { RegistriesOptions } from './options.ts';

/** A wait that a registry asks for is granted up to here; a longer one fails at once and says so. */
export const maxRetryAfterMs = 600_000;

const firstDelayMs = 1_000;
const maxDelayMs = 60_000;
const transientStatuses: readonly number[] = [500, 502, 503, 504];

/** The parts that waiting between attempts needs; `retries` is counted up. */
export interface RetryContext
  extends Pick<RegistriesOptions, 'retry' | 'clock' | 'log' | 'signal'> {
  readonly counters: { retries: number };
  /** The time of the last wait that people were told of. */
  readonly told: { at?: number };
}

/** Milliseconds between two waits that people are told of: an overrun registry makes hundreds of requests wait at once. */
const newsMs = 10_000;

function isNews({ clock, told }: RetryContext): boolean {
  const now = clock.now();
  if (told.at !== undefined && now - told.at < newsMs) return false;
  told.at = now;
  return true;
}

function formatWait(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** Tells whether an answer with this status may be another one next time. */
export function isTransientStatus(status: number): boolean {
  return status === 429 || transientStatuses.includes(status);
}

const lostUploadCodes = ['BLOB_UPLOAD_UNKNOWN', 'BLOB_UPLOAD_INVALID'];
const lostUploadStatuses: readonly number[] = [404, 410, 416];

/** Tells whether a registry has lost an upload, as one behind a balancer does: starting it over helps. */
export function isLostUpload(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  if (error.specCodes.some((code) => lostUploadCodes.includes(code))) return true;
  return lostUploadStatuses.includes(error.status ?? 0);
}

/** Tells whether the same request may succeed later: the connection, the load or a gateway failed, not the request itself. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ContentError) return error.code === 'TRUNCATED';
  if (!(error instanceof RegistryError) || error.isFinal) return false;
  if ((error.retryAfterMs ?? 0) > maxRetryAfterMs) return false;
  if (error.specCodes.some((code) => lostUploadCodes.includes(code))) return true;
  if (error.status !== undefined) return isTransientStatus(error.status);
  return error.code === 'TIMEOUT' || (error.code === 'UNREACHABLE' && !isHopeless(error.cause));
}

/**
 * Reads `Retry-After`: seconds, or a date.
 * @see RFC 9110, section 10.2.3
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function delayOf({ retry, clock }: RetryContext, failures: number): number {
  if (retry.delayMs !== undefined) return retry.delayMs;
  const doubled = Math.min(firstDelayMs * 2 ** (failures - 1), maxDelayMs);
  return doubled * (1 + clock.random() / 10);
}

/**
 * Waits before the next attempt, or throws the error when there is to be none.
 *
 * Units: `failures` counts the attempts that have failed, from 1. Doubles from 1 s with up to 10 % of jitter, or the fixed
 * delay of the policy; a longer `Retry-After` wins.
 */
export async function backOff(
  context: RetryContext,
  failures: number,
  error: unknown,
): Promise<void> {
  const { retry, clock, log, signal, counters } = context;
  if (signal?.aborted) throw new CancelledError();
  if (!isTransient(error) || failures > retry.times) throw afterAttempts(error, failures);
  const asked = error instanceof RegistryError ? (error.retryAfterMs ?? 0) : 0;
  const delayMs = Math.round(Math.max(delayOf(context, failures), asked));
  const level = isNews(context) ? 'info' : 'debug';
  const attempts = `${failures + 1} of ${retry.times + 1}`;
  log.log(level, `${messageOf(error)} Attempt ${attempts} in ${formatWait(delayMs)}.`);
  counters.retries += 1;
  await clock.sleep(delayMs, signal).catch((cause: unknown) => {
    throw signal?.aborted ? new CancelledError() : cause;
  });
}

function afterAttempts(error: unknown, failures: number): unknown {
  if (failures === 1 || !(error instanceof RegistryError) || error.isFinal) return error;
  const { message, cause, hint, method, url, status, specCodes, retryAfterMs } = error;
  return new RegistryError(error.code, `${message} It was tried ${failures} times.`, {
    cause,
    hint,
    method,
    url,
    status,
    specCodes,
    retryAfterMs,
  });
}

/** Gives a failure without an answer as one that no other attempt follows. */
export function asFinal({ code, message, cause, hint, method, url }: RegistryError): RegistryError {
  return new RegistryError(code, message, { cause, hint, method, url, isFinal: true });
}

/** Runs an attempt until it succeeds, fails for good, or the policy's attempts are used up. */
export async function retrying<T>(context: RetryContext, attempt: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      await backOff(context, failures, error);
    }
  }
}
