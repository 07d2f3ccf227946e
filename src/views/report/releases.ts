import { listNames } from '../../base/index.ts';
import type { ReleaseId } from '../../imageset/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { ChannelGraph } from '../../release/index.ts';
import { compareReleaseTexts } from '../plan/index.ts';
import { escapeHtml } from '../text/index.ts';
import { type DrawnNode, type ReleaseFate, renderGraph } from './graph.ts';
import { type PageSection, section } from './page.ts';

/** The most releases that a drawing shows; more would be unreadable. */
const maxDrawn = 24;

/** Versions that a cell lists. */
const maxListed = 6;

interface Release {
  readonly id: ReleaseId;
  readonly fate: ReleaseFate;
}

function releasesOf({ releases }: Plan): Release[] {
  const of =
    (fate: ReleaseFate) =>
    (id: ReleaseId): Release => ({ id, fate });
  return [
    ...releases.kept.map(of('kept')),
    ...releases.removed.map(of('removed')),
    ...releases.added.map(of('new')),
  ].sort((a, b) => compareReleaseTexts(a.id.version, b.id.version));
}

function releasesIn({ versions, architecture }: ChannelGraph, releases: readonly Release[]) {
  const known = new Set(versions);
  return releases.filter(({ id }) => id.architecture === architecture && known.has(id.version));
}

function table(nodes: readonly DrawnNode[], edges: ChannelGraph['edges']): string {
  const ways = Map.groupBy(edges, ([, to]) => to);
  const leading = new Map<string, Set<string>>();
  // The highest version first: so each version's updates are listed.
  for (const { version: to, fate } of nodes.toReversed()) {
    for (const [from] of fate === 'removed' ? [] : (ways.get(to) ?? [])) {
      leading.set(from, (leading.get(from) ?? new Set()).add(to));
    }
  }
  const rows = nodes.map(({ version, fate }) => {
    const updates = listNames([...(leading.get(version) ?? [])], maxListed) || '–';
    return `<tr><td>${escapeHtml(version)}</td><td><span class="fate ${fate}">${fate}</span></td><td>${escapeHtml(updates)}</td></tr>`;
  });
  return `<table><thead><tr><th scope="col">Release</th><th scope="col">After the plan</th><th scope="col">Can be updated to</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function channel(graph: ChannelGraph, releases: readonly Release[]): string {
  const nodes = releases.map(({ id, fate }) => ({ version: id.version, fate }));
  if (nodes.length === 0) return '';
  const title = `${graph.channel} · ${graph.architecture}`;
  const drawn = nodes.length > 1 && nodes.length <= maxDrawn;
  const drawing = drawn ? renderGraph(title, nodes, graph.edges) : '';
  return `<h3>${escapeHtml(title)}</h3>${drawing}${table(nodes, graph.edges)}`;
}

/** Writes the releases of each channel, what becomes of them and which updates lead where; those of no graph last. */
export function releasesSection(plan: Plan): PageSection | undefined {
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
    channels.push(`<h3>Without an update graph</h3>${table(nodes, [])}`);
  }
  return channels.length > 0 ? section('releases', 'Releases', channels.join('')) : undefined;
}
