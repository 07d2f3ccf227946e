import type { Action, Change, Plan } from '../../plan/index.ts';
import {
  actionOrder,
  actionSign,
  describeReason,
  describeRemedy,
  groupChanges,
  placeName,
} from '../plan/index.ts';
import {
  amountOf,
  causeOf,
  escapeHtml,
  formatBytes,
  htmlCode,
  type Phrase,
  phraseToHtml,
  phraseToText,
  say,
  shortDigest,
  showName,
} from '../text/index.ts';

/** One image of a report, as its table shows it. */
export interface ReportRow {
  readonly change: Change;
  readonly group: string;
  /** Its outcome, in a report of a result. */
  readonly outcome?: Phrase;
}

/** Lists every change of a plan, by action and group as in the other views. */
export function listRows(plan: Plan): ReportRow[] {
  return actionOrder.flatMap((action) =>
    groupChanges(plan, action).flatMap(({ title, changes }) =>
      changes.map((change) => ({ change, group: title })),
    ),
  );
}

/** Gives the reason, and for a held change the remedy. */
function why(change: Change): Phrase {
  const reason = describeReason(change);
  return change.action === 'hold' ? say`${reason}. ${describeRemedy(change)}` : reason;
}

/** Names where an image comes from; the digest stands next to it already. */
function originOf({ origin, digest }: Change): string {
  return showName(origin.endsWith(`@${digest}`) ? origin.slice(0, -digest.length - 1) : origin);
}

/** Writes one row for readers without a script. */
export function htmlRow({ change, group, outcome }: ReportRow): string {
  const { action, digest, previous } = change;
  const size = amountOf(change);
  const from = previous === undefined ? '' : `${htmlCode(shortDigest(previous))} → `;
  return [
    `<tr class="${action}">`,
    `<td class="act">${escapeHtml(actionSign[action])} ${action}</td>`,
    `<td>${htmlCode(placeName(change))}<small>${from}${htmlCode(shortDigest(digest))} from ${htmlCode(originOf(change))}</small></td>`,
    `<td>${phraseToHtml(why(change))}<small>${escapeHtml(group)}</small></td>`,
    ...(outcome === undefined ? [] : [`<td>${phraseToHtml(outcome)}</td>`]),
    `<td class="num">${size === undefined ? '–' : formatBytes(size)}</td>`,
    `<td>${htmlCode(causeOf(change) || '–')}</td>`,
    '</tr>',
  ].join('');
}

/**
 * The rows as the script reads them: texts that repeat are kept once and named by their index.
 *
 * Shape of a row: action, place, digest, previous digest, then indexes of origin, why, group, cause and outcome, then
 * bytes that count, bytes of the whole.
 */
export interface RowData {
  readonly texts: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly counts: Partial<Readonly<Record<Action, number>>>;
}

/** Writes rows as data. */
export function encodeRows(rows: readonly ReportRow[]): RowData {
  const indexes = new Map<string, number>();
  const intern = (text: string): number => {
    const known = indexes.get(text) ?? indexes.size;
    indexes.set(text, known);
    return known;
  };
  const counts: Partial<Record<Action, number>> = {};
  const encoded = rows.map(({ change, group, outcome }) => {
    counts[change.action] = (counts[change.action] ?? 0) + 1;
    const texts = [
      originOf(change),
      phraseToText(why(change)),
      group,
      showName(causeOf(change) || '–'),
      outcome ? phraseToText(outcome) : '',
    ];
    return [
      change.action,
      placeName(change),
      change.digest,
      change.previous ?? '',
      ...texts.map(intern),
      amountOf(change) ?? -1,
    ];
  });
  return { texts: [...indexes.keys()], rows: encoded, counts };
}
