import type { OperatorChannel, Plan } from '../../plan/index.ts';
import { countResources, diffResources } from '../plan/index.ts';
import { escapeHtml, formatNumber, formatPosition, htmlCode } from '../text/index.ts';
import { type PageSection, section } from './page.ts';

/** The most versions that a cell lists for each fate. */
const maxVersions = 12;

const signs = { '+': 'ins', '-': 'del' } as const;

/** Writes the diff of the cluster resources. */
export function resourcesHtml(plan: Plan): PageSection | undefined {
  if (!plan.resources) return undefined;
  const lines = diffResources(plan).map(({ sign, text }) => {
    const line = escapeHtml(`${sign} ${text}`);
    return sign === ' ' ? `<b>${line}</b>` : `<${signs[sign]}>${line}</${signs[sign]}>`;
  });
  const body =
    lines.length > 0
      ? `<p>${escapeHtml(countResources(plan))}</p><pre class="diff" tabindex="0" role="region" aria-label="Changes of cluster resources">${lines.join('\n')}</pre>`
      : '<p>The cluster resources stay as they were last applied.</p>';
  return section('resources', 'Cluster resources', body);
}

function versions(all: readonly string[], fate: 'kept' | 'new' | 'removed'): string {
  if (all.length === 0) return '';
  const rest = all.length - maxVersions;
  // The newest are what a cluster gets.
  const shown = all
    .slice(-maxVersions)
    .map((one) => `<span class="version">${htmlCode(one)}</span>`);
  const more = rest > 0 ? `${formatNumber(rest)} older … ` : '';
  return `<div><span class="fate ${fate}">${fate}</span> ${more}${shown.join(' ')}</div>`;
}

function way({ head, removed, cut = [] }: OperatorChannel): string {
  if (removed.length === 0) return head === undefined ? 'the channel goes' : '';
  const able = removed.filter(({ updates }) => updates).map(({ version }) => version);
  const unable = removed.filter(({ updates }) => !updates).map(({ version }) => version);
  const stuck = [...cut, ...unable];
  const listed = (found: readonly string[]) => found.map((one) => htmlCode(one)).join(' ');
  if (head === undefined) {
    return '<span class="fate removed">the channel goes: no more updates</span>';
  }
  return [
    ...(able.length > 0 ? [`<div>${listed(able)} can update</div>`] : []),
    ...(stuck.length > 0
      ? [`<div class="fate removed">no update from ${listed(stuck)}</div>`]
      : []),
  ].join('');
}

function row(channel: OperatorChannel): string {
  const { package: owner, channel: called, head, kept, added, removed, at } = channel;
  const place = at ? `<small>${htmlCode(formatPosition(at))}</small>` : '';
  const bundles = [
    versions(
      removed.map(({ version }) => version),
      'removed',
    ),
    versions(kept, 'kept'),
    versions(added, 'new'),
  ];
  return `<tr><td>${htmlCode(owner)}${place}</td><td>${htmlCode(called)}</td><td>${head === undefined ? '–' : htmlCode(head)}</td><td>${bundles.join('')}</td><td>${way(channel)}</td></tr>`;
}

const head = ['Package', 'Channel', 'Head', 'Bundles', 'Clusters on what goes']
  .map((title) => `<th scope="col">${title}</th>`)
  .join('');

/** Writes the operators of each catalog: channels, what stays, comes and goes of them, and who can update. */
export function operatorsHtml({ operators = [] }: Plan): PageSection | undefined {
  if (operators.length === 0) return undefined;
  const catalogs = Map.groupBy(operators, ({ catalog }) => catalog);
  const tables = [...catalogs].map(
    ([catalog, found]) =>
      `<h3>${htmlCode(catalog)}</h3><table class="operators"><thead><tr>${head}</tr></thead><tbody>${found.map(row).join('')}</tbody></table>`,
  );
  return section('operators', 'Operators', tables.join(''));
}
