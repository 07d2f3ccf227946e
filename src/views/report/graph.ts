import type { ChannelGraph, UpdateRisk } from '../../release/index.ts';
import { findUpdateRisks } from '../plan/index.ts';
import { escapeHtml, showName } from '../text/index.ts';

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

/** The fate of an update in a drawing. */
interface DrawnEdge {
  readonly from: number;
  readonly to: number;
  readonly isLost: boolean;
  readonly risks: readonly UpdateRisk[];
}

function drawnEdges(nodes: readonly DrawnNode[], graph: ChannelGraph): DrawnEdge[] {
  const indexes = new Map(nodes.map(({ version }, index) => [version, index]));
  const risks = findUpdateRisks([graph]);
  const pairs = new Set([...graph.edges.map(([from, to]) => `${from} ${to}`), ...risks.keys()]);
  return [...pairs].flatMap((pair) => {
    const [from, to] = pair.split(' ').map((version) => indexes.get(version));
    if (from === undefined || to === undefined || from >= to) return [];
    const isLost = [from, to].some((index) => nodes[index]?.fate === 'removed');
    return [{ from, to, isLost, risks: risks.get(pair) ?? [] }];
  });
}

/** Draws an update; one with risks says them when a pointer rests on it, for which a line is too thin. */
function edge({ from, to, isLost, risks }: DrawnEdge, y: number): string {
  const path = arc(from, to, y);
  const lost = isLost ? ' lost' : '';
  if (risks.length === 0) return `<path class="edge${lost}" d="${path}"/>`;
  const names = risks.map(({ name }) => showName(name)).join(', ');
  return `<g><title>${escapeHtml(names)}</title><path class="rest" d="${path}"/><path class="edge risky${lost}" d="${path}"/></g>`;
}

function legend(edges: readonly DrawnEdge[]): string {
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

/** Draws releases in a row, lowest first, and the updates between them as arcs from left to right. */
export function renderGraph(
  title: string,
  nodes: readonly DrawnNode[],
  graph: ChannelGraph,
): string {
  const width = 2 * margin + (nodes.length - 1) * spacing;
  const y = Math.ceil(riseOf(nodes.length - 1)) + radius + 12;
  const height = y + 56;
  const label = escapeHtml(`Updates in ${title}; the table below says the same`);
  const edges = drawnEdges(nodes, graph);
  const body = [
    ...edges.map((one) => edge(one, y)),
    ...nodes.map((node, index) => circle(node, index, y)),
  ].join('');
  return `<div class="graph" role="region" tabindex="0" aria-label="${label}"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">${body}</svg></div>${legend(edges)}`;
}
