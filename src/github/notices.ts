import type { Diagnostic } from '../diagnostic.ts';

/** Findings about the run itself, next to those about the files of the user. Each code is reported once. */
export interface Notices {
  warn(code: string, summary: string, detail?: string): void;
  /** All notices so far, in order. */
  list(): readonly Diagnostic[];
}

/** Starts a collection with notices that are already known. */
export function createNotices(known: readonly Diagnostic[] = []): Notices {
  const told = new Map<string, Diagnostic>(known.map((notice) => [notice.code, notice]));
  return {
    warn(code, summary, detail) {
      if (told.has(code)) return;
      told.set(code, { severity: 'warning', code, summary, ...(detail && { detail }) });
    },
    list: () => [...told.values()],
  };
}
