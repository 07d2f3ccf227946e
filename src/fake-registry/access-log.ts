/** One line of the access log. */
export interface LogEntry {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  /** 0 if the connection was reset. */
  readonly status: number;
  readonly authorization: 'none' | 'basic' | 'bearer';
}

/** The requests to a registry, in order. */
export interface AccessLog {
  readonly entries: readonly LogEntry[];
  add(entry: LogEntry): void;
  /** Calls a listener after each request, before the next one. */
  watch(listener: (entry: LogEntry) => void): void;
  /** Requests that may change something: neither GET nor HEAD, and no token requests. */
  writes(): readonly LogEntry[];
  clear(): void;
}

/** Makes an empty log. */
export function createAccessLog(): AccessLog {
  const entries: LogEntry[] = [];
  const listeners: ((entry: LogEntry) => void)[] = [];
  return {
    entries,
    add(entry) {
      entries.push(entry);
      for (const listener of listeners) listener(entry);
    },
    watch: (listener) => void listeners.push(listener),
    writes: () =>
      entries.filter(({ method, path }) => !/^(GET|HEAD)$/.test(method) && path !== '/token'),
    clear: () => void entries.splice(0),
  };
}
