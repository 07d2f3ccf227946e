import { formatBytes, formatDuration } from '../views/index.ts';

/** Characters of a bar; a narrow terminal gets a shorter one, for the numbers matter more. */
const barWidth = { most: 24, least: 6 } as const;

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

/** Gives the numbers beside a bar: bytes, images, rate, time and the time that is left. */
function numbersOf(facts: PhaseFacts): string {
  const { done, total, bytes, totalBytes, elapsedMs } = facts;
  const moves = totalBytes > 0 || bytes > 0;
  const amount = totalBytes > 0 ? ` / ${formatBytes(totalBytes)}` : '';
  const hasRate = moves && elapsedMs > 0;
  const parts = [
    moves ? `${formatBytes(bytes)}${amount}` : '',
    `${done} / ${total} images`,
    hasRate ? `${formatBytes(Math.round((bytes * 1000) / elapsedMs))}/s` : '',
    formatDuration(elapsedMs),
    timeLeft(facts),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/**
 * Formats the bar: `mirror [####----]  30.0 MB / 1.2 GB  12 / 384 images  35.0 MB/s  12 s  2 m 10 s left`.
 *
 * It shrinks until the line fits the columns, and goes where even the shortest does not.
 */
export function formatBar(facts: PhaseFacts, columns: number): string {
  const numbers = numbersOf(facts);
  // The brackets, three blanks, and the last column: a cursor there would wrap.
  const room = columns - facts.verb.length - numbers.length - 6;
  if (room < barWidth.least) return `${facts.verb}  ${numbers}`;
  const width = Math.min(barWidth.most, room);
  const bar = '#'.repeat(Math.floor(width * partDone(facts))).padEnd(width, '-');
  return `${facts.verb} [${bar}]  ${numbers}`;
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
  return [formatBar(facts, columns), ...shown.map(formatInFlight), ...more]
    .map((line) => line.slice(0, Math.max(0, columns - 1)))
    .join('\n');
}
