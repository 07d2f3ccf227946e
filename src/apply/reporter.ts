import { isAttached } from '../imageset/index.ts';
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

/**
 * Announces a phase of some deeds and counts them.
 *
 * Images alone are counted: signatures come and go with their images. A signature is told of only when it fails.
 */
export function startPhase(
  listener: (event: ApplyEvent) => void,
  phase: (ApplyEvent & { readonly type: 'phase' })['phase'],
  changes: readonly Change[],
): Reporter {
  const total = changes.filter((change) => !isAttached(change)).length;
  const moved = phase === 'mirror' ? changes.reduce((sum, change) => sum + change.bytes, 0) : 0;
  let done = 0;
  let bytes = 0;
  let told = 0;
  listener({ type: 'phase', phase, total, ...(moved > 0 && { bytes: moved }) });
  return {
    begin(change) {
      if (!isAttached(change)) listener({ type: 'started', change });
    },
    onBytes(count) {
      bytes += count;
      if (bytes - told < progressStep) return;
      told = bytes;
      listener({ type: 'progress', done, total, bytes });
    },
    report(outcome) {
      const isSignature = isAttached(outcome.change);
      if (isSignature && outcome.result === 'done') return outcome;
      listener({ type: 'outcome', outcome, index: done, total });
      if (!isSignature) done += 1;
      return outcome;
    },
  };
}
