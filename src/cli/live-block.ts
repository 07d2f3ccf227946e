import { formatBytes, formatDuration } from '../views/index.ts';

const barWidth = 24;

/** Facts of a phase that goes on. */
export interface PhaseFacts {
  readonly verb: string;
  readonly done: number;
  readonly total: number;
  /** Bytes that arrived. */
  readonly bytes: number;
  /** Bytes that arrive in all, as far as it is known; 0 where nothing is moved. */
  readonly totalBytes: number;
  readonly elapsedMs: number;
}

/** An image under way. */
export interface InFlight {
  readonly place: string;
  /** Bytes; absent: not known. */
  readonly size?: number | undefined;
  readonly elapsedMs: number;
}

/** Room on a terminal. */
export interface Room {
  readonly columns: number;
  readonly rows: number;
}

/** The part that is done, from 0 to 1: of the bytes where bytes move, else of the images. */
function partDone({ done, total, bytes, totalBytes }: PhaseFacts): number {
  const [reached, all] = totalBytes > 0 ? [bytes, totalBytes] : [done, total];
  return all > 0 ? Math.min(1, reached / all) : 0;
}

function timeLeft(facts: PhaseFacts): string {
  const part = partDone(facts);
  if (part === 0 || part === 1) return '';
  return `${formatDuration((facts.elapsedMs * (1 - part)) / part)} left`;
}

/** Formats the bar: `mirror [####----] 30.0 MB / 1.2 GB  12 / 384 images  35.0 MB/s  12 s  2 m 10 s left`. */
export function formatBar(facts: PhaseFacts): string {
  const { verb, done, total, bytes, totalBytes, elapsedMs } = facts;
  const filled = Math.floor(barWidth * partDone(facts));
  const bar = '#'.repeat(filled).padEnd(barWidth, '-');
  const moves = totalBytes > 0 || bytes > 0;
  const amount = totalBytes > 0 ? ` / ${formatBytes(totalBytes)}` : '';
  const hasRate = moves && elapsedMs > 0;
  const parts = [
    `${verb} [${bar}]`,
    moves ? `${formatBytes(bytes)}${amount}` : '',
    `${done} / ${total} images`,
    hasRate ? `${formatBytes(Math.round((bytes * 1000) / elapsedMs))}/s` : '',
    formatDuration(elapsedMs),
    timeLeft(facts),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** Images that stand below the bar; a small terminal shows fewer. */
const mostInFlight = 8;

/** Rows of a terminal that are left to the lines above the block. */
const rowsAbove = 4;

function formatInFlight({ place, size, elapsedMs }: InFlight): string {
  const amount = size === undefined ? '' : `  ${formatBytes(size)}`;
  return `  ${place}${amount}  ${formatDuration(elapsedMs)}`;
}

/**
 * Formats the block of a phase: the bar, and below it the images under way, those that take longest first.
 *
 * No line is wider than the terminal, and the block is never higher.
 */
export function formatBlock(
  facts: PhaseFacts,
  inFlight: readonly InFlight[],
  { columns, rows }: Room,
): string {
  const room = Math.max(0, Math.min(mostInFlight, rows - rowsAbove));
  const sorted = [...inFlight].sort((one, other) => other.elapsedMs - one.elapsedMs);
  const shown = sorted.slice(0, inFlight.length > room ? Math.max(0, room - 1) : room);
  const rest = inFlight.length - shown.length;
  const more = rest > 0 && room > 0 ? [`  and ${rest} more`] : [];
  return [formatBar(facts), ...shown.map(formatInFlight), ...more]
    .map((line) => line.slice(0, Math.max(0, columns - 1)))
    .join('\n');
}
