import type { ChannelGraph, ReleaseId } from '../../imageset/index.ts';
import type { Plan } from '../../plan/index.ts';
import { compareReleaseTexts } from '../plan/index.ts';
import { escapeHtml } from '../text/index.ts';
import { type DrawnNode, type ReleaseFate, renderGraph } from './graph.ts';
import { section } from './page.ts';

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

function nodesOf(
  { versions, architecture }: ChannelGraph,
  releases: readonly Release[],
): DrawnNode[] {
  const known = new Set(versions);
  return releases
    .filter(({ id }) => id.architecture === architecture && known.has(id.version))
    .map(({ id, fate }) => ({ version: id.version, fate }));
}

function updatesOf(version: string, edges: ChannelGraph['edges'], staying: ReadonlySet<string>) {
  const found = edges.filter(([from, to]) => from === version && staying.has(to));
  const versions = [...new Set(found.map(([, to]) => to))].sort(compareReleaseTexts).reverse();
  const more = versions.length - maxListed;
  const shown = versions.slice(0, maxListed).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown || '–';
}

function table(nodes: readonly DrawnNode[], edges: ChannelGraph['edges']): string {
  const staying = new Set(
    nodes.filter(({ fate }) => fate !== 'removed').map(({ version }) => version),
  );
  const rows = nodes.map(({ version, fate }) => {
    const updates = updatesOf(version, edges, staying);
    return `<tr><td>${escapeHtml(version)}</td><td><span class="fate ${fate}">${fate}</span></td><td>${escapeHtml(updates)}</td></tr>`;
  });
  return `<table><thead><tr><th scope="col">Release</th><th scope="col"></th><th scope="col">can be updated to</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function channel(graph: ChannelGraph, releases: readonly Release[]): string {
  const nodes = nodesOf(graph, releases);
  if (nodes.length === 0) return '';
  const title = `${graph.channel} · ${graph.architecture}`;
  const drawn = nodes.length > 1 && nodes.length <= maxDrawn;
  const drawing = drawn ? renderGraph(title, nodes, graph.edges) : '';
  return `<h3>${escapeHtml(title)}</h3>${drawing}${table(nodes, graph.edges)}`;
}

/** Writes the releases of each channel, what becomes of them and which updates lead where; those of no graph last. */
export function releasesSection(plan: Plan): string {
  const releases = releasesOf(plan);
  const drawn = (release: Release) =>
    plan.graphs.some((graph) => nodesOf(graph, [release]).length > 0);
  const others = releases.filter((release) => !drawn(release));
  const channels = plan.graphs.map((graph) => channel(graph, releases)).filter((one) => one !== '');
  if (others.length > 0) {
    const nodes = others.map(({ id, fate }) => ({
      version: `${id.version} ${id.architecture}`,
      fate,
    }));
    channels.push(`<h3>Without an update graph</h3>${table(nodes, [])}`);
  }
  return channels.length > 0 ? section('releases', 'Releases', channels.join('')) : '';
}
