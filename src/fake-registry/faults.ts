import type { Delivery, FakeRequest, FakeResponse } from './message.ts';

/** One fault and the requests that it affects. */
export interface Fault extends Delivery {
  /** Absent: every method. */
  readonly method?: string;
  /** Tested against path and query; absent: every request. */
  readonly path?: RegExp;
  /** The number of matching requests that fail; absent: one. */
  readonly times?: number;
  /** Only every n-th matching request fails. */
  readonly every?: number;
  /** The number of matching requests that pass before; absent: none. */
  readonly after?: number;
  /** Answers with this status; the request is not handled. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Changes the first byte of the body. */
  readonly corrupt?: boolean;
}

/** Faults that wait for their requests. */
export interface Faults {
  add(...faults: readonly Fault[]): void;
  clear(): void;
  /** Handles a request, or applies the first fault that matches, never several. */
  apply(request: FakeRequest, handle: (request: FakeRequest) => FakeResponse): FakeResponse;
}

interface Waiting {
  readonly fault: Fault;
  seen: number;
  left: number;
}

function matches({ method, path }: Fault, request: FakeRequest): boolean {
  return (!method || method === request.method) && (!path || path.test(request.url));
}

function isDue(waiting: Waiting): boolean {
  waiting.seen += 1;
  const { every = 1, after = 0 } = waiting.fault;
  if (waiting.left <= 0 || waiting.seen <= after || waiting.seen % every !== 0) return false;
  waiting.left -= 1;
  return true;
}

function corrupted(body: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(body);
  copy[0] = (copy[0] ?? 0) ^ 0xff;
  return copy;
}

function spoil(fault: Fault, handled: FakeResponse): FakeResponse {
  const { delayMs, cutAfter, stall, reset } = fault;
  return {
    ...handled,
    body: fault.corrupt ? corrupted(handled.body) : handled.body,
    delivery: {
      ...(delayMs !== undefined && { delayMs }),
      ...(cutAfter !== undefined && { cutAfter }),
      ...(stall !== undefined && { stall }),
      ...(reset !== undefined && { reset }),
    },
  };
}

/**
 * Makes an empty list of faults.
 *
 * A fault with a `status` answers instead of the registry; every other fault changes the registry's answer, so that `reset`
 * loses the answer to a completed request.
 */
export function createFaults(): Faults {
  const waiting: Waiting[] = [];
  return {
    add(...faults) {
      waiting.push(...faults.map((fault) => ({ fault, seen: 0, left: fault.times ?? 1 })));
    },
    clear: () => void waiting.splice(0),
    apply(request, handle) {
      const due = waiting.find((one) => matches(one.fault, request) && isDue(one))?.fault;
      if (!due) return handle(request);
      if (due.status === undefined) return spoil(due, handle(request));
      const body = new TextEncoder().encode(due.body ?? '');
      return spoil(due, { status: due.status, headers: due.headers ?? {}, body });
    },
  };
}
