/**
 * Every failure this project raises on purpose, in one closed taxonomy.
 *
 * A family says who can mend it: the author of the configuration, the operator of a registry, upstream, the
 * reviewer of a plan, or us. Decisions read `code` and nothing else; messages are for people. Absence is a
 * value (`undefined`, `'absent'`), never an error. Each layer wraps once, with `cause`; only `main` logs.
 */

/** The closed set of reasons; one code belongs to exactly one family. */
export type ErrorCode =
  | ConfigErrorCode
  | RegistryErrorCode
  | ContentErrorCode
  | PlanErrorCode
  | StorageErrorCode
  | 'BUG'
  | 'CANCELLED';

/** Faults that the author of a configuration or an input can mend. */
export type ConfigErrorCode =
  | 'INPUT_INVALID'
  | 'CONFIG_UNREADABLE'
  | 'CONFIG_INVALID'
  | 'REFERENCE_INVALID'
  | 'PLACEMENT_CONFLICT'
  | 'NOT_BUILT';

/** Faults that the operator of a registry or an HTTP service can mend. */
export type RegistryErrorCode =
  | 'UNREACHABLE'
  | 'CERTIFICATE'
  | 'TIMEOUT'
  | 'UNAUTHORIZED'
  | 'DENIED'
  | 'NOT_FOUND'
  | 'UNSUPPORTED'
  | 'BLOCKED'
  | 'TOO_MANY_REQUESTS'
  | 'UNEXPECTED_STATUS'
  | 'CREDENTIALS';

/** Faults that only the publisher of the content can mend. */
export type ContentErrorCode =
  | 'DIGEST_MISMATCH'
  | 'SIZE_MISMATCH'
  | 'TRUNCATED'
  | 'TRAILING_BYTES'
  | 'MANIFEST_INVALID'
  | 'MEDIA_TYPE_UNSUPPORTED'
  | 'TOO_LARGE'
  | 'SIGNATURE_INVALID'
  | 'SIGNATURE_MISSING'
  | 'POLICY_REJECTED'
  | 'PAYLOAD_INVALID'
  | 'CATALOG_INVALID'
  | 'CHART_INVALID'
  | 'GRAPH_INVALID'
  | 'ARCHIVE_MISSING'
  | 'ARCHIVE_EMPTY'
  | 'ARCHIVE_SIZE'
  | 'ARCHIVE_INVALID'
  | 'ARCHIVE_INCOMPLETE';

/** Faults that a reviewer of a plan can mend, by planning again or approving. */
export type PlanErrorCode =
  | 'PLAN_STALE'
  | 'PLAN_FORMAT'
  | 'PLAN_UNAPPLYABLE'
  | 'REVIEW_MISSING'
  | 'DELETE_REFUSED'
  | 'STATE_FORMAT';

/** Faults that the owner of the machine can mend. */
export type StorageErrorCode = 'STORAGE_FULL' | 'STORAGE_FAILED';

/** Additional facts of an error: its remedy, and the error beneath it. */
export interface ErrorDetails {
  /** A sentence that tells the reader what to do. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The base of all deliberate failures. */
export abstract class MirrorError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint;
  }
}

/** A place in a file that a user wrote. Lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The configuration or an input is wrong; `at` names the place where there is one. */
export class ConfigError extends MirrorError {
  readonly at: SourcePosition | undefined;

  constructor(
    code: ConfigErrorCode,
    message: string,
    details: ErrorDetails & { readonly at?: SourcePosition | undefined } = {},
  ) {
    super(code, message, details);
    this.at = details.at;
  }
}

/** Facts of a failed exchange. `url` is redacted: no user info, allow-listed query keys only. */
export interface ExchangeFacts {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly status?: number | undefined;
  /** Error codes of the distribution specification found in the body. */
  readonly specCodes?: readonly string[] | undefined;
  /** Milliseconds that the answer asks to wait before the next attempt. */
  readonly retryAfterMs?: number | undefined;
  /** The host was given up: this run sends it no more requests, and all that need it fail with this same error. */
  readonly isFinal?: boolean | undefined;
}

/** A registry, or another HTTP service, did not do what was asked. */
export class RegistryError extends MirrorError {
  declare readonly code: RegistryErrorCode;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly status: number | undefined;
  readonly specCodes: readonly string[];
  readonly retryAfterMs: number | undefined;
  readonly isFinal: boolean;

  constructor(
    code: RegistryErrorCode,
    message: string,
    details: ErrorDetails & ExchangeFacts = {},
  ) {
    super(code, message, details);
    this.method = details.method;
    this.url = details.url;
    this.status = details.status;
    this.specCodes = details.specCodes ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.isFinal = details.isFinal ?? false;
  }
}

/** Content is not what its descriptor, signature or format promises. */
export class ContentError extends MirrorError {
  declare readonly code: ContentErrorCode;
  readonly expected: string | undefined;
  readonly actual: string | undefined;

  constructor(
    code: ContentErrorCode,
    message: string,
    details: ErrorDetails & {
      readonly expected?: string | undefined;
      readonly actual?: string | undefined;
    } = {},
  ) {
    super(code, message, details);
    this.expected = details.expected;
    this.actual = details.actual;
  }
}

/** Codes of failures that belong to a host, to its credentials or to this machine: whatever follows fails alike. */
const sharedCodes: ReadonlySet<string> = new Set([
  'UNREACHABLE',
  'CERTIFICATE',
  'UNAUTHORIZED',
  'CREDENTIALS',
  'INPUT_INVALID',
  'STORAGE_FULL',
] satisfies ErrorCode[]);

/** Gives a text that failures of one cause have in common, whatever they are about; `undefined` for one of its own. */
export function sharedCause(failure: {
  readonly code: string;
  readonly hint?: string | undefined;
}): string | undefined {
  return sharedCodes.has(failure.code) ? `${failure.code} ${failure.hint}` : undefined;
}

/** Which end of a copy failed: the first question of any mirror failure. */
export type Side = 'source' | 'target';

/** A copy failed; `side` says where to look, `code` is the cause's. */
export class CopyError extends MirrorError {
  readonly side: Side;
  readonly operation: string | undefined;
  readonly reference: string;

  constructor(facts: {
    readonly side: Side;
    /** Absent: the whole work, which that side does not let go on. */
    readonly operation?: string | undefined;
    readonly reference: string;
    readonly cause: unknown;
  }) {
    const cause = facts.cause instanceof MirrorError ? facts.cause : undefined;
    const { side, operation, reference } = facts;
    const where =
      operation === undefined
        ? `At the ${side} ${reference}`
        : `${operation} ${reference} failed at the ${side}`;
    super(cause?.code ?? 'BUG', `${where}: ${messageOf(facts.cause)}`, {
      cause: facts.cause,
      hint: cause?.hint,
    });
    this.side = side;
    this.operation = operation;
    this.reference = reference;
  }
}

/** Gives the failure of a host that was given up, if it is the cause of an error; one object for all errors that it caused. */
export function finalCause(error: unknown): RegistryError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof RegistryError && at.isFinal) return at;
  }
  return undefined;
}

/** A plan cannot be made, read or applied. */
export class PlanError extends MirrorError {
  constructor(code: PlanErrorCode, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** The disk of this machine failed; a cache may be given up, a plan file may not. */
export class StorageError extends MirrorError {
  constructor(code: StorageErrorCode, message: string, details: ErrorDetails = {}) {
    super(code, message, details);
  }
}

/** The run was asked to stop. */
export class CancelledError extends MirrorError {
  constructor(message = 'The run was cancelled.') {
    super('CANCELLED', message);
  }
}

/** A state that cannot occur: a bug of this project. */
export class InvariantError extends MirrorError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('BUG', `${message} This is a bug in imageset-mirror.`, details);
  }
}

/** Gives the message of anything thrown, even of a string. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Gives the code of a deliberate failure, `'BUG'` for anything else. */
export function codeOf(thrown: unknown): ErrorCode {
  return thrown instanceof MirrorError ? thrown.code : 'BUG';
}
