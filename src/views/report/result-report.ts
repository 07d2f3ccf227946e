import type { Result } from '../../apply/index.ts';
import { placeName, shownPlan, targetName } from '../plan/index.ts';
import {
  countOutcomes,
  describeOutcome,
  describeResult,
  elapsedMs,
  failuresOf,
  isUndoable,
} from '../result/index.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  name,
  type Phrase,
  say,
  textSentence,
} from '../text/index.ts';
import { computedSection, type Fact, factsSection, findingsHtml, listHtml } from './notes.ts';
import { type PageSection, renderPage, type Tile } from './page.ts';
import { releasesSection } from './releases.ts';
import { listRows, type ReportRow } from './rows.ts';

const tones = {
  mirrored: 'mirror',
  deleted: 'delete',
  untagged: 'untag',
  signatures: 'plain',
  held: 'hold',
  skipped: 'plain',
  failed: 'failed',
} as const;

function tiles(result: Result): Tile[] {
  const { bytesSent } = result.traffic;
  const counts = Object.entries(countOutcomes(result)).filter(([, count]) => count > 0);
  return counts.map(([label, count]) => ({
    label,
    tone: tones[label as keyof typeof tones],
    count,
    size: label === 'mirrored' && bytesSent > 0 ? `${formatBytes(bytesSent)} sent` : '–',
    note: [],
  }));
}

/** Lists every image with its outcome, or a dash where nothing was to do; signatures are counted in the headline. */
function rows(result: Result): ReportRow[] {
  const outcomes = new Map(result.outcomes.map((outcome) => [placeName(outcome.change), outcome]));
  return listRows(shownPlan(result.plan)).map((row) => {
    const outcome = outcomes.get(placeName(row.change));
    return { ...row, outcome: outcome ? describeOutcome(outcome) : say`–` };
  });
}

function failures(result: Result): Phrase[] {
  return failuresOf(result).map(
    (one) => say`${name(placeName(one.change))} ${describeOutcome(one)}`,
  );
}

function effort(result: Result): PageSection {
  const { requests, writes, retries, bytesReceived, bytesSent } = result.traffic;
  const facts: Fact[] = [
    [
      'Time',
      say`${formatDuration(elapsedMs(result))}, from ${result.startedAt} to ${result.endedAt}`,
    ],
    [
      'Requests',
      say`${requests}, of these ${formatCount(writes, 'write')} and ${formatCount(retries, 'retry', 'retries')}`,
    ],
    ['Bytes', say`${formatBytes(bytesReceived)} received, ${formatBytes(bytesSent)} sent`],
    ['Verified', say`${formatCount(result.verified, 'image')}`],
  ];
  return factsSection('effort', 'What it took', facts);
}

/** Says how both doors put back what was removed. */
function undo(result: Result): Phrase[] {
  if (!isUndoable(result)) return [];
  const command = name(`imageset-mirror restore --undo ${result.run}`);
  return [
    say`Undo: ${command}, or the action with ${name('command: restore')} and ${name(`undo: ${result.run}`)}.`,
  ];
}

/** Writes the report of an apply: one HTML file like that of its plan, with the outcome of every image. */
export function renderResultReport(result: Result): string {
  const { plan, notes } = result;
  return renderPage({
    title: 'Mirror result',
    target: targetName(plan),
    headline: [...describeResult(result), ...undo(result)],
    tiles: tiles(result),
    before: [
      listHtml('failed', 'Failed', failures(result)),
      listHtml(
        'note',
        'Notes',
        notes.map((note) => say`${textSentence(note)}`),
      ),
      findingsHtml(plan.diagnostics),
    ],
    rows: rows(result),
    after: [releasesSection(plan), effort(result), computedSection(plan)],
  });
}
