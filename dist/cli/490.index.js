export const id = 490;
export const ids = [490];
export const modules = {

/***/ 4490:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  renderReport: () => (/* reexport */ renderReport),
  renderResultReport: () => (/* reexport */ renderResultReport)
});

// EXTERNAL MODULE: ./build/views/plan/index.js + 29 modules
var views_plan = __webpack_require__(2888);
// EXTERNAL MODULE: ./build/views/text/index.js + 9 modules
var views_text = __webpack_require__(6361);
// EXTERNAL MODULE: ./build/oci/index.js + 5 modules
var oci = __webpack_require__(7402);
;// CONCATENATED MODULE: ./build/views/report/rows.js


function listRows(plan) {
    return views_plan/* actionOrder */.xA.flatMap((action) => (0,views_plan/* groupChanges */.tw)(plan, action).flatMap(({ title, changes }) => changes.map((change) => ({ change, group: title }))));
}
function why(change) {
    const reason = (0,views_plan/* describeReason */.Gk)(change);
    return change.action === 'hold' ? (0,views_text/* say */.cv) `${reason}. ${(0,views_plan/* describeRemedy */.cF)(change)}` : reason;
}
function originOf({ origin, digest }) {
    return (0,views_text/* showName */.$i)(origin.endsWith(`@${digest}`) ? origin.slice(0, -digest.length - 1) : origin);
}
function htmlRow({ change, group, outcome }) {
    const { action, digest, previous } = change;
    const size = (0,views_text/* amountOf */.MT)(change);
    const from = previous === undefined ? '' : `${(0,views_text/* htmlCode */.h8)((0,views_text/* shortDigest */.VK)(previous))} → `;
    return [
        `<tr class="${action}">`,
        `<td class="act">${(0,views_text/* escapeHtml */.ZD)(views_plan/* actionSign */.Mu[action])} ${action}</td>`,
        `<td>${(0,views_text/* htmlCode */.h8)((0,views_plan/* placeName */.fW)(change))}<small>${from}${(0,views_text/* htmlCode */.h8)((0,views_text/* shortDigest */.VK)(digest))} from ${(0,views_text/* htmlCode */.h8)(originOf(change))}</small></td>`,
        `<td>${(0,views_text/* phraseToHtml */._C)(why(change))}<small>${(0,views_text/* escapeHtml */.ZD)(group)}</small></td>`,
        ...(outcome === undefined ? [] : [`<td>${(0,views_text/* phraseToHtml */._C)(outcome)}</td>`]),
        `<td class="num">${size === undefined ? '–' : (0,views_text/* formatBytes */.z3)(size)}</td>`,
        `<td>${(0,views_text/* htmlCode */.h8)((0,views_text/* causeOf */.rl)(change) || '–')}</td>`,
        '</tr>',
    ].join('');
}
function encodeRows(rows) {
    const indexes = new Map();
    const intern = (text) => {
        const known = indexes.get(text) ?? indexes.size;
        indexes.set(text, known);
        return known;
    };
    const counts = {};
    const encoded = rows.map(({ change, group, outcome }) => {
        counts[change.action] = (counts[change.action] ?? 0) + 1;
        const texts = [
            originOf(change),
            (0,views_text/* phraseToText */.KZ)(why(change)),
            group,
            (0,views_text/* showName */.$i)((0,views_text/* causeOf */.rl)(change) || '–'),
            outcome ? (0,views_text/* phraseToText */.KZ)(outcome) : '',
        ];
        return [
            change.action,
            (0,views_plan/* placeName */.fW)(change),
            change.digest,
            change.previous ?? '',
            ...texts.map(intern),
            (0,views_text/* amountOf */.MT)(change) ?? -1,
        ];
    });
    return { texts: [...indexes.keys()], rows: encoded, counts };
}

;// CONCATENATED MODULE: ./build/views/report/script.js
const scriptRows = String.raw `
const data = JSON.parse(source.textContent);
const all = data.rows.map((row, order) => {
  const [action, place, digest, previous, origin, why, group, cause, outcome, bytes] = row;
  const text = (index) => data.texts[index];
  const found = { action, place, digest, previous, bytes, order,
    origin: text(origin), why: text(why), group: text(group), cause: text(cause), outcome: text(outcome) };
  found.text = [action, place, digest, previous, found.origin, found.why, found.group, found.cause, found.outcome]
    .join('\n').toLowerCase();
  return found;
});
const keys = {
  action: (row) => row.order, image: (row) => row.place, why: (row) => row.why,
  outcome: (row) => row.outcome, size: (row) => row.bytes, cause: (row) => row.cause,
};
function select({ q, show, sort, down }) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = all.filter((row) => show.has(row.action) && words.every((word) => row.text.includes(word)));
  const key = keys[sort] || keys.action;
  const sign = down ? -1 : 1;
  return rows.sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -sign : left > right ? sign : a.order - b.order;
  });
}
function bytes(amount) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  while (amount >= 999.95 && unit < units.length - 1) { amount /= 1000; unit += 1; }
  return (unit === 0 ? amount : amount.toFixed(1)) + ' ' + units[unit];
}
const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
`;
const scriptState = `
const actions = ['mirror', 'retag', 'delete', 'untag', 'hold', 'keep'].filter((one) => data.counts[one]);
const changing = actions.filter((one) => one !== 'keep');
const usual = changing.length > 0 ? changing : actions;
function readState() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const shown = (fields.get('show') || '').split(',').filter((one) => actions.includes(one));
  return { q: fields.get('q') || '', show: new Set(shown.length > 0 ? shown : usual),
    sort: fields.get('sort') || 'action', down: fields.get('down') === '1',
    page: Math.max(1, Number(fields.get('page')) || 1) };
}
function writeState({ q, show, sort, down, page }) {
  const fields = new URLSearchParams();
  if (q) fields.set('q', q);
  const shown = actions.filter((one) => show.has(one));
  if (shown.join() !== usual.join()) fields.set('show', shown.join());
  if (sort !== 'action') fields.set('sort', sort);
  if (down) fields.set('down', '1');
  if (page > 1) fields.set('page', String(page));
  const hash = fields.toString().replaceAll('%2C', ',');
  try { history.replaceState(null, '', hash ? '#' + hash : location.pathname + location.search); } catch {}
}
`;
const scriptTable = String.raw `
const pageSize = 100;
const printLimit = 50;
const signs = { mirror: '+', retag: '~', delete: '-', untag: '-', hold: '!', keep: '' };
const get = (id) => document.getElementById(id);
const hasOutcome = Boolean(document.querySelector('th[data-sort=outcome]'));
let state = readState();
let rows = [];
function make(tag, text, name) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (name) element.className = name;
  return element;
}
const short = (digest) => digest.replace(/^(\w+:\w{12})\w*$/, '$1');
function digests(row) {
  const code = make('code', (row.previous ? short(row.previous) + ' → ' : '') + short(row.digest));
  code.title = row.digest;
  code.className = 'digest';
  return code;
}
function draw(row) {
  const line = make('tr', '', row.action);
  const image = make('td');
  const small = make('small');
  small.append(digests(row), ' from ', make('code', row.origin));
  image.append(make('code', row.place), small);
  const why = make('td', row.why);
  why.append(make('small', row.group));
  const cause = make('td');
  cause.append(make('code', row.cause));
  line.append(make('td', signs[row.action] + ' ' + row.action, 'act'), image, why);
  if (hasOutcome) line.append(make('td', row.outcome));
  line.append(make('td', row.bytes < 0 ? '–' : bytes(row.bytes), 'num'), cause);
  return line;
}
function drawNote(words) {
  const line = make('tr', '', 'none');
  const cell = make('td', words);
  cell.colSpan = 6;
  line.append(cell);
  return line;
}
function fill(from, count) {
  const shown = rows.slice(from, from + count).map(draw);
  body.replaceChildren(...(shown.length > 0 ? shown : [drawNote('Nothing matches.')]));
}
function drawPage() {
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  state.page = Math.min(state.page, pages);
  const from = (state.page - 1) * pageSize;
  fill(from, pageSize);
  get('pager').hidden = pages === 1;
  get('page').textContent = number(from + 1) + '–' + number(Math.min(rows.length, from + pageSize)) + ' of ' + number(rows.length);
  get('previous').disabled = state.page === 1;
  get('next').disabled = state.page === pages;
}
function drawMarks() {
  for (const button of get('actions').children) {
    button.setAttribute('aria-pressed', String(state.show.has(button.dataset.action)));
  }
  for (const head of document.querySelectorAll('th[data-sort]')) {
    if (head.dataset.sort === state.sort) head.setAttribute('aria-sort', state.down ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
  }
}
function update() {
  rows = select(state);
  drawPage();
  drawMarks();
  const sum = (...actions) => rows.reduce((total, row) => total + (actions.includes(row.action) ? row.bytes : 0), 0);
  const [down, free] = [sum('mirror', 'retag'), sum('delete')];
  get('count').textContent = [number(rows.length) + ' of ' + number(all.length) + ' images',
    ...(down > 0 ? ['mirror ' + bytes(down)] : []), ...(free > 0 ? ['free ' + bytes(free)] : [])].join(' · ');
  writeState(state);
}
function turn(step) {
  state.page += step;
  drawPage();
  writeState(state);
  get('changes').scrollIntoView();
}
for (const action of actions) {
  const button = make('button', action + ' ' + number(data.counts[action]));
  button.type = 'button';
  button.dataset.action = action;
  button.addEventListener('click', () => {
    if (!state.show.delete(action)) state.show.add(action);
    if (state.show.size === 0) state.show = new Set(actions);
    state.page = 1;
    update();
  });
  get('actions').append(button);
}
for (const head of document.querySelectorAll('th[data-sort]')) {
  const button = make('button', head.textContent);
  head.replaceChildren(button);
  button.addEventListener('click', () => {
    const key = head.dataset.sort;
    // A reader who sorts by size looks for the largest.
    state.down = state.sort === key ? !state.down : key === 'size';
    state.sort = key;
    state.page = 1;
    update();
  });
}
get('q').value = state.q;
get('q').addEventListener('input', () => { state.q = get('q').value; state.page = 1; update(); });
get('controls').addEventListener('submit', (event) => event.preventDefault());
get('previous').addEventListener('click', () => turn(-1));
get('next').addEventListener('click', () => turn(1));
addEventListener('hashchange', () => { state = readState(); get('q').value = state.q; update(); });
addEventListener('beforeprint', () => {
  fill(0, printLimit);
  const rest = rows.length - printLimit;
  if (rest > 0) body.append(drawNote(number(rest) + ' more images are in plan.json and mapping.txt.'));
});
addEventListener('afterprint', drawPage);
addEventListener('keydown', (event) => {
  const isTyping = event.target === get('q');
  if (event.key === '/' && !isTyping) { event.preventDefault(); get('q').focus(); }
  if (event.key === 'Escape' && isTyping) { get('q').value = ''; state.q = ''; update(); }
});
get('controls').hidden = false;
update();
`;
const reportScript = `(() => {
'use strict';
const source = document.getElementById('data');
const body = document.querySelector('#changes-table tbody');
if (!source || !body) return;
${scriptRows}
${scriptState}
${scriptTable}
})();`;

;// CONCATENATED MODULE: ./build/views/report/style.js
const colours = `
:root { color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --line: #e3e3df; --text: #1d1f21; --soft: #5d6368;
  --red: #b42318; --amber: #8a5a00; --green: #17693f; --blue: #1f5fa8; --tint: #f3f3f0; --focus: #1f5fa8; }
@media (prefers-color-scheme: dark) { :root {
  --page: #15171a; --card: #1c1f23; --line: #31353b; --text: #e6e7e8; --soft: #a0a6ad;
  --red: #ff9a8f; --amber: #e8b75c; --green: #74cf9d; --blue: #86b8f2; --tint: #23272c; --focus: #86b8f2; } }
`;
const base = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 40px 24px 80px; }
h1 { font-size: 30px; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; margin: 4px 0 8px; }
h2 { font-size: 18px; font-weight: 650; margin: 0 0 12px; }
h3 { font-size: 15px; font-weight: 600; margin: 20px 0 8px; }
section { margin-top: 44px; }
p { margin: 0 0 8px; }
code, pre { font: 0.92em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; unicode-bidi: isolate; }
code { overflow-wrap: anywhere; }
.digest { white-space: nowrap; }
pre { background: var(--tint); border-radius: 6px; padding: 10px 12px; margin: 0; overflow-x: auto; }
small { color: var(--soft); font-size: 13px; }
.kind { color: var(--soft); }
.lead { font-size: 17px; max-width: 80ch; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 12px; background: var(--card); padding: 6px 12px; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
[hidden] { display: none !important; }
`;
const parts = `
.tiles { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 28px 0 0; padding: 0; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.tile .label { margin: 0; font-size: 15px; font-weight: 500; }
.tile b { font-size: 26px; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile .size { color: var(--soft); margin-left: 6px; }
.tile p { color: var(--soft); font-size: 13px; line-height: 1.4; margin: 4px 0 0; }
.tile.delete b, .tile.failed b { color: var(--red); } .tile.mirror b, .tile.retag b { color: var(--green); }
.tile.untag b, .tile.hold b { color: var(--amber); }
.plain { margin: 0; padding-left: 20px; }
.risks { list-style: none; margin: 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.risks li { display: flex; gap: 14px; padding: 12px 16px; border-top: 1px solid var(--line); }
.risks li:first-child { border-top: 0; }
.risks li > :last-child { min-width: 0; flex: 1; }
.risks p:last-child { margin-bottom: 0; }
.tag { flex: 0 0 64px; font-size: 13px; font-weight: 600; line-height: 1.75; color: var(--soft); }
.danger .tag { color: var(--red); } .care .tag { color: var(--amber); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 20px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.graph { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 8px; margin-bottom: 12px; }
svg { display: block; margin: 0 auto; }
svg text { text-anchor: middle; font-size: 13px; fill: var(--text); } svg .word { fill: var(--soft); font-size: 12px; }
svg circle { fill: var(--card); stroke: var(--soft); stroke-width: 2; }
svg .kept circle { fill: var(--soft); } svg .new circle { stroke: var(--green); } svg .removed circle { stroke: var(--red); }
svg .removed text { text-decoration: line-through; } svg .removed .word { text-decoration: none; fill: var(--red); } svg .new .word { fill: var(--green); }
svg .mark { stroke: var(--text); stroke-width: 2; fill: none; }
svg .edge { fill: none; stroke: var(--soft); stroke-width: 1.3; opacity: 0.75; } svg .risky { stroke: var(--amber); stroke-dasharray: 7 4; opacity: 1; } svg .lost { opacity: 0.35; }
svg .rest { fill: none; stroke: transparent; stroke-width: 12; }
.diff ins, .diff del { text-decoration: none; } .diff ins { color: var(--green); } .diff del { color: var(--red); }
.contents ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 24px 0 0; padding: 0; }
.contents a { color: var(--blue); }
.treemaps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px; align-items: end; margin-bottom: 16px; }
.treemap { margin: 0; } .treemap figcaption { font-weight: 600; margin-bottom: 6px; } .treemap > svg { width: 100%; height: auto; }
.treemap rect { fill: var(--tint); stroke: var(--soft); } .treemap text, .treemap .removed text { text-anchor: start; text-decoration: none; }
.treemap .new rect { stroke: var(--green); stroke-width: 2; } .treemap .removed rect { stroke: var(--red); stroke-width: 2; stroke-dasharray: 5 3; }
.soft { color: var(--soft); font-size: 13px; margin-top: 8px; }
.version { white-space: nowrap; }
.fate.removed { color: var(--red); } .fate.new { color: var(--green); }
`;
const table = `
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 10px; border-spacing: 0; border-collapse: separate; }
th, td { text-align: left; vertical-align: top; padding: 9px 14px; border-top: 1px solid var(--line); }
thead th { border-top: 0; font-size: 13px; font-weight: 600; color: var(--soft); white-space: nowrap; }
tr { break-inside: avoid; }
.num { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td small { display: block; }
.act { white-space: nowrap; font-weight: 600; }
tr.delete .act { color: var(--red); } tr.mirror .act, tr.retag .act { color: var(--green); } tr.untag .act, tr.hold .act { color: var(--amber); } tr.keep .act { color: var(--soft); }
#changes-table td:nth-child(2) { width: 44%; } #changes-table.wide td:nth-child(2) { width: 34%; }
#changes-table td:nth-child(3), .wide td:nth-child(4) { min-width: 150px; }
th button { all: unset; cursor: pointer; } th button:hover { color: var(--text); }
th button:focus-visible { outline: 2px solid var(--focus); outline-offset: 3px; }
th[aria-sort=ascending] button::after { content: " \\2191"; } th[aria-sort=descending] button::after { content: " \\2193"; }
`;
const controls = `
#controls { display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: center; position: sticky; top: 0; background: var(--page); padding: 10px 0; z-index: 1; }
#controls label { position: absolute; left: -999px; }
#q { flex: 1 1 260px; min-width: 0; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; }
#actions { display: flex; flex-wrap: wrap; gap: 6px; }
#controls button, #pager button { font: inherit; color: var(--soft); background: none; border: 1px solid var(--line); border-radius: 999px; padding: 5px 14px; cursor: pointer; }
#controls button[aria-pressed=true] { color: var(--text); background: var(--card); border-color: var(--soft); font-weight: 600; }
#controls button:hover, #pager button:hover:enabled { border-color: var(--soft); color: var(--text); }
#count { flex-basis: 100%; margin: 0; color: var(--soft); font-size: 13px; }
#pager { display: flex; gap: 14px; align-items: center; justify-content: center; margin-top: 16px; color: var(--soft); }
#pager button:disabled { opacity: 0.45; cursor: default; }
.none td { color: var(--soft); text-align: center; padding: 32px; }
`;
const media = `
@media screen and (max-width: 760px) {
  main { padding: 24px 16px 48px; } h1 { font-size: 24px; } section { margin-top: 32px; }
  .tiles { grid-template-columns: 1fr 1fr; } #controls { position: static; }
  .risks li { flex-direction: column; gap: 0; } .tag { flex: none; }
  :is(#changes-table, .operators, .groups, .updates), :is(#changes-table, .operators, .groups, .updates) :is(tbody, tr, td) { display: block; width: auto; }
  :is(#changes-table, .operators, .groups, .updates) thead { display: none; }
  :is(#changes-table, .operators, .groups, .updates) tr { border-top: 1px solid var(--line); padding: 10px 14px; } :is(#changes-table, .operators, .groups, .updates) tr:first-child { border-top: 0; }
  :is(#changes-table, .operators, .groups, .updates) td { border: 0; padding: 2px 0; width: auto !important; min-width: 0 !important; text-align: left; }
  .operators td:nth-child(2)::before { content: "channel "; } .operators td:nth-child(3)::before { content: "head "; }
  .updates td:nth-child(3)::before { content: "can be updated to "; } .updates td:nth-child(4)::before { content: "with known risks to "; }
  .groups td.num { display: inline !important; } .groups td.num:nth-child(3)::after { content: " images"; } .groups td.num:nth-child(4)::before { content: " \\B7  "; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; } th, td { padding: 8px 10px; } thead th { white-space: normal; } .treemap text { font-size: 18px; } .treemap .word { font-size: 16px; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --tint: #f6f6f6; --line: #ccc; --text: #000; --soft: #444; --red: #8a1c12; --amber: #6b4600; --green: #11502f; }
  body { font-size: 12px; } small, .soft, .tag, thead th { font-size: 11px; } section { margin-top: 20px; } th, td { padding: 3px 8px; } .lead { font-size: 14px; } h1 { font-size: 20px; }
  main { max-width: none; padding: 0; } #controls, #pager, .skip, .contents { display: none !important; }
  .treemaps { grid-template-columns: 1fr 1fr; } .treemap text { font-size: 18px; } .treemap .word { font-size: 16px; } .graph { overflow: visible; } thead { display: table-header-group; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
const reportStyle = `${colours}${base}${parts}${table}${controls}${media}`;

;// CONCATENATED MODULE: ./build/views/report/page.js





const staticRows = 100;
function hashSource(text) {
    const [, hex = ''] = (0,oci/* digestOf */.ol)(new TextEncoder().encode(text)).split(':');
    return `'sha256-${Buffer.from(hex, 'hex').toString('base64')}'`;
}
function policy() {
    return [
        "default-src 'none'",
        `script-src ${hashSource(reportScript)}`,
        `style-src ${hashSource(reportStyle)}`,
        "base-uri 'none'",
        "form-action 'none'",
    ].join('; ');
}
function section(id, title, body) {
    return { id, title, body };
}
function sectionHtml({ id, title, body }) {
    return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${(0,views_text/* escapeHtml */.ZD)(title)}</h2>${body}</section>`;
}
function tile({ label, tone, count, size, note }) {
    const words = note.length > 0 ? `<p>${(0,views_text/* phraseToHtml */._C)(note)}</p>` : '';
    const bytes = size === '–' ? '' : ` <span class="size">${(0,views_text/* escapeHtml */.ZD)(size)}</span>`;
    return `<li class="tile ${tone}"><p class="label">${(0,views_text/* escapeHtml */.ZD)(label)}</p><b>${(0,views_text/* formatNumber */.ZV)(count)}</b>${bytes}${words}</li>`;
}
const page_controls = `<form id="controls" role="search" hidden>
<label for="q">Search</label><input id="q" type="search" autocomplete="off" spellcheck="false" placeholder="image, digest, reason, file">
<div id="actions" role="group" aria-label="Actions"></div>
<p id="count" role="status"></p></form>`;
const pager = `<nav id="pager" aria-label="Pages" hidden><button type="button" id="previous">Previous</button><span id="page"></span><button type="button" id="next">Next</button></nav>`;
function heading(key, title) {
    const side = key === 'size' ? ' class="num"' : '';
    return `<th scope="col" data-sort="${key}"${side}>${title}</th>`;
}
function changesTable(rows) {
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
    const more = rest > 0
        ? `<noscript><p>${(0,views_text/* formatNumber */.ZV)(rest)} more are shown when scripts may run; ${(0,views_text/* htmlCode */.h8)('plan.json')} and ${(0,views_text/* htmlCode */.h8)('mapping.txt')} have all.</p></noscript>`
        : '';
    const head = `<thead><tr>${columns.join('')}</tr></thead>`;
    return `${page_controls}<table id="changes-table"${hasOutcome ? ' class="wide"' : ''}>${head}<tbody>${shown}</tbody></table>${more}${pager}`;
}
function header({ title, target, headline, tiles }) {
    const [first = [], ...rest] = headline;
    return `<header><p class="kind">${(0,views_text/* escapeHtml */.ZD)(title)} · ${(0,views_text/* htmlCode */.h8)(target)}</p>
<h1>${(0,views_text/* phraseToHtml */._C)(first)}</h1>
<p class="lead">${rest.map(views_text/* phraseToHtml */._C).join(' ')}</p>
<ul class="tiles">${tiles.map(tile).join('\n')}</ul></header>`;
}
function contents(sections) {
    const items = sections.map(({ id, title }) => `<li><a href="#${id}">${(0,views_text/* escapeHtml */.ZD)(title)}</a></li>`);
    return `<nav class="contents" aria-label="Contents"><ul>${items.join('')}</ul></nav>`;
}
function renderPage(page) {
    const table = page.rows.length > 0 ? changesTable(page.rows) : '<p>There are no images.</p>';
    const sections = [...page.before, section('changes', 'Images', table), ...page.after].filter((one) => one !== undefined);
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${(0,views_text/* escapeHtml */.ZD)(`${page.title} · ${page.target}`)}</title>
<style>${reportStyle}</style>
</head>
<body>
<a class="skip" href="#changes">Skip to the images</a>
<main>
${header(page)}
${contents(sections)}
${sections.map(sectionHtml).join('\n')}
</main>
<script type="application/json" id="data">${(0,views_text/* embedJson */._g)(encodeRows(page.rows))}</script>
<script>${reportScript}</script>
</body>
</html>
`;
}

;// CONCATENATED MODULE: ./build/views/report/cluster.js



const maxVersions = 12;
const signs = { '+': 'ins', '-': 'del' };
function resourcesHtml(plan) {
    if (!plan.resources)
        return undefined;
    const lines = (0,views_plan/* diffResources */.lv)(plan).map(({ sign, text }) => {
        const line = (0,views_text/* escapeHtml */.ZD)(`${sign} ${text}`);
        return sign === ' ' ? `<b>${line}</b>` : `<${signs[sign]}>${line}</${signs[sign]}>`;
    });
    const body = lines.length > 0
        ? `<p>${(0,views_text/* escapeHtml */.ZD)((0,views_plan/* countResources */.xI)(plan))}</p><pre class="diff" tabindex="0" role="region" aria-label="Changes of cluster resources">${lines.join('\n')}</pre>`
        : '<p>The cluster resources stay as they were last applied.</p>';
    return section('resources', 'Cluster resources', body);
}
function versions(all, fate) {
    if (all.length === 0)
        return '';
    const rest = all.length - maxVersions;
    const shown = all
        .slice(-maxVersions)
        .map((one) => `<span class="version">${(0,views_text/* htmlCode */.h8)(one)}</span>`);
    const more = rest > 0 ? `${(0,views_text/* formatNumber */.ZV)(rest)} older … ` : '';
    return `<div><span class="fate ${fate}">${fate}</span> ${more}${shown.join(' ')}</div>`;
}
function way({ head, removed, cut = [] }) {
    if (removed.length === 0)
        return head === undefined ? 'the channel goes' : '';
    const able = removed.filter(({ updates }) => updates).map(({ version }) => version);
    const unable = removed.filter(({ updates }) => !updates).map(({ version }) => version);
    const stuck = [...cut, ...unable];
    const listed = (found) => found.map((one) => (0,views_text/* htmlCode */.h8)(one)).join(' ');
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
function row(channel) {
    const { package: owner, channel: called, head, kept, added, removed, at } = channel;
    const place = at ? `<small>${(0,views_text/* htmlCode */.h8)((0,views_text/* formatPosition */.Ld)(at))}</small>` : '';
    const bundles = [
        versions(removed.map(({ version }) => version), 'removed'),
        versions(kept, 'kept'),
        versions(added, 'new'),
    ];
    return `<tr><td>${(0,views_text/* htmlCode */.h8)(owner)}${place}</td><td>${(0,views_text/* htmlCode */.h8)(called)}</td><td>${head === undefined ? '–' : (0,views_text/* htmlCode */.h8)(head)}</td><td>${bundles.join('')}</td><td>${way(channel)}</td></tr>`;
}
const head = ['Package', 'Channel', 'Head', 'Bundles', 'Clusters on what goes']
    .map((title) => `<th scope="col">${title}</th>`)
    .join('');
function operatorsHtml({ operators = [] }) {
    if (operators.length === 0)
        return undefined;
    const catalogs = Map.groupBy(operators, ({ catalog }) => catalog);
    const tables = [...catalogs].map(([catalog, found]) => `<h3>${(0,views_text/* htmlCode */.h8)(catalog)}</h3><table class="operators"><thead><tr>${head}</tr></thead><tbody>${found.map(row).join('')}</tbody></table>`);
    return section('operators', 'Operators', tables.join(''));
}

;// CONCATENATED MODULE: ./build/views/report/groups.js



const mostListed = 3;
const maxRows = 200;
function listed(texts, summary = '') {
    const unique = [...new Set(texts)].filter((text) => text !== '');
    const rest = unique.length - mostListed;
    if (rest <= 0)
        return unique.join('<br>');
    if (summary !== '')
        return summary;
    return [...unique.slice(0, mostListed), `${(0,views_text/* formatNumber */.ZV)(rest)} more`].join('<br>');
}
function groups_row(plan, { action, title, changes }) {
    const bytes = changes.reduce((sum, change) => sum + ((0,views_text/* amountOf */.MT)(change) ?? 0), 0);
    const why = listed(changes.map((change) => (0,views_text/* phraseToHtml */._C)((0,views_plan/* describeReason */.Gk)(change))), (0,views_text/* phraseToHtml */._C)((0,views_plan/* describeNote */.Mb)(action, changes, plan)));
    const causes = listed(changes.map((change) => (0,views_text/* causeOf */.rl)(change)).map((cause) => (cause === '' ? '' : (0,views_text/* htmlCode */.h8)(cause))));
    return [
        `<tr class="${action}"><td class="act">${(0,views_text/* escapeHtml */.ZD)(views_plan/* actionSign */.Mu[action])} ${action}</td>`,
        `<td>${(0,views_text/* escapeHtml */.ZD)(title)}</td><td class="num">${(0,views_text/* formatNumber */.ZV)(changes.length)}</td>`,
        `<td class="num">${bytes > 0 ? (0,views_text/* formatBytes */.z3)(bytes) : '–'}</td><td>${why}</td><td>${causes}</td></tr>`,
    ].join('');
}
const groups_head = ['Action', 'Images of', 'Images', 'Size', 'Why', 'Asked for in']
    .map((title) => `<th scope="col">${title}</th>`)
    .join('');
function groupsSection(plan) {
    const groups = views_plan/* actionOrder */.xA.flatMap((action) => (0,views_plan/* groupChanges */.tw)(plan, action).map((group) => ({ action, ...group })));
    if (groups.length === 0)
        return undefined;
    const rows = groups.slice(0, maxRows).map((group) => groups_row(plan, group));
    const rest = groups.length - rows.length;
    const more = rest > 0 ? `<p>${(0,views_text/* formatNumber */.ZV)(rest)} more rows are left out here.</p>` : '';
    return section('groups', 'Changes', `<table class="groups"><thead><tr>${groups_head}</tr></thead><tbody>${rows.join('')}</tbody></table>${more}`);
}

// EXTERNAL MODULE: ./build/diagnostic.js
var diagnostic = __webpack_require__(1713);
// EXTERNAL MODULE: ./build/plan/index.js + 25 modules
var build_plan = __webpack_require__(3808);
;// CONCATENATED MODULE: ./build/views/report/notes.js





function code(text) {
    return [(0,views_text/* name */.UU)(text)];
}
const harmWords = {
    danger: 'Risk',
    care: 'Caution',
    note: 'Note',
};
function listHtml(id, title, phrases) {
    if (phrases.length === 0)
        return undefined;
    const items = phrases.map((phrase) => `<li>${(0,views_text/* phraseToHtml */._C)(phrase)}</li>`);
    return section(id, title, `<ul class="plain">${items.join('')}</ul>`);
}
const maxEdits = 30;
function editsSection({ edits }) {
    const rest = edits.length - maxEdits;
    const more = rest > 0 ? [(0,views_text/* say */.cv) `… and ${(0,views_text/* formatCount */.B4)(rest, 'more edit')} in ${code('plan.json')}`] : [];
    return listHtml('why', 'Why', [...edits.slice(0, maxEdits).map(views_text/* describeEdit */.OA), ...more]);
}
function risksHtml(risks) {
    if (risks.length === 0)
        return undefined;
    const items = risks.map(({ harm, text }) => `<li class="${harm}"><b class="tag">${harmWords[harm]}</b><span>${(0,views_text/* phraseToHtml */._C)(text)}</span></li>`);
    return section('risks', 'Before you approve', `<ul class="risks">${items.join('')}</ul>`);
}
function finding(found) {
    const { severity, summary, detail, text, fix, at } = found;
    const place = at ? (0,views_text/* htmlCode */.h8)(`${at.file}:${at.line}:${at.column}`) : '';
    const harm = severity === 'error' ? 'danger' : severity === 'warning' ? 'care' : 'note';
    const body = [
        `<p>${place} <strong>${(0,views_text/* htmlSentence */.hy)(summary)}</strong> ${detail ? (0,views_text/* htmlSentence */.hy)(detail) : ''}</p>`,
        text === undefined ? '' : `<p>Written: ${(0,views_text/* htmlCode */.h8)(text)}</p>`,
        fix ? `<p>${(0,views_plan/* fixLead */.kG)(found)}:</p><pre>${block(fix)}</pre>` : '',
    ].join('');
    return `<li class="${harm}"><b class="tag">${severity}</b><div>${body}</div></li>`;
}
function block(text) {
    return (0,views_text/* escapeHtml */.ZD)(text.trimEnd().split(/\r?\n/).map(views_text/* visible */.RK).join('\n'));
}
function findingsHtml(findings) {
    if (findings.length === 0)
        return undefined;
    const items = (0,diagnostic/* sortDiagnostics */.Ds)(findings).map(finding).join('');
    return section('findings', 'Findings', `<ul class="risks">${items}</ul>`);
}
function factsSection(id, title, facts) {
    const items = facts.map(([term, fact]) => `<dt>${(0,views_text/* escapeHtml */.ZD)(term)}</dt><dd>${(0,views_text/* phraseToHtml */._C)(fact)}</dd>`);
    return section(id, title, `<dl>${items.join('')}</dl>`);
}
function notReceivedHtml(plan) {
    const lines = [...(0,views_plan/* describeNotReceived */.I8)(plan), views_plan/* retireRemedy */.wM];
    if (lines.length === 1)
        return undefined;
    const items = lines.map((line) => `<li>${(0,views_text/* phraseToHtml */._C)(line)}</li>`);
    return section('not-received', 'Not part of this run', `<ul>${items.join('')}</ul>`);
}
function computedSection(plan) {
    const { maxDelete, prune, protect } = plan.options;
    const bound = 'share' in maxDelete ? `${Math.round(maxDelete.share * 100)} %` : `${maxDelete.count}`;
    const lost = (0,build_plan/* countLost */.y9)(plan.changes);
    const deletes = plan.totals.delete;
    const counted = deletes > 0 ? ` (${(0,views_text/* formatCount */.B4)(deletes, 'delete')}, ${lost} without a successor)` : '';
    return factsSection('computed', 'How it was computed', [
        ['Plan', code(plan.digest)],
        ['Commits', (0,views_text/* describeRange */.pC)(plan)],
        ['Tool', (0,views_text/* say */.cv) `${plan.tool}`],
        [
            'Options',
            (0,views_text/* say */.cv) `prune ${prune}, max-delete ${bound}${counted}, ${protect.length} protected patterns`,
        ],
        ...plan.imageSets.map((set) => ['Image set', (0,views_text/* say */.cv) `${code(set.name)} ${code(set.digest)}`]),
    ]);
}

// EXTERNAL MODULE: ./build/base/index.js + 12 modules
var build_base = __webpack_require__(8665);
;// CONCATENATED MODULE: ./build/views/report/graph.js


const spacing = 96;
const margin = 48;
const radius = 9;
function xOf(index) {
    return margin + index * spacing;
}
function riseOf(distance) {
    return 18 + 26 * Math.sqrt(distance);
}
function arc(from, to, y) {
    const [x1, x2] = [xOf(from), xOf(to)];
    const top = y - 2 * riseOf(to - from);
    return `M${x1} ${y - radius - 2} Q${(x1 + x2) / 2} ${top} ${x2} ${y - radius - 2}`;
}
const marks = {
    kept: '',
    new: '<path class="mark" d="M-4 0H4M0 -4V4"/>',
    removed: '<path class="mark" d="M-4 -4L4 4M-4 4L4 -4"/>',
};
function circle({ version, fate }, index, y) {
    return `<g class="${fate}" transform="translate(${xOf(index)} ${y})"><circle r="${radius}"/>${marks[fate]}<text y="28">${(0,views_text/* escapeHtml */.ZD)(version)}</text><text class="word" y="44">${fate}</text></g>`;
}
function drawnEdges(nodes, graph) {
    const indexes = new Map(nodes.map(({ version }, index) => [version, index]));
    const risks = (0,views_plan/* findUpdateRisks */.pi)([graph]);
    const pairs = new Set([...graph.edges.map(([from, to]) => `${from} ${to}`), ...risks.keys()]);
    return [...pairs].flatMap((pair) => {
        const [from, to] = pair.split(' ').map((version) => indexes.get(version));
        if (from === undefined || to === undefined || from >= to)
            return [];
        const isLost = [from, to].some((index) => nodes[index]?.fate === 'removed');
        return [{ from, to, isLost, risks: risks.get(pair) ?? [] }];
    });
}
function edge({ from, to, isLost, risks }, y) {
    const path = arc(from, to, y);
    const lost = isLost ? ' lost' : '';
    if (risks.length === 0)
        return `<path class="edge${lost}" d="${path}"/>`;
    const names = risks.map(({ name }) => (0,views_text/* showName */.$i)(name)).join(', ');
    return `<g><title>${(0,views_text/* escapeHtml */.ZD)(names)}</title><path class="rest" d="${path}"/><path class="edge risky${lost}" d="${path}"/></g>`;
}
function legend(edges) {
    const lines = [
        ...(edges.some(({ risks }) => risks.length > 0)
            ? [
                'Dashed updates have known risks: the update service recommends them only to some clusters, or to none.',
            ]
            : []),
        ...(edges.some(({ isLost }) => isLost) ? ['Faint updates go with a release.'] : []),
    ];
    return lines.length > 0 ? `<p class="soft">${lines.join(' ')}</p>` : '';
}
function renderGraph(title, nodes, graph) {
    const width = 2 * margin + (nodes.length - 1) * spacing;
    const y = Math.ceil(riseOf(nodes.length - 1)) + radius + 12;
    const height = y + 56;
    const label = (0,views_text/* escapeHtml */.ZD)(`Updates in ${title}; the table below says the same`);
    const edges = drawnEdges(nodes, graph);
    const body = [
        ...edges.map((one) => edge(one, y)),
        ...nodes.map((node, index) => circle(node, index, y)),
    ].join('');
    return `<div class="graph" role="region" tabindex="0" aria-label="${label}"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">${body}</svg></div>${legend(edges)}`;
}

;// CONCATENATED MODULE: ./build/views/report/releases.js






const maxDrawn = 24;
const maxListed = 6;
const maxExplained = 50;
function releasesOf({ releases }) {
    const of = (fate) => (id) => ({ id, fate });
    return [
        ...releases.kept.map(of('kept')),
        ...releases.removed.map(of('removed')),
        ...releases.added.map(of('new')),
    ].sort((a, b) => (0,build_plan/* compareReleaseTexts */.x3)(a.id.version, b.id.version));
}
function releasesIn({ versions, architecture }, releases) {
    const known = new Set(versions);
    return releases.filter(({ id }) => id.architecture === architecture && known.has(id.version));
}
function leadingFrom(nodes, pairs) {
    const ways = Map.groupBy(pairs, ([, to]) => to);
    const leading = new Map();
    for (const { version: to, fate } of nodes.toReversed()) {
        for (const [from] of fate === 'removed' ? [] : (ways.get(to) ?? [])) {
            leading.set(from, (leading.get(from) ?? new Set()).add(to));
        }
    }
    return leading;
}
function listRisky(versions, risksTo) {
    const groups = Map.groupBy(versions.slice(0, maxListed), (to) => (0,views_text/* phraseToHtml */._C)((0,views_text/* joinPhrases */.Zk)((0,views_plan/* decisiveRisks */.PP)(risksTo(to)).map((risk) => [(0,views_text/* name */.UU)(risk.name)]), ', ')));
    const shown = [...groups].map(([risks, same]) => `${(0,views_text/* escapeHtml */.ZD)(same.join(', '))}: ${risks}`);
    const more = versions.length - maxListed;
    return [...shown, ...(more > 0 ? [`${more} more`] : [])].join('<br>') || '–';
}
function tableRow(cells) {
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}
function releases_table(nodes, { edges, conditional = [] }) {
    const risks = (0,views_plan/* findUpdateRisks */.pi)([{ conditional }]);
    const free = leadingFrom(nodes, edges.filter(([from, to]) => !risks.has(`${from} ${to}`)));
    const risky = leadingFrom(nodes, conditional.flatMap((group) => group.edges));
    const rows = nodes.map(({ version, fate }) => {
        const open = (0,build_base/* listNames */.Zv)([...(free.get(version) ?? [])], maxListed) || '–';
        const shown = `<span class="fate ${fate}">${fate}</span>`;
        const cells = [(0,views_text/* escapeHtml */.ZD)(version), shown, (0,views_text/* escapeHtml */.ZD)(open)];
        if (risky.size === 0)
            return tableRow(cells);
        const risksTo = (to) => risks.get(`${version} ${to}`) ?? [];
        return tableRow([...cells, listRisky([...(risky.get(version) ?? [])], risksTo)]);
    });
    const last = risky.size === 0 ? '' : '<th scope="col">With known risks to</th>';
    return `<table class="updates"><thead><tr><th scope="col">Release</th><th scope="col">After the plan</th><th scope="col">Can be updated to</th>${last}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
function channel(graph, releases) {
    const nodes = releases.map(({ id, fate }) => ({ version: id.version, fate }));
    if (nodes.length === 0)
        return '';
    const title = `${graph.channel} · ${graph.architecture}`;
    const drawn = nodes.length > 1 && nodes.length <= maxDrawn;
    const drawing = drawn ? renderGraph(title, nodes, graph) : '';
    return `<h3>${(0,views_text/* escapeHtml */.ZD)(title)}</h3>${drawing}${releases_table(nodes, graph)}`;
}
function explain({ name: called, message, url, always }) {
    const whose = always ? 'Every cluster has it.' : 'Each cluster finds out whether it has it.';
    const text = (0,views_text/* say */.cv) `${(0,views_text/* textSentence */.DU)(message)} ${whose} ${url === '' ? [] : [(0,views_text/* name */.UU)(url)]}`;
    return `<dt>${(0,views_text/* htmlCode */.h8)(called)}</dt><dd>${(0,views_text/* phraseToHtml */._C)(text)}</dd>`;
}
function riskList(graphs) {
    const risks = (0,views_plan/* uniqueRisks */.g0)(graphs.flatMap(({ conditional = [] }) => conditional.flatMap((group) => group.risks)));
    if (risks.length === 0)
        return [];
    const rest = risks.length - maxExplained;
    const more = rest > 0 ? `<p class="soft">plan.json has ${rest} more.</p>` : '';
    const list = risks.slice(0, maxExplained).map(explain).join('');
    return [`<h3>Known risks of updates</h3><dl>${list}</dl>${more}`];
}
function releasesSection(plan) {
    const releases = releasesOf(plan);
    const drawn = plan.graphs.map((graph) => ({ graph, found: releasesIn(graph, releases) }));
    const known = new Set(drawn.flatMap(({ found }) => found));
    const others = releases.filter((release) => !known.has(release));
    const channels = drawn
        .map(({ graph, found }) => channel(graph, found))
        .filter((one) => one !== '');
    if (others.length > 0) {
        const nodes = others.map(({ id, fate }) => ({
            version: `${id.version} ${id.architecture}`,
            fate,
        }));
        channels.push(`<h3>Without an update graph</h3>${releases_table(nodes, { edges: [] })}`);
    }
    channels.push(...riskList(plan.graphs));
    return channels.length > 0 ? section('releases', 'Releases', channels.join('')) : undefined;
}

// EXTERNAL MODULE: ./node_modules/d3-hierarchy/dist/d3-hierarchy.mjs
var d3_hierarchy = __webpack_require__(7373);
;// CONCATENATED MODULE: ./build/views/report/treemap.js




const maxAreas = 40;
const width = 600;
const height = 300;
const shared = 'Shared by several';
function isThere({ action }) {
    return action !== 'mirror' && action !== 'retag';
}
function stays({ action }) {
    return action !== 'delete';
}
function contentsOf(plan) {
    const titleOf = (0,views_plan/* changeGroup */.eK)(plan);
    const found = new Map();
    for (const change of plan.changes) {
        const { digest, size } = change;
        const content = found.get(digest) ?? { size, titles: new Set(), now: false, after: false };
        content.titles.add(titleOf(change));
        content.now ||= isThere(change);
        content.after ||= stays(change);
        found.set(digest, content);
    }
    return [...found.values()];
}
function sharesOf(plan) {
    const sums = new Map();
    for (const { size, titles, now, after } of contentsOf(plan)) {
        const title = titles.size > 1 ? shared : ([...titles][0] ?? shared);
        const sum = sums.get(title) ?? { now: 0, after: 0 };
        if (now)
            sum.now += size;
        if (after)
            sum.after += size;
        sums.set(title, sum);
    }
    return [...sums]
        .map(([title, sum]) => ({ title, ...sum }))
        .filter(({ now, after }) => now + after > 0)
        .sort((a, b) => b.now + b.after - a.now - a.after || (a.title < b.title ? -1 : 1));
}
function foldSmall(shares) {
    if (shares.length <= maxAreas)
        return shares;
    const rest = shares.slice(maxAreas - 1);
    const sum = (of) => rest.reduce((total, one) => total + of(one), 0);
    const title = `${rest.length} others`;
    return [
        ...shares.slice(0, maxAreas - 1),
        { title, now: sum(({ now }) => now), after: sum(({ after }) => after) },
    ];
}
function draw({ x0, x1, y0, y1, data }) {
    const { title, bytes, fate } = data;
    const [w, h] = [x1 - x0, y1 - y0];
    const fitting = [title, ...(title === shared ? ['Shared'] : [])].find((text) => w > text.length * 7 + 12 && h > 40);
    const words = fitting
        ? `<text x="8" y="1.5em">${(0,views_text/* escapeHtml */.ZD)(fitting)}</text><text class="word" x="8" y="2.9em">${(0,views_text/* formatBytes */.z3)(bytes)}</text>`
        : '';
    return `<svg class="${fate}" x="${x0.toFixed(1)}" y="${y0.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}"><title>${(0,views_text/* escapeHtml */.ZD)(title)}: ${(0,views_text/* formatBytes */.z3)(bytes)}</title><rect width="100%" height="100%" rx="3"/>${words}</svg>`;
}
function drawing(label, areas, whole) {
    const total = areas.reduce((sum, { bytes }) => sum + bytes, 0);
    const title = `${label}: ${(0,views_text/* formatBytes */.z3)(total)}`;
    const caption = `<figcaption>${(0,views_text/* escapeHtml */.ZD)(title)}</figcaption>`;
    if (areas.length === 0)
        return `<figure class="treemap">${caption}</figure>`;
    const tall = Math.max(1, Math.round((height * total) / Math.max(1, whole)));
    const root = (0,d3_hierarchy/* hierarchy */.Sk)({ children: areas }).sum((node) => ('bytes' in node ? node.bytes : 0));
    const leaves = (0,d3_hierarchy/* treemap */.hk)()
        .size([width, tall])
        .padding(2)(root)
        .leaves()
        .map((leaf) => draw(leaf));
    return `<figure class="treemap">${caption}<svg viewBox="0 0 ${width} ${tall}" aria-hidden="true">${leaves.join('')}</svg></figure>`;
}
function treemap_row({ title, now, after }) {
    const change = after - now;
    const sign = change > 0 ? '+' : '−';
    const difference = change === 0 ? '–' : `${sign}${(0,views_text/* formatBytes */.z3)(Math.abs(change))}`;
    const cells = [(0,views_text/* formatBytes */.z3)(now), (0,views_text/* formatBytes */.z3)(after), difference];
    return `<tr><td>${(0,views_text/* escapeHtml */.ZD)(title)}</td>${cells.map((cell) => `<td class="num">${cell}</td>`).join('')}</tr>`;
}
function sizeSection(plan) {
    const shares = foldSmall(sharesOf(plan));
    if (shares.length === 0)
        return undefined;
    const areas = (when) => shares
        .filter((share) => share[when] > 0)
        .map((share) => {
        const other = share[when === 'now' ? 'after' : 'now'];
        const fate = other > 0 ? 'kept' : when === 'now' ? 'removed' : 'new';
        return { title: share.title, bytes: share[when], fate };
    });
    const total = (when) => areas(when).reduce((sum, { bytes }) => sum + bytes, 0);
    const whole = Math.max(total('now'), total('after'));
    const drawings = `<div class="treemaps">${drawing('Now', areas('now'), whole)}${drawing('After', areas('after'), whole)}</div>`;
    const head = '<tr><th scope="col">Images of</th><th scope="col" class="num">Now</th><th scope="col" class="num">After</th><th scope="col" class="num">Change</th></tr>';
    const note = '<p class="soft">Each image counts once, with all its layers; layers that several images share count for each.</p>';
    return section('size', 'Size', `${drawings}<table><thead>${head}</thead><tbody>${shares.map(treemap_row).join('')}</tbody></table>${note}`);
}

;// CONCATENATED MODULE: ./build/views/report/plan-report.js








function renderReport(planned) {
    const plan = (0,views_plan/* shownPlan */.vJ)(planned);
    return renderPage({
        title: 'Mirror plan',
        target: (0,views_plan/* targetName */.je)(plan),
        headline: [...(0,views_plan/* describePlan */.df)(plan), ...(0,views_plan/* describeAttached */.wH)(plan)],
        tiles: (0,views_plan/* describeTotals */.xJ)(plan).map(({ action, ...row }) => ({
            label: action,
            tone: action,
            ...row,
        })),
        before: [
            risksHtml((0,views_plan/* findRisks */.ev)(plan)),
            findingsHtml(plan.diagnostics),
            editsSection(plan),
            releasesSection(plan),
            sizeSection(plan),
            groupsSection(plan),
        ],
        rows: listRows(plan),
        after: [operatorsHtml(plan), resourcesHtml(plan), notReceivedHtml(plan), computedSection(plan)],
    });
}

// EXTERNAL MODULE: ./build/views/result/index.js + 7 modules
var views_result = __webpack_require__(4130);
;// CONCATENATED MODULE: ./build/views/report/result-report.js







const tones = {
    mirrored: 'mirror',
    deleted: 'delete',
    untagged: 'untag',
    signatures: 'plain',
    held: 'hold',
    skipped: 'plain',
    failed: 'failed',
};
function tiles(result) {
    const { bytesSent } = result.traffic;
    const counts = Object.entries((0,views_result/* countOutcomes */.XF)(result)).filter(([, count]) => count > 0);
    return counts.map(([label, count]) => ({
        label,
        tone: tones[label],
        count,
        size: label === 'mirrored' && bytesSent > 0 ? `${(0,views_text/* formatBytes */.z3)(bytesSent)} sent` : '–',
        note: [],
    }));
}
function rows(result) {
    const outcomes = new Map(result.outcomes.map((outcome) => [(0,views_plan/* placeName */.fW)(outcome.change), outcome]));
    return listRows((0,views_plan/* shownPlan */.vJ)(result.plan)).map((row) => {
        const outcome = outcomes.get((0,views_plan/* placeName */.fW)(row.change));
        return { ...row, outcome: outcome ? (0,views_result/* describeOutcome */.SS)(outcome) : (0,views_text/* say */.cv) `–` };
    });
}
function failures(result) {
    return (0,views_result/* failuresOf */.dJ)(result).map((one) => (0,views_text/* say */.cv) `${(0,views_text/* name */.UU)((0,views_plan/* placeName */.fW)(one.change))} ${(0,views_result/* describeOutcome */.SS)(one)}`);
}
function effort(result) {
    const { requests, writes, retries, bytesReceived, bytesSent } = result.traffic;
    const facts = [
        [
            'Time',
            (0,views_text/* say */.cv) `${(0,views_text/* formatDuration */.a3)((0,views_result/* elapsedMs */.d5)(result))}, from ${result.startedAt} to ${result.endedAt}`,
        ],
        [
            'Requests',
            (0,views_text/* say */.cv) `${requests}, of these ${(0,views_text/* formatCount */.B4)(writes, 'write')} and ${(0,views_text/* formatCount */.B4)(retries, 'retry', 'retries')}`,
        ],
        ['Bytes', (0,views_text/* say */.cv) `${(0,views_text/* formatBytes */.z3)(bytesReceived)} received, ${(0,views_text/* formatBytes */.z3)(bytesSent)} sent`],
        ['Verified', (0,views_text/* say */.cv) `${(0,views_text/* formatCount */.B4)(result.verified, 'image')}`],
    ];
    return factsSection('effort', 'What it took', facts);
}
function undo(result) {
    if (!(0,views_result/* isUndoable */.$s)(result))
        return [];
    const command = (0,views_text/* name */.UU)(`imageset-mirror restore --undo ${result.run}`);
    return [
        (0,views_text/* say */.cv) `Undo: ${command}, or the action with ${(0,views_text/* name */.UU)('command: restore')} and ${(0,views_text/* name */.UU)(`undo: ${result.run}`)}.`,
    ];
}
function renderResultReport(result) {
    const { plan, notes } = result;
    return renderPage({
        title: 'Mirror result',
        target: (0,views_plan/* targetName */.je)(plan),
        headline: [...(0,views_result/* describeResult */.dy)(result), ...undo(result)],
        tiles: tiles(result),
        before: [
            listHtml('failed', 'Failed', failures(result)),
            listHtml('note', 'Notes', notes.map((note) => (0,views_text/* say */.cv) `${(0,views_text/* textSentence */.DU)(note)}`)),
            findingsHtml(plan.diagnostics),
        ],
        rows: rows(result),
        after: [releasesSection(plan), effort(result), computedSection(plan)],
    });
}

;// CONCATENATED MODULE: ./build/views/report/index.js




/***/ })

};
