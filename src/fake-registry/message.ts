/** A request; header names are in lower case. */
export interface FakeRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Disturbances of an answer on its way. */
export interface Delivery {
  /** Milliseconds before the first byte. */
  readonly delayMs?: number;
  /** Bytes of the body after which the connection is closed. */
  readonly cutAfter?: number;
  /** With `cutAfter`: the connection stays open and no more bytes are sent. */
  readonly stall?: boolean;
  /** The connection is reset and no answer is sent. */
  readonly reset?: boolean;
}

/** An answer with its delivery. */
export interface FakeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly delivery?: Delivery;
}

const nothing = new Uint8Array();

/** Makes an answer. */
export function answer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: Uint8Array = nothing,
): FakeResponse {
  return { status, headers, body };
}

/** Makes an answer of JSON. */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): FakeResponse {
  const body = new TextEncoder().encode(JSON.stringify(value));
  return answer(status, { 'content-type': 'application/json', ...headers }, body);
}

/** One entry of an error body. @see distribution-spec v1.1, "Error Codes" */
export interface SpecError {
  readonly code: string;
  readonly message?: string;
  readonly detail?: unknown;
}

/** Makes an answer with errors. */
export function refusal(status: number, ...errors: readonly SpecError[]): FakeResponse {
  return jsonAnswer(status, { errors });
}
