import type { Outcome } from '../apply/index.ts';
import type { ImageKind } from '../imageset/index.ts';
import type { Clock } from '../log.ts';
import { changeKey } from '../plan/index.ts';
import type { Listener, RunEvent } from '../run/index.ts';
import { formatBytes } from '../views/index.ts';
import type { Console } from './console.ts';
import { formatDuration } from './units.ts';

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
      ? `${formatDuration(Math.round((elapsedMs * (total - done)) / done / 1000) * 1000)} left`
      : '';
  const parts = [`${facts.verb} [${bar}] ${done} / ${total}`, formatBytes(bytes), rate, left];
  return parts
    .filter((part) => part !== '')
    .join('  ')
    .slice(0, Math.max(0, facts.columns - 1));
}

const typeNames: Readonly<Record<ImageKind, string>> = {
  ocpRelease: 'release',
  ocpReleaseContent: 'release content',
  cincinnatiGraph: 'graph',
  operatorCatalog: 'operator catalog',
  operatorBundle: 'operator bundle',
  operatorRelatedImage: 'operator related image',
  generic: 'additional',
  helmImage: 'helm',
};

function placeOf({ change }: Outcome): string {
  return changeKey(change);
}

/** Says what became of one image, in oc-mirror's words where its users grep for them. */
export function outcomeLine(outcome: Outcome, destination: string): string {
  const { change } = outcome;
  const isCopy = ['mirror', 'retag', 'keep'].includes(change.action);
  if (outcome.result === 'failed') {
    const what = isCopy ? 'copy' : change.action;
    return `Failed to ${what} ${typeNames[change.kind]} ${isCopy ? change.origin : placeOf(outcome)}: ${outcome.message}`;
  }
  const note = outcome.detail === undefined ? '' : `  ${outcome.detail}`;
  if (outcome.result !== 'done') return `${outcome.result} ${placeOf(outcome)}${note}`;
  if (outcome.wasGone) return `Nothing to ${change.action}: ${placeOf(outcome)}${note}`;
  const cost = `  ${formatBytes(outcome.bytes)}  ${formatDuration(outcome.ms)}`;
  if (isCopy) return `Success copying ${change.origin} ➡️ ${destination}/${cost}${note}`;
  const verb = change.action === 'untag' ? 'untagging' : 'deleting';
  return `Success ${verb} ${placeOf(outcome)}${note}`;
}

const collecting: Readonly<Record<string, string>> = {
  release: '🔍 collecting release images...',
  operator: '🔍 collecting operator images...',
  additional: '🔍 collecting additional images...',
  helm: '🔍 collecting helm images...',
};

/**
 * Gives a listener that tells a run's progress: a live line on a terminal, else one timed line per image, `n / N`.
 *
 * `destination` is the target without transport.
 */
export function createProgress(console: Console, clock: Clock, destination: string): Listener {
  let phase = { verb: 'mirror', startedAt: clock.now(), seen: 0 };

  function tellOutcome(outcome: Outcome, total: number): void {
    phase.seen += 1;
    const width = String(total).length;
    const line = `${String(phase.seen).padStart(width)} / ${total}  ${outcomeLine(outcome, destination)}`;
    if (outcome.result !== 'failed') console.detail(line);
    else console.log('error', outcome.hint === undefined ? line : `${line} ${outcome.hint}`);
  }

  function tellPhase(event: RunEvent & { type: 'phase' }): void {
    phase = { verb: event.phase, startedAt: clock.now(), seen: 0 };
    if (event.phase === 'mirror') {
      console.log('info', '🚀 Start copying the images...');
      console.log('info', `📌 images to copy ${event.total} `);
    }
    if (event.phase === 'delete') console.log('info', `📌 images to delete ${event.total} `);
    if (event.phase === 'done') console.live('');
  }

  return (event) => {
    if (event.type === 'collecting') console.log('info', collecting[event.kind] ?? '');
    if (event.type === 'phase') tellPhase(event);
    if (event.type === 'outcome') tellOutcome(event.outcome, event.total);
    if (event.type === 'progress') {
      const { verb, startedAt } = phase;
      const elapsedMs = clock.now() - startedAt;
      console.live(formatLive({ ...event, verb, elapsedMs, columns: console.columns }));
    }
  };
}
