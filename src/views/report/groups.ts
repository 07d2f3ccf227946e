import type { Action, Change, Plan } from '../../plan/index.ts';
import {
  actionOrder,
  actionSign,
  describeNote,
  describeReason,
  groupChanges,
} from '../plan/index.ts';
import {
  amountOf,
  causeOf,
  escapeHtml,
  formatBytes,
  formatNumber,
  htmlCode,
  phraseToHtml,
} from '../text/index.ts';
import { type PageSection, section } from './page.ts';

/** Different reasons, and lines of the configuration, that a cell lists. */
const mostListed = 3;

/** Rows of the table; a plan with more groups has the rest in the list of images. */
const maxRows = 200;

/** Lists different texts; of many it gives the first, or the summary of all. */
function listed(texts: readonly string[], summary = ''): string {
  const unique = [...new Set(texts)].filter((text) => text !== '');
  const rest = unique.length - mostListed;
  if (rest <= 0) return unique.join('<br>');
  if (summary !== '') return summary;
  return [...unique.slice(0, mostListed), `${formatNumber(rest)} more`].join('<br>');
}

interface Group {
  readonly action: Action;
  readonly title: string;
  readonly changes: readonly Change[];
}

function row(plan: Plan, { action, title, changes }: Group): string {
  const bytes = changes.reduce((sum, change) => sum + (amountOf(change) ?? 0), 0);
  const why = listed(
    changes.map((change) => phraseToHtml(describeReason(change))),
    phraseToHtml(describeNote(action, changes, plan)),
  );
  const causes = listed(
    changes.map((change) => causeOf(change)).map((cause) => (cause === '' ? '' : htmlCode(cause))),
  );
  return [
    `<tr class="${action}"><td class="act">${escapeHtml(actionSign[action])} ${action}</td>`,
    `<td>${escapeHtml(title)}</td><td class="num">${formatNumber(changes.length)}</td>`,
    `<td class="num">${bytes > 0 ? formatBytes(bytes) : '–'}</td><td>${why}</td><td>${causes}</td></tr>`,
  ].join('');
}

const head = ['Action', 'Images of', 'Images', 'Size', 'Why', 'Asked for in']
  .map((title) => `<th scope="col">${title}</th>`)
  .join('');

/** Writes the fates of each release, operator and kind: one row for all images with the same fate. */
export function groupsSection(plan: Plan): PageSection | undefined {
  const groups = actionOrder.flatMap((action) =>
    groupChanges(plan, action).map((group) => ({ action, ...group })),
  );
  if (groups.length === 0) return undefined;
  const rows = groups.slice(0, maxRows).map((group) => row(plan, group));
  const rest = groups.length - rows.length;
  const more = rest > 0 ? `<p>${formatNumber(rest)} more rows are left out here.</p>` : '';
  return section(
    'groups',
    'Changes',
    `<table class="groups"><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>${more}`,
  );
}
