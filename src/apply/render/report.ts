import { formatBytes, formatCount, formatDuration, view } from '../../plan/index.ts';
import type { Result } from '../types.ts';
import { countOutcomes, elapsedMs, failuresOf } from './count.ts';
import { describeOutcome, describeResult } from './headline.ts';

const { say, name } = view;

const tones = {
  mirrored: 'mirror',
  deleted: 'delete',
  untagged: 'untag',
  held: 'hold',
  skipped: 'plain',
  failed: 'failed',
} as const;

function tiles(result: Result): view.Tile[] {
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

/** Lists what became of every image; those of which nothing became, such as kept ones, have a dash. */
function rows(result: Result): view.ReportRow[] {
  const outcomes = new Map(
    result.outcomes.map((outcome) => [view.placeName(outcome.change), outcome]),
  );
  return view.listRows(result.plan).map((row) => {
    const outcome = outcomes.get(view.placeName(row.change));
    return { ...row, outcome: outcome ? describeOutcome(outcome) : say`–` };
  });
}

function failures(result: Result): view.Phrase[] {
  return failuresOf(result).map(
    (one) => say`${name(view.placeName(one.change))} ${describeOutcome(one)}`,
  );
}

function effort(result: Result): string {
  const { requests, writes, retries, bytesReceived, bytesSent } = result.traffic;
  const facts: view.Fact[] = [
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
  return view.factsSection('effort', 'What it took', facts);
}

/** Writes the report of an apply: one HTML file, like that of its plan, with what became of every image. */
export function renderResultReport(result: Result): string {
  const { plan, notes } = result;
  return view.renderPage({
    title: 'Mirror result',
    target: view.targetName(plan),
    headline: describeResult(result),
    tiles: tiles(result),
    before: [
      view.listSection('failed', 'Failed', failures(result)),
      view.listSection(
        'mind',
        'Mind',
        notes.map((note) => say`${view.textSentence(note)}`),
      ),
      view.findingsSection(plan.diagnostics),
    ],
    rows: rows(result),
    after: [view.releasesSection(plan), effort(result), view.computedSection(plan)],
  });
}
