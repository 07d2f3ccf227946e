/** Keeps what the reader chose in the address: `#q=etcd&show=delete,hold&sort=size&down=1&page=2`. */
export const scriptState = `
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
