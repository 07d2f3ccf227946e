import { digestOf } from '../../oci/index.ts';
import type { Action } from '../../plan/index.ts';
import type { Phrase } from '../text/index.ts';
import { embedJson, escapeHtml, formatNumber, htmlCode, phraseToHtml } from '../text/index.ts';
import { encodeRows, htmlRow, type ReportRow } from './rows.ts';
import { reportScript } from './script.ts';
import { reportStyle } from './style.ts';

/** A number at the head of a report. */
export interface Tile {
  readonly label: string;
  /** Its subject; gives the number its colour. */
  readonly tone: Action | 'failed' | 'plain';
  readonly count: number;
  readonly size: string;
  readonly note: Phrase;
}

/** A report, before it is a page: the same for plans and for results. */
export interface ReportPage {
  readonly title: string;
  readonly target: string;
  readonly headline: readonly Phrase[];
  readonly tiles: readonly Tile[];
  /** The sections above the table of images; absent ones are left out. */
  readonly before: readonly (PageSection | undefined)[];
  readonly rows: readonly ReportRow[];
  /** The sections below it. */
  readonly after: readonly (PageSection | undefined)[];
}

/** One section of a report, which the list of contents names. */
export interface PageSection {
  readonly id: string;
  readonly title: string;
  /** HTML. */
  readonly body: string;
}

/** Rows that a reader without a script sees. */
const staticRows = 100;

/** The source of a content security policy that allows exactly this text. */
function hashSource(text: string): string {
  const [, hex = ''] = digestOf(new TextEncoder().encode(text)).split(':');
  return `'sha256-${Buffer.from(hex, 'hex').toString('base64')}'`;
}

function policy(): string {
  return [
    "default-src 'none'",
    `script-src ${hashSource(reportScript)}`,
    `style-src ${hashSource(reportStyle)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Makes a section of HTML. */
export function section(id: string, title: string, body: string): PageSection {
  return { id, title, body };
}

function sectionHtml({ id, title, body }: PageSection): string {
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${escapeHtml(title)}</h2>${body}</section>`;
}

function tile({ label, tone, count, size, note }: Tile): string {
  const words = note.length > 0 ? `<p>${phraseToHtml(note)}</p>` : '';
  const bytes = size === '–' ? '' : ` <span class="size">${escapeHtml(size)}</span>`;
  return `<li class="tile ${tone}"><p class="label">${escapeHtml(label)}</p><b>${formatNumber(count)}</b>${bytes}${words}</li>`;
}

const controls = `<form id="controls" role="search" hidden>
<label for="q">Search</label><input id="q" type="search" autocomplete="off" spellcheck="false" placeholder="image, digest, reason, file">
<div id="actions" role="group" aria-label="Actions"></div>
<p id="count" role="status"></p></form>`;

const pager = `<nav id="pager" aria-label="Pages" hidden><button type="button" id="previous">Previous</button><span id="page"></span><button type="button" id="next">Next</button></nav>`;

function heading(key: string, title: string): string {
  const side = key === 'size' ? ' class="num"' : '';
  return `<th scope="col" data-sort="${key}"${side}>${title}</th>`;
}

function changesTable(rows: readonly ReportRow[]): string {
  const hasOutcome = rows.some(({ outcome }) => outcome !== undefined);
  const columns = [
    heading('action', 'Action'),
    heading('image', 'Image'),
    heading('why', 'Why'),
    ...(hasOutcome ? [heading('outcome', 'Outcome')] : []),
    heading('size', 'Size'),
    heading('cause', 'Asked for in'),
  ];
  const shown = rows.slice(0, staticRows).map(htmlRow).join('\n');
  const rest = rows.length - staticRows;
  const more =
    rest > 0
      ? `<noscript><p>${formatNumber(rest)} more are shown when scripts may run; ${htmlCode('plan.json')} and ${htmlCode('mapping.txt')} have all.</p></noscript>`
      : '';
  const head = `<thead><tr>${columns.join('')}</tr></thead>`;
  return `${controls}<table id="changes-table"${hasOutcome ? ' class="wide"' : ''}>${head}<tbody>${shown}</tbody></table>${more}${pager}`;
}

function header({ title, target, headline, tiles }: ReportPage): string {
  const [first = [], ...rest] = headline;
  return `<header><p class="kind">${escapeHtml(title)} · ${htmlCode(target)}</p>
<h1>${phraseToHtml(first)}</h1>
<p class="lead">${rest.map(phraseToHtml).join(' ')}</p>
<ul class="tiles">${tiles.map(tile).join('\n')}</ul></header>`;
}

function contents(sections: readonly PageSection[]): string {
  const items = sections.map(
    ({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`,
  );
  return `<nav class="contents" aria-label="Contents"><ul>${items.join('')}</ul></nav>`;
}

/**
 * Writes a report as one HTML file: it opens from disk, needs no network and its policy allows none.
 *
 * Readers without a script see everything but the rows after the first hundred.
 */
export function renderPage(page: ReportPage): string {
  const table = page.rows.length > 0 ? changesTable(page.rows) : '<p>There are no images.</p>';
  const sections = [...page.before, section('changes', 'Images', table), ...page.after].filter(
    (one) => one !== undefined,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(`${page.title} · ${page.target}`)}</title>
<style>${reportStyle}</style>
</head>
<body>
<a class="skip" href="#changes">Skip to the images</a>
<main>
${header(page)}
${contents(sections)}
${sections.map(sectionHtml).join('\n')}
</main>
<script type="application/json" id="data">${embedJson(encodeRows(page.rows))}</script>
<script>${reportScript}</script>
</body>
</html>
`;
}
