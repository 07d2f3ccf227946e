/** One line of the access log. */
export interface LogEntry {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  /** 0 when the connection was reset instead of an answer. */
  readonly status: number;
  readonly authorization: 'none' | 'basic' | 'bearer';
}

/** What a registry was asked, in order. */
export interface AccessLog {
  readonly entries: readonly LogEntry[];
  add(entry: LogEntry): void;
  /** Calls a listener after each request, while the registry is as that request left it. */
  watch(listener: (entry: LogEntry) => void): void;
  /** Those that could change something: neither GET nor HEAD, token requests left out. */
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
