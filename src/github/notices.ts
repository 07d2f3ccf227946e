import type { Diagnostic } from '../diagnostic.ts';
import { describeGap, type Gap, type Service } from './gaps.ts';

/** Findings about the run itself, next to those about the files of the user. Each code is reported once. */
export interface Notices {
  warn(code: string, summary: string, detail?: string): void;
  /** Tells that the run goes on without a service of the host. */
  miss(service: Service, gap: Gap): void;
  /** All notices so far that are not told yet, in order. */
  list(): readonly Diagnostic[];
}

/** Starts a collection; what is told already is not told again. */
export function createNotices(told: readonly Diagnostic[] = []): Notices {
  const codes = new Set(told.map(({ code }) => code));
  const notices: Diagnostic[] = [];
  const add = (notice: Diagnostic): void => {
    if (codes.has(notice.code)) return;
    codes.add(notice.code);
    notices.push(notice);
  };
  return {
    warn: (code, summary, detail) =>
      add({ severity: 'warning', code, summary, ...(detail && { detail }) }),
    miss: (service, gap) => add(describeGap(service, gap)),
    list: () => notices,
  };
}
