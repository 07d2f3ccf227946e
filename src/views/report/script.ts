/** Reads the rows, filters and sorts them. */
const scriptRows = String.raw`
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

/** Keeps what the reader chose in the address: `#q=etcd&show=delete,hold&sort=size&down=1&page=2`. */
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

/** Draws one page of rows, and listens to the reader. */
const scriptTable = String.raw`
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

/**
 * The script of a report: it filters, sorts and turns pages.
 *
 * Names only ever become text nodes, so that no name can become markup. It keeps what the reader chose behind the `#` of
 * the address, so that a view can be sent to somebody else.
 */
export const reportScript = `(() => {
'use strict';
const source = document.getElementById('data');
const body = document.querySelector('#changes-table tbody');
if (!source || !body) return;
${scriptRows}
${scriptState}
${scriptTable}
})();`;
