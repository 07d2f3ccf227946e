import type { Diagnostic } from '../diagnostic.ts';

/** What the run itself has to tell, next to the findings about what the user wrote. Each code is told once. */
export interface Notices {
  warn(code: string, summary: string, detail?: string): void;
  /** Everything told so far, in order. */
  list(): readonly Diagnostic[];
}

/** Starts a collection with what is known already. */
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
