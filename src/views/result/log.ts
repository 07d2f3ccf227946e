import type { ApplyEvent, Outcome, Result } from '../../apply/index.ts';
import { placeName } from '../plan/index.ts';
import {
  escapeLogLine,
  formatBytes,
  formatCount,
  formatDuration,
  phraseToText,
  shortDigest,
  textSentence,
  visible,
} from '../text/index.ts';
import { closingLines } from './closing.ts';
import { elapsedMs } from './count.ts';
import { describeOutcome } from './headline.ts';

/** Places shorter than this are padded, so that what follows stands in a column. */
const placeWidth = 58;

function timed(time: string, verb: string, text: string): string {
  return escapeLogLine(`${time}  ${verb.padEnd(9)}${text}`);
}

/** Gives the bytes and time of one image, or why nothing was done. */
function describeCost(outcome: Outcome): string {
  if (outcome.result !== 'done') return phraseToText(describeOutcome(outcome));
  const { action, digest } = outcome.change;
  const removes = action === 'delete' || action === 'untag';
  const moved = outcome.bytes > 0 ? formatBytes(outcome.bytes).padStart(8) : '        ';
  const what = removes ? shortDigest(digest) : `${moved}  ${formatDuration(outcome.ms)}`;
  return outcome.detail === undefined ? what : `${what}  ${textSentence(outcome.detail)}`;
}

/**
 * Writes an event of an apply as one timed line; `undefined` for events that a log does not show.
 *
 * Outcomes are counted `n / N` within their phase. `time` stands in front, `14:01:04`. A runner or a terminal obeys no line.
 */
export function formatEvent(event: ApplyEvent, time: string): string | undefined {
  if (event.type === 'progress' || event.type === 'started') return undefined;
  if (event.type === 'phase') {
    const isQuiet = event.phase === 'done' || event.total === 0;
    return isQuiet ? undefined : timed(time, event.phase, `${event.total}`);
  }
  const { outcome, index, total } = event;
  const { change } = outcome;
  const count = `${String(index + 1).padStart(String(total).length)} / ${total}`;
  const place = visible(placeName(change)).padEnd(placeWidth);
  return timed(time, change.action, `${count}  ${place}  ${describeCost(outcome)}`);
}

function describeEffort(result: Result): string {
  const { requests, writes, retries, bytesSent } = result.traffic;
  const moved = bytesSent > 0 ? `${formatBytes(bytesSent)} ` : '';
  const counts = `${formatCount(requests, 'request')}, ${formatCount(writes, 'write')}, ${formatCount(retries, 'retry', 'retries')}`;
  return `${moved}in ${formatDuration(elapsedMs(result))} · ${counts}`;
}

/** Writes the last lines of an apply as timed lines: those of {@link closingLines}, then time and traffic. */
export function formatClosing(result: Result, time: string): string[] {
  const undo = `imageset-mirror restore --undo ${result.run}`;
  const effort = { verb: 'effort', text: describeEffort(result) };
  return [...closingLines(result, { undo }), effort].map(({ verb, text }) =>
    timed(time, verb, text),
  );
}
