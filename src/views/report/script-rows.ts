/** Reads the rows, filters and sorts them. */
export const scriptRows = String.raw`
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
