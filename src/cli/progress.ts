import type { Outcome } from '../apply/index.ts';
import { isAttached } from '../imageset/index.ts';
import type { Clock } from '../log.ts';
import type { Listener, RunEvent } from '../run/index.ts';
import { formatBytes } from '../views/index.ts';
import type { Console } from './console.ts';
import { formatGoDuration } from './units.ts';
import { outcomeLine, words } from './words.ts';

const barWidth = 24;

/** Facts of a live line. */
export interface LiveFacts {
  readonly verb: string;
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
  readonly elapsedMs: number;
  readonly columns: number;
}

/** Formats the live line: `mirror [####----] 12 / 384  1.2 GB  35.0 MB/s  2m10s left`, cut to the screen. */
export function formatLive(facts: LiveFacts): string {
  const { done, total, bytes, elapsedMs } = facts;
  const filled = total > 0 ? Math.min(barWidth, Math.floor((barWidth * done) / total)) : 0;
  const bar = '#'.repeat(filled).padEnd(barWidth, '-');
  const rate = elapsedMs > 0 ? `${formatBytes(Math.round((bytes * 1000) / elapsedMs))}/s` : '';
  const left =
    done > 0 && done < total
      ? `${formatGoDuration(Math.round((elapsedMs * (total - done)) / done / 1000) * 1000)} left`
      : '';
  const parts = [`${facts.verb} [${bar}] ${done} / ${total}`, formatBytes(bytes), rate, left];
  return parts
    .filter((part) => part !== '')
    .join('  ')
    .slice(0, Math.max(0, facts.columns - 1));
}

/**
 * Makes a listener that shows the progress of a run: a live line on a terminal, else a line `n / N` for each image.
 *
 * `destination` is the target without transport.
 */
export function createProgress(console: Console, clock: Clock, destination: string): Listener {
  let phase = { verb: 'mirror', startedAt: clock.now(), seen: 0 };

  function tellOutcome(outcome: Outcome, total: number): void {
    phase.seen += 1;
    // Signatures come and go with their images; people look for these.
    if (isAttached(outcome.change) && outcome.result === 'done') return;
    const width = String(total).length;
    const line = `${String(phase.seen).padStart(width)} / ${total}  ${outcomeLine(outcome, destination)}`;
    if (outcome.result !== 'failed') console.detail(line);
    else console.log('error', outcome.hint === undefined ? line : `${line} ${outcome.hint}`);
  }

  function tellPhase(event: RunEvent & { type: 'phase' }): void {
    phase = { verb: event.phase, startedAt: clock.now(), seen: 0 };
    if (event.phase === 'mirror') {
      console.log('info', words.startCopying);
      console.log('info', words.toCopy(event.total));
    }
    if (event.phase === 'delete') console.log('info', words.toDelete(event.total));
    if (event.phase === 'done') console.live('');
  }

  return (event) => {
    if (event.type === 'collecting') console.log('info', words.collecting(event.kind));
    if (event.type === 'phase') tellPhase(event);
    if (event.type === 'archiving') console.log('info', words.archiving);
    if (event.type === 'loading') {
      if (event.index === 1) console.log('info', words.extracting);
      console.result(words.chunk(event.index, event.total, event.path));
    }
    if (event.type === 'outcome') tellOutcome(event.outcome, event.total);
    if (event.type === 'progress') {
      const { verb, startedAt } = phase;
      const elapsedMs = clock.now() - startedAt;
      console.live(formatLive({ ...event, verb, elapsedMs, columns: console.columns }));
    }
  };
}
