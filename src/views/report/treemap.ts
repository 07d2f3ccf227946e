import { type HierarchyRectangularNode, hierarchy, treemap } from 'd3-hierarchy';
import type { Change, Plan } from '../../plan/index.ts';
import { changeGroup } from '../plan/index.ts';
import { escapeHtml, formatBytes } from '../text/index.ts';
import { type PageSection, section } from './page.ts';

/** Areas that a drawing shows; smaller ones are drawn as one. */
const maxAreas = 40;

const width = 600;
const height = 300;

/** Bytes of the images of one release, operator or kind; images that several of them have stand apart. */
interface Share {
  readonly title: string;
  readonly now: number;
  readonly after: number;
}

const shared = 'Shared by several';

function isThere({ action }: Change): boolean {
  return action !== 'mirror' && action !== 'retag';
}

function stays({ action }: Change): boolean {
  return action !== 'delete';
}

/** The image of one digest: the groups that have it, and whether it is there now and after the plan. */
interface Content {
  readonly size: number;
  readonly titles: Set<string>;
  now: boolean;
  after: boolean;
}

function contentsOf(plan: Plan): readonly Content[] {
  const titleOf = changeGroup(plan);
  const found = new Map<string, Content>();
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

/** Adds up the bytes of images by release, operator and kind, the largest first; each digest counts once. */
export function sharesOf(plan: Plan): readonly Share[] {
  const sums = new Map<string, { now: number; after: number }>();
  for (const { size, titles, now, after } of contentsOf(plan)) {
    const title = titles.size > 1 ? shared : ([...titles][0] ?? shared);
    const sum = sums.get(title) ?? { now: 0, after: 0 };
    if (now) sum.now += size;
    if (after) sum.after += size;
    sums.set(title, sum);
  }
  return [...sums]
    .map(([title, sum]) => ({ title, ...sum }))
    .filter(({ now, after }) => now + after > 0)
    .sort((a, b) => b.now + b.after - a.now - a.after || (a.title < b.title ? -1 : 1));
}

function foldSmall(shares: readonly Share[]): readonly Share[] {
  if (shares.length <= maxAreas) return shares;
  const rest = shares.slice(maxAreas - 1);
  const sum = (of: (share: Share) => number) => rest.reduce((total, one) => total + of(one), 0);
  const title = `${rest.length} others`;
  return [
    ...shares.slice(0, maxAreas - 1),
    { title, now: sum(({ now }) => now), after: sum(({ after }) => after) },
  ];
}

interface Area {
  readonly title: string;
  readonly bytes: number;
  readonly fate: 'kept' | 'removed' | 'new';
}

function draw({ x0, x1, y0, y1, data }: HierarchyRectangularNode<Area>): string {
  const { title, bytes, fate } = data;
  const [w, h] = [x1 - x0, y1 - y0];
  const fitting = [title, ...(title === shared ? ['Shared'] : [])].find(
    (text) => w > text.length * 7 + 12 && h > 40,
  );
  const words = fitting
    ? `<text x="8" y="1.5em">${escapeHtml(fitting)}</text><text class="word" x="8" y="2.9em">${formatBytes(bytes)}</text>`
    : '';
  // An inner drawing cuts off what is larger than its area: a phone shows larger letters.
  return `<svg class="${fate}" x="${x0.toFixed(1)}" y="${y0.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}"><title>${escapeHtml(title)}: ${formatBytes(bytes)}</title><rect width="100%" height="100%" rx="3"/>${words}</svg>`;
}

/** Draws areas in a box whose height is their part of `whole`, so that two drawings can be compared. */
function drawing(label: string, areas: readonly Area[], whole: number): string {
  const total = areas.reduce((sum, { bytes }) => sum + bytes, 0);
  const title = `${label}: ${formatBytes(total)}`;
  const caption = `<figcaption>${escapeHtml(title)}</figcaption>`;
  if (areas.length === 0) return `<figure class="treemap">${caption}</figure>`;
  const tall = Math.max(1, Math.round((height * total) / Math.max(1, whole)));
  const root = hierarchy<Area | { readonly children: readonly Area[] }>({ children: areas }).sum(
    (node) => ('bytes' in node ? node.bytes : 0),
  );
  const leaves = treemap<Area | { readonly children: readonly Area[] }>()
    .size([width, tall])
    .padding(2)(root)
    .leaves()
    .map((leaf) => draw(leaf as HierarchyRectangularNode<Area>));
  return `<figure class="treemap">${caption}<svg viewBox="0 0 ${width} ${tall}" aria-hidden="true">${leaves.join('')}</svg></figure>`;
}

function row({ title, now, after }: Share): string {
  const change = after - now;
  const sign = change > 0 ? '+' : '−';
  const difference = change === 0 ? '–' : `${sign}${formatBytes(Math.abs(change))}`;
  const cells = [formatBytes(now), formatBytes(after), difference];
  return `<tr><td>${escapeHtml(title)}</td>${cells.map((cell) => `<td class="num">${cell}</td>`).join('')}</tr>`;
}

/** Writes the sizes of the groups in the target now and after the plan, as drawings and as a table. */
export function sizeSection(plan: Plan): PageSection | undefined {
  const shares = foldSmall(sharesOf(plan));
  if (shares.length === 0) return undefined;
  const areas = (when: 'now' | 'after'): Area[] =>
    shares
      .filter((share) => share[when] > 0)
      .map((share) => {
        const other = share[when === 'now' ? 'after' : 'now'];
        const fate = other > 0 ? 'kept' : when === 'now' ? 'removed' : 'new';
        return { title: share.title, bytes: share[when], fate };
      });
  const total = (when: 'now' | 'after') => areas(when).reduce((sum, { bytes }) => sum + bytes, 0);
  const whole = Math.max(total('now'), total('after'));
  const drawings = `<div class="treemaps">${drawing('Now', areas('now'), whole)}${drawing('After', areas('after'), whole)}</div>`;
  const head =
    '<tr><th scope="col">Images of</th><th scope="col" class="num">Now</th><th scope="col" class="num">After</th><th scope="col" class="num">Change</th></tr>';
  const note =
    '<p class="soft">Each image counts once, with all its layers; layers that several images share count for each.</p>';
  return section(
    'size',
    'Size',
    `${drawings}<table><thead>${head}</thead><tbody>${shares.map(row).join('')}</tbody></table>${note}`,
  );
}
