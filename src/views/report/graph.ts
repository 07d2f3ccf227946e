import type { ChannelGraph } from '../../release/index.ts';
import { escapeHtml } from '../text/index.ts';

/** The fate of a release. */
export type ReleaseFate = 'kept' | 'removed' | 'new';

/** A release in a drawing. */
export interface DrawnNode {
  readonly version: string;
  readonly fate: ReleaseFate;
}

const spacing = 96;
const margin = 48;
const radius = 9;

function xOf(index: number): number {
  return margin + index * spacing;
}

/** How far above its ends an arc rises: longer updates higher, so that arcs do not lie on each other. */
function riseOf(distance: number): number {
  return 18 + 26 * Math.sqrt(distance);
}

function arc(from: number, to: number, y: number): string {
  const [x1, x2] = [xOf(from), xOf(to)];
  // A quadratic curve rises half as high as its control point.
  const top = y - 2 * riseOf(to - from);
  return `M${x1} ${y - radius - 2} Q${(x1 + x2) / 2} ${top} ${x2} ${y - radius - 2}`;
}

const marks: Readonly<Record<ReleaseFate, string>> = {
  kept: '',
  new: '<path class="mark" d="M-4 0H4M0 -4V4"/>',
  removed: '<path class="mark" d="M-4 -4L4 4M-4 4L4 -4"/>',
};

function circle({ version, fate }: DrawnNode, index: number, y: number): string {
  return `<g class="${fate}" transform="translate(${xOf(index)} ${y})"><circle r="${radius}"/>${marks[fate]}<text y="28">${escapeHtml(version)}</text><text class="word" y="44">${fate}</text></g>`;
}

function arcs(nodes: readonly DrawnNode[], edges: ChannelGraph['edges'], y: number): string[] {
  const indexes = new Map(nodes.map(({ version }, index) => [version, index]));
  return edges.flatMap(([from, to]) => {
    const [left, right] = [indexes.get(from), indexes.get(to)];
    if (left === undefined || right === undefined || left >= right) return [];
    const isLost = [left, right].some((index) => nodes[index]?.fate === 'removed');
    return [`<path class="edge${isLost ? ' lost' : ''}" d="${arc(left, right, y)}"/>`];
  });
}

/** Draws releases in a row, lowest first, and the updates between them as arcs from left to right. */
export function renderGraph(
  title: string,
  nodes: readonly DrawnNode[],
  edges: ChannelGraph['edges'],
): string {
  const width = 2 * margin + (nodes.length - 1) * spacing;
  const y = Math.ceil(riseOf(nodes.length - 1)) + radius + 12;
  const height = y + 56;
  const label = escapeHtml(`Updates in ${title}; the table below says the same`);
  const body = [
    ...arcs(nodes, edges, y),
    ...nodes.map((node, index) => circle(node, index, y)),
  ].join('');
  return `<div class="graph" role="region" tabindex="0" aria-label="${label}"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">${body}</svg></div>`;
}
