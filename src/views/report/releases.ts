import { listNames } from '../../base/index.ts';
import type { ReleaseId } from '../../imageset/index.ts';
import { compareReleaseTexts, type Plan } from '../../plan/index.ts';
import type { ChannelGraph, UpdateRisk } from '../../release/index.ts';
import { decisiveRisks, findUpdateRisks, uniqueRisks } from '../plan/index.ts';
import {
  escapeHtml,
  htmlCode,
  joinPhrases,
  name,
  phraseToHtml,
  say,
  textSentence,
} from '../text/index.ts';
import { type DrawnNode, type ReleaseFate, renderGraph } from './graph.ts';
import { type PageSection, section } from './page.ts';

/** The most releases that a drawing shows; more would be unreadable. */
const maxDrawn = 24;

/** Versions that a cell lists. */
const maxListed = 6;

/** Risks of updates that are explained; a channel of two minors has some twenty. */
const maxExplained = 50;

type Updates = Pick<ChannelGraph, 'edges' | 'conditional'>;

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

/** The updates from each release to others that are there after the plan, the highest first. */
type Leading = ReadonlyMap<string, ReadonlySet<string>>;

function leadingFrom(nodes: readonly DrawnNode[], pairs: ChannelGraph['edges']): Leading {
  const ways = Map.groupBy(pairs, ([, to]) => to);
  const leading = new Map<string, Set<string>>();
  // The highest version first: so each version's updates are listed.
  for (const { version: to, fate } of nodes.toReversed()) {
    for (const [from] of fate === 'removed' ? [] : (ways.get(to) ?? [])) {
      leading.set(from, (leading.get(from) ?? new Set()).add(to));
    }
  }
  return leading;
}

/** Lists updates with the risks that decide about them; those of the same risks stand together. */
function listRisky(versions: readonly string[], risksTo: (to: string) => readonly UpdateRisk[]) {
  const groups = Map.groupBy(versions.slice(0, maxListed), (to) =>
    phraseToHtml(
      joinPhrases(
        decisiveRisks(risksTo(to)).map((risk) => [name(risk.name)]),
        ', ',
      ),
    ),
  );
  const shown = [...groups].map(([risks, same]) => `${escapeHtml(same.join(', '))}: ${risks}`);
  const more = versions.length - maxListed;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join('<br>') || '–';
}

function tableRow(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function table(nodes: readonly DrawnNode[], { edges, conditional = [] }: Updates): string {
  const risks = findUpdateRisks([{ conditional }]);
  const free = leadingFrom(
    nodes,
    edges.filter(([from, to]) => !risks.has(`${from} ${to}`)),
  );
  const risky = leadingFrom(
    nodes,
    conditional.flatMap((group) => group.edges),
  );
  const rows = nodes.map(({ version, fate }) => {
    const open = listNames([...(free.get(version) ?? [])], maxListed) || '–';
    const shown = `<span class="fate ${fate}">${fate}</span>`;
    const cells = [escapeHtml(version), shown, escapeHtml(open)];
    if (risky.size === 0) return tableRow(cells);
    const risksTo = (to: string) => risks.get(`${version} ${to}`) ?? [];
    return tableRow([...cells, listRisky([...(risky.get(version) ?? [])], risksTo)]);
  });
  const last = risky.size === 0 ? '' : '<th scope="col">With known risks to</th>';
  return `<table class="updates"><thead><tr><th scope="col">Release</th><th scope="col">After the plan</th><th scope="col">Can be updated to</th>${last}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function channel(graph: ChannelGraph, releases: readonly Release[]): string {
  const nodes = releases.map(({ id, fate }) => ({ version: id.version, fate }));
  if (nodes.length === 0) return '';
  const title = `${graph.channel} · ${graph.architecture}`;
  const drawn = nodes.length > 1 && nodes.length <= maxDrawn;
  const drawing = drawn ? renderGraph(title, nodes, graph) : '';
  return `<h3>${escapeHtml(title)}</h3>${drawing}${table(nodes, graph)}`;
}

function explain({ name: called, message, url, always }: UpdateRisk): string {
  const whose = always ? 'Every cluster has it.' : 'Each cluster finds out whether it has it.';
  const text = say`${textSentence(message)} ${whose} ${url === '' ? [] : [name(url)]}`;
  return `<dt>${htmlCode(called)}</dt><dd>${phraseToHtml(text)}</dd>`;
}

/** Explains the known risks of the updates in all channels. */
function riskList(graphs: readonly ChannelGraph[]): string[] {
  const risks = uniqueRisks(
    graphs.flatMap(({ conditional = [] }) => conditional.flatMap((group) => group.risks)),
  );
  if (risks.length === 0) return [];
  const rest = risks.length - maxExplained;
  const more = rest > 0 ? `<p class="soft">plan.json has ${rest} more.</p>` : '';
  const list = risks.slice(0, maxExplained).map(explain).join('');
  return [`<h3>Known risks of updates</h3><dl>${list}</dl>${more}`];
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
    channels.push(`<h3>Without an update graph</h3>${table(nodes, { edges: [] })}`);
  }
  channels.push(...riskList(plan.graphs));
  return channels.length > 0 ? section('releases', 'Releases', channels.join('')) : undefined;
}
