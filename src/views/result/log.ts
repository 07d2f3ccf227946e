import type { ApplyEvent, Outcome, Result } from '../../apply/index.ts';
import { placeName } from '../plan/index.ts';
import {
  escapeLogLine,
  formatBytes,
  formatCount,
  formatDuration,
  phraseToText,
  shortDigest,
  shortId,
  textSentence,
  visible,
} from '../text/index.ts';
import { describeCollection } from './closing.ts';
import { countOutcomes, elapsedMs, failuresOf, isUndoable, listCounts } from './count.ts';
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

/** Failures and notes that the last lines repeat, each. */
const maxRepeated = 3;

function repeated(texts: readonly string[], verb: string, time: string): string[] {
  const rest = texts.length - maxRepeated + 1;
  const shown = texts.length > maxRepeated ? texts.slice(0, maxRepeated - 1) : texts;
  const lines = shown.map((text) => timed(time, verb, textSentence(text)));
  return texts.length > maxRepeated ? [...lines, timed(time, verb, `and ${rest} more`)] : lines;
}

function doneLine(result: Result): string {
  const { traffic, run, plan } = result;
  const counts = countOutcomes(result);
  const parts = [
    listCounts(counts) || result.status,
    `${traffic.bytesSent > 0 ? `${formatBytes(traffic.bytesSent)} ` : ''}in ${formatDuration(elapsedMs(result))}`,
    `${formatCount(traffic.requests, 'request')}, ${formatCount(traffic.writes, 'write')}, ${formatCount(traffic.retries, 'retry', 'retries')}`,
    `plan ${shortId(plan.digest)}`,
    ...(isUndoable(result) ? [`undo: imageset-mirror restore --undo ${run}`] : []),
  ];
  return parts.join(' · ');
}

/**
 * Writes the last lines of a log, ten at most. They tell the whole story: verification, failures, notes, counts, and how
 * to free the bytes.
 */
export function formatClosing(result: Result, time: string): string[] {
  const failures = failuresOf(result).map(
    (failure) => `${placeName(failure.change)} ${phraseToText(describeOutcome(failure))}`,
  );
  const wanted = result.plan.totals.mirror + result.plan.totals.retag + result.plan.totals.keep;
  const { deleted } = countOutcomes(result);
  const verb = result.status === 'applied' || result.status === 'nothing' ? 'done' : result.status;
  return [
    ...(result.verified > 0 ? [timed(time, 'verified', `${result.verified} / ${wanted}`)] : []),
    ...repeated(failures, 'failed', time),
    ...repeated(result.notes, 'mind', time),
    timed(time, verb, doneLine(result)),
    ...(deleted > 0 ? [timed(time, 'free', describeCollection(result))] : []),
  ];
}
