import type { Change } from '../plan/index.ts';
import type { ApplyEvent, Outcome } from './types.ts';

/** Bytes between two reports of progress. */
const progressStep = 1024 * 1024;

/** Tells a listener how a phase goes on. */
export interface Reporter {
  /** Announces a change that is begun. */
  begin(change: Change): void;
  /** Told of content that moves. */
  onBytes(count: number): void;
  /** Counts an outcome and passes it on. */
  report(outcome: Outcome): Outcome;
}

/** Announces a phase of some deeds and counts them. */
export function startPhase(
  listener: (event: ApplyEvent) => void,
  phase: (ApplyEvent & { readonly type: 'phase' })['phase'],
  changes: readonly Change[],
): Reporter {
  const total = changes.length;
  const moved = phase === 'mirror' ? changes.reduce((sum, change) => sum + change.bytes, 0) : 0;
  let done = 0;
  let bytes = 0;
  let told = 0;
  listener({ type: 'phase', phase, total, ...(moved > 0 && { bytes: moved }) });
  return {
    begin: (change) => listener({ type: 'started', change }),
    onBytes(count) {
      bytes += count;
      if (bytes - told < progressStep) return;
      told = bytes;
      listener({ type: 'progress', done, total, bytes });
    },
    report(outcome) {
      listener({ type: 'outcome', outcome, index: done, total });
      done += 1;
      return outcome;
    },
  };
}
