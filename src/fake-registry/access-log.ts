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
  /** Those that could change something: neither GET nor HEAD, token requests left out. */
  writes(): readonly LogEntry[];
  clear(): void;
}

/** Makes an empty log. */
export function createAccessLog(): AccessLog {
  const entries: LogEntry[] = [];
  return {
    entries,
    add: (entry) => void entries.push(entry),
    writes: () =>
      entries.filter(({ method, path }) => !/^(GET|HEAD)$/.test(method) && path !== '/token'),
    clear: () => void entries.splice(0),
  };
}
